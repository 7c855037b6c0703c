package dev.tonnage.session;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.kernel.KernelChoice;
import dev.tonnage.kernel.Level;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.os.Machine;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.sample.Sampler;
import dev.tonnage.sample.SamplerSettings;
import dev.tonnage.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Opens models for tests, on a machine that has memory whatever else runs on this one. */
public final class OpenModels {

  /** 64 GiB, all free. */
  static final Machine ROOMY = new Machine("a CPU", "a system", 2, 64L << 30, 64L << 30);

  private OpenModels() {}

  /** Opens the file of a tiny model in a folder, and writes it first where it is not there yet. */
  static GgufCheckpoint file(TinyLlama model, Path folder) {
    Path path = folder.resolve(model.name() + ".gguf");
    if (Files.notExists(path)) {
      model.write(path);
    }
    return GgufCheckpoint.open(path);
  }

  static KernelChoice kernels(Level level) {
    return new KernelChoice(KernelChoice.at(level), "the test asks for it");
  }

  /** Two threads, caches of half precision, the default context, one stream. */
  public static LoadSettings settings() {
    return new LoadSettings(OptionalInt.empty(), 2, DType.F16, DType.F16, 1);
  }

  /** Opens a checkpoint with the kernels of a level. */
  public static LoadedModel open(Checkpoint checkpoint, LoadSettings settings, Level level) {
    return LoadedModel.open(checkpoint, settings, ROOMY, kernels(level));
  }

  /** Opens a tiny model whose file lies in a folder, or is written there first. */
  public static LoadedModel open(TinyLlama model, Path folder, LoadSettings settings, Level level) {
    return open(file(model, folder), settings, level);
  }

  /** The likeliest ids after what a session has read, also those that would end a text. */
  static List<Integer> greedy(Session session, int count) {
    var sampler = new Sampler(SamplerSettings.greedy(), session.logits().length);
    List<Integer> ids = new ArrayList<>();
    while (ids.size() < count) {
      int id = sampler.next(session.logits());
      ids.add(id);
      session.append(id);
    }
    return ids;
  }

  static int[] ints(List<Integer> ids) {
    int[] array = new int[ids.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = ids.get(i);
    }
    return array;
  }
}
