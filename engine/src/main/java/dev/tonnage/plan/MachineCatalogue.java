package dev.tonnage.plan;

import dev.tonnage.error.BadFile;
import dev.tonnage.plan.CataloguedMachine.Graphics;
import dev.tonnage.plan.CataloguedMachine.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Machines that are known by name, each with every size of memory it was sold with. */
public final class MachineCatalogue {

  /**
   * Machines of a kind as a catalogue's file has them.
   *
   * @param name to ask for them, with a size behind it
   * @param title for people
   * @param graphics what other engines compute with, beside its cores
   * @param cores of the processor; 0 for a card that is no machine alone
   * @param memoryGib sizes that were sold, in 2^30 bytes
   * @param numbers what is known of all of them, the bandwidth at least
   * @param gpuLimitGib of a size, what a graphics processor may use of it, in 2^30 bytes
   * @param sold where the sizes were read, and when
   */
  public record Entry(
      String name,
      String title,
      Graphics graphics,
      int cores,
      List<Integer> memoryGib,
      Map<Quantity, Fact> numbers,
      Map<Integer, Fact> gpuLimitGib,
      List<String> sold) {}

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
      requireUsable(where + ": " + entry.name(), entry);
      for (int gib : entry.memoryGib()) {
        String name = entry.name() + "-" + gib;
        machines.put(
            name,
            new CataloguedMachine(
                name,
                entry.title(),
                entry.graphics(),
                entry.cores(),
                (long) gib << 30,
                Optional.ofNullable(entry.gpuLimitGib().get(gib)),
                entry.numbers(),
                String.join(", ", entry.sold())));
      }
    }
  }

  private static void requireUsable(String where, Entry entry) {
    List<Fact> facts = new ArrayList<>(entry.numbers().values());
    facts.addAll(entry.gpuLimitGib().values());
    boolean isUsable =
        entry.numbers().containsKey(Quantity.BANDWIDTH_GB_PER_S)
            && !entry.memoryGib().isEmpty()
            && entry.memoryGib().stream().allMatch(gib -> gib > 0)
            && facts.stream().allMatch(fact -> fact.value() > 0 && Double.isFinite(fact.value()))
            && entry.cores() >= 0
            && (entry.cores() > 0 || entry.graphics() != Graphics.NONE);
    if (!isUsable) {
      throw new BadFile(
          where,
          "a bandwidth, sizes, and cores or graphics, all above 0",
          entry + "",
          "correct the catalogue");
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
