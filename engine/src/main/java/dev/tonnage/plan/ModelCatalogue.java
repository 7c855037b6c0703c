package dev.tonnage.plan;

import dev.tonnage.error.BadFile;
import dev.tonnage.file.KnownMetadata;
import dev.tonnage.file.Metadata.Flag;
import dev.tonnage.file.Metadata.Int;
import dev.tonnage.file.Metadata.Real;
import dev.tonnage.file.Metadata.Text;
import dev.tonnage.file.Metadata.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models that are known by name. */
public final class ModelCatalogue {

  /**
   * A model as a catalogue's file has it.
   *
   * @param name to ask for it
   * @param title for people
   * @param source where its numbers were read
   * @param date when
   * @param architecture as GGUF files call it
   * @param vocabulary tokens
   * @param tied whether the embedding is the output, too
   * @param keys as in GGUF files of the model, without the architecture in front
   */
  public record Entry(
      String name,
      String title,
      String source,
      String date,
      String architecture,
      int vocabulary,
      boolean tied,
      Map<String, Object> keys) {}

  private final Map<String, CataloguedModel> models = new LinkedHashMap<>();

  private ModelCatalogue() {}

  /** The program's own. */
  public static ModelCatalogue own() {
    var catalogue = new ModelCatalogue();
    catalogue.add("models.json", Catalogues.own("models.json"));
    return catalogue;
  }

  /**
   * Adds models, or replaces those of the same name.
   *
   * @param where for messages
   * @param json an array of {@link Entry}
   * @throws BadFile for what is no such array, has other keys, or lacks some
   */
  public void add(String where, byte[] json) {
    for (Entry entry : Catalogues.read(where, json, Entry.class)) {
      models.put(entry.name(), model(where, entry));
    }
  }

  private static CataloguedModel model(String where, Entry entry) {
    Map<String, Value> values = new LinkedHashMap<>();
    values.put("general.architecture", new Text(entry.architecture()));
    String place = where + ": " + entry.name();
    entry
        .keys()
        .forEach((key, value) ->
            values.put(entry.architecture() + "." + key, value(place + ": " + key, value)));
    return new CataloguedModel(
        entry.name(),
        entry.title(),
        entry.source() + ", " + entry.date(),
        new KnownMetadata(place, values),
        entry.vocabulary(),
        entry.tied());
  }

  private static Value value(String where, Object value) {
    return switch (value) {
      case Integer integer -> new Int(integer);
      case Long integer -> new Int(integer);
      case Double number -> new Real(number);
      case Boolean flag -> new Flag(flag);
      case String text -> new Text(text);
      case null, default ->
          throw new BadFile(
              where, "a number, a text, true or false", value + "", "correct the catalogue");
    };
  }

  /** All, as they stand in the catalogue. */
  public List<CataloguedModel> models() {
    return List.copyOf(models.values());
  }

  /**
   * A model by its name.
   *
   * @throws dev.tonnage.error.BadRequest for one that is not known, with the nearest names
   */
  public CataloguedModel model(String name) {
    CataloguedModel model = models.get(name);
    if (model == null) {
      throw Catalogues.unknown("model", name, models.keySet());
    }
    return model;
  }
}
