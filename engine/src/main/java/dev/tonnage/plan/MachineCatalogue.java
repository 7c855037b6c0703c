package dev.tonnage.plan;

import dev.tonnage.error.BadFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Machines that are known by name, each with every size of memory it was sold with. */
public final class MachineCatalogue {

  /**
   * Machines of a kind as a catalogue's file has them.
   *
   * @param name to ask for them, with a size behind it
   * @param title for people
   * @param bandwidthGbPerS what memory gives at most, in 10^9 bytes a second
   * @param memoryGib sizes that were sold, in 2^30 bytes
   * @param gpuLimitGib of a size, what a graphics processor may use of it
   * @param source where the numbers were read
   * @param date when
   */
  public record Entry(
      String name,
      String title,
      double bandwidthGbPerS,
      List<Integer> memoryGib,
      Map<Integer, Double> gpuLimitGib,
      String source,
      String date) {}

  private final Map<String, CataloguedMachine> machines = new LinkedHashMap<>();

  private MachineCatalogue() {}

  /** The program's own. */
  public static MachineCatalogue own() {
    var catalogue = new MachineCatalogue();
    catalogue.add("machines.json", Catalogues.own("machines.json"));
    return catalogue;
  }

  /**
   * Adds machines, or replaces those of the same name.
   *
   * @param where for messages
   * @param json an array of {@link Entry}
   * @throws BadFile for what is no such array, has other keys, or lacks some
   */
  public void add(String where, byte[] json) {
    for (Entry entry : Catalogues.read(where, json, Entry.class)) {
      if (!(entry.bandwidthGbPerS() > 0) || entry.memoryGib().isEmpty()) {
        throw new BadFile(
            where + ": " + entry.name(), "a bandwidth and sizes", "none", "correct the catalogue");
      }
      for (int gib : entry.memoryGib()) {
        String name = entry.name() + "-" + gib;
        machines.put(
            name,
            new CataloguedMachine(
                name,
                entry.title(),
                Math.round(entry.bandwidthGbPerS() * 1e9),
                (long) gib << 30,
                Math.round(entry.gpuLimitGib().getOrDefault(gib, 0.0) * (1L << 30)),
                entry.source() + ", " + entry.date()));
      }
    }
  }

  /** All, as they stand in the catalogue. */
  public List<CataloguedMachine> machines() {
    return List.copyOf(machines.values());
  }

  /**
   * A machine by its name.
   *
   * @throws dev.tonnage.error.BadRequest for one that is not known, with the nearest names
   */
  public CataloguedMachine machine(String name) {
    CataloguedMachine machine = machines.get(name);
    if (machine == null) {
      throw Catalogues.unknown("machine", name, machines.keySet());
    }
    return machine;
  }
}
