package dev.tonnage.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tonnage.file.GgufCheckpoint;
import dev.tonnage.model.TinyLlama;
import dev.tonnage.model.TinyLlamas;
import dev.tonnage.plan.LoadSettings;
import dev.tonnage.session.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedPrefixTest {

  @TempDir private Path folder;

  /** Behind more tokens than a window's blocks stay for, the text is read again. */
  @Test
  void howeverFarItLooksAheadTheTextBeforeIsThere() {
    TinyLlama tiny = TinyLlamas.GPT_OSS.model();
    var sizes = tiny.sizes();
    var longer =
        new TinyLlama.Sizes(
            sizes.layers(), sizes.hidden(), sizes.feedForward(), sizes.vocabulary(), 2048);
    Path file = folder.resolve("windows.gguf");
    tiny.withSizes(longer).write(file);
    LoadSettings settings = LoadSettings.defaults().withThreads(2);
    try (LoadedModel model = LoadedModel.open(GgufCheckpoint.open(file), settings);
        var prefix = new SharedPrefix(model)) {
      int[] text = ids(50);
      assertThat(prefix.read(text, (_, _) -> {})).isTrue();
      float[] behind = prefix.logits().clone();
      List<float[]> expected = ahead(prefix, 3);
      List<float[]> far = ahead(prefix, 1500);
      assertThat(far.getFirst()).isEqualTo(expected.getFirst());
      List<float[]> found = ahead(prefix, 3);
      for (int i = 0; i < 3; i++) {
        assertThat(found.get(i)).isEqualTo(expected.get(i));
      }
      ahead(prefix, 1500);
      assertThat(prefix.read(text, (_, _) -> {})).isTrue();
      assertThat(prefix.logits()).isEqualTo(behind);
    }
  }

  private static List<float[]> ahead(SharedPrefix prefix, int count) {
    List<float[]> all = new ArrayList<>();
    prefix.lookAhead(ids(count), (_, logits) -> all.add(logits.clone()));
    assertThat(all).hasSize(count);
    return all;
  }

  private static int[] ids(int count) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = 3 + 17 * i % 250;
    }
    return ids;
  }
}
