package dev.tonnage.file;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is known of a model without a file of it. */
public final class KnownMetadata implements Metadata {

  private final String where;
  private final Map<String, Value> values;

  /**
   * @param where for messages
   */
  public KnownMetadata(String where, Map<String, Value> values) {
    this.where = where;
    this.values = new LinkedHashMap<>(values);
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public Set<String> keys() {
    return Set.copyOf(values.keySet());
  }

  @Override
  public Optional<Value> find(String key) {
    return Optional.ofNullable(values.get(key));
  }
}
