package dev.tonnage.cli;

import dev.tonnage.cache.KvLayout;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.tensor.DType;
import java.util.Locale;

/**
 * How a model's keys and values are cached, in the words of {@code --cache-type-k} and {@code -v}.
 */
record CacheTypes(String keys, String values) {

  static CacheTypes of(LoadedModel model) {
    KvLayout layout = model.cacheLayout();
    return new CacheTypes(word(layout.keyType()), word(layout.valueType()));
  }

  private static String word(DType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
