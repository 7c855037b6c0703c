package dev.tonnage.cli;

import dev.tonnage.cache.KvLayers;
import dev.tonnage.session.LoadedModel;
import dev.tonnage.tensor.DType;
import java.util.Locale;

/**
 * How a model's keys and values are cached, in the words of {@code --cache-type-k} and {@code -v}.
 */
record CacheTypes(String keys, String values) {

  static CacheTypes of(LoadedModel model) {
    KvLayers layers = model.cacheLayers();
    return new CacheTypes(word(layers.keyType()), word(layers.valueType()));
  }

  private static String word(DType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
