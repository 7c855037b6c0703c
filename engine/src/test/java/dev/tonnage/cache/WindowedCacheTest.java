package dev.tonnage.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.DoesNotFit;
import dev.tonnage.kernel.BlockTable;
import dev.tonnage.kernel.Reach;
import dev.tonnage.tensor.DType;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of layers that do not see everything, what they see no more is given back. */
class WindowedCacheTest {

  private static final int STEP_TOKENS = 512;

  /** The blocks of a share lie in its own order: all layers that see a window, and all others. */
  private static KvLayers alternating(int layers, Reach reach, int heads, int width) {
    List<Reach> reaches =
        IntStream.range(0, layers)
            .mapToObj(layer -> layer % 2 == 0 ? reach : Reach.EVERYTHING)
            .toList();
    return KvLayers.of(
        reaches, count -> new KvLayout(count, heads, DType.F16, width, DType.F16, width));
  }

  /** 36 layers of 8 heads of 64, every second with a window of 128. */
  @Test
  void aTokenOfGptOssLastsInHalfItsLayers() {
    KvLayers layers = alternating(36, new Reach.Window(128), 8, 64);
    assertThat(layers.tokenBytes()).isEqualTo(73_728);
    assertThat(layers.lastingTokenBytes()).isEqualTo(36_864);
    assertThat(layers.bytes(131_072)).isEqualTo(36_864L * (131_072 + 128 + 1024 + 32));
    assertThat(layers.bytes(512)).isEqualTo(73_728L * 512);
  }

  @Test
  void layersThatSeeEquallyFarLieTogether() {
    KvLayers layers = alternating(5, new Reach.Window(7), 2, 8);
    try (var pool = new KvPool(layers, 1, 64);
        var cache = new KvCache(pool)) {
      cache.reserve(1);
      assertThat(cache.span(0).blocks()).isSameAs(cache.span(2).blocks());
      assertThat(cache.span(0).blocks()).isNotSameAs(cache.span(1).blocks());
      assertThat(cache.span(1).keyOffset()).isZero();
      assertThat(cache.span(3).keyOffset()).isEqualTo(2 * 2 * 32 * 8 * 2);
      assertThat(cache.span(4).keyOffset()).isEqualTo(2 * cache.span(2).keyOffset());
    }
  }

  static Stream<Reach> reaches() {
    return Stream.of(
        new Reach.Window(1),
        new Reach.Window(40),
        new Reach.Window(3000),
        new Reach.Chunk(1),
        new Reach.Chunk(96),
        new Reach.Chunk(2000));
  }

  /** The pool has as many blocks as were planned and would refuse more. */
  @ParameterizedTest
  @MethodSource("reaches")
  void whateverIsReadAndForgottenWhatIsSeenIsThereInThePlannedBlocks(Reach reach) {
    long seed = 20_268;
    var random = new SplittableRandom(seed);
    int context = 20_000;
    KvLayers layers = alternating(2, reach, 1, 1);
    try (var pool = new KvPool(layers, 1, context);
        var cache = new KvCache(pool)) {
      BlockTable table = cache.span(0).blocks();
      int most = 0; // there ever were since all were forgotten
      for (int round = 0; round < 1000; round++) {
        String where = "seed %d, round %d, %d tokens".formatted(seed, round, cache.tokens());
        if (random.nextInt(8) == 0) {
          int back = random.nextInt(random.nextInt(6) == 0 ? 4000 : KvLayers.BEHIND_TOKENS + 1);
          int keep = Math.max(0, cache.tokens() - back);
          int kept = cache.truncate(keep);
          if (most - keep <= KvLayers.BEHIND_TOKENS) {
            assertThat(kept).as(where).isEqualTo(keep);
          } else {
            assertThat(kept).as(where).isIn(keep, 0);
          }
          most = kept == 0 ? 0 : most;
        } else {
          int more = 1 + random.nextInt(random.nextBoolean() ? 3 : STEP_TOKENS);
          if (cache.tokens() + more <= context) {
            cache.reserve(more);
            assertThat(table.first())
                .as(where)
                .isLessThanOrEqualTo(reach.firstSeen(cache.tokens()) / KvLayout.BLOCK_TOKENS);
            cache.advance(more);
            most = Math.max(most, cache.tokens());
          }
        }
        int first = reach.firstSeen(cache.tokens());
        assertThat(table.first()).as(where).isLessThanOrEqualTo(first / KvLayout.BLOCK_TOKENS);
        assertThat(table.size()).as(where).isEqualTo(KvLayout.blocks(cache.tokens()));
        assertThat(cache.span(1).blocks().first()).isZero();
      }
    }
  }

  @Test
  void aCopyHasWhatIsThereAndNothingElse() {
    KvLayers layers = alternating(2, new Reach.Window(10), 1, 4);
    int tokens = 3000;
    try (var pool = new KvPool(layers, 2, tokens);
        var cache = new KvCache(pool)) {
      read(cache, tokens);
      BlockTable table = cache.span(0).blocks();
      assertThat(table.first()).isEqualTo((tokens - 1024 - 9) / 32);
      table.block(table.first()).fill((byte) 7);
      try (KvCache copy = cache.copy()) {
        BlockTable copied = copy.span(0).blocks();
        assertThat(copied.first()).isEqualTo(table.first());
        assertThat(copied.size()).isEqualTo(table.size());
        assertThat(copied.block(copied.first()).mismatch(table.block(table.first()))).isEqualTo(-1);
        assertThatThrownBy(cache::copy).isInstanceOf(DoesNotFit.class);
        assertThat(copy.truncate(tokens - 1024)).isEqualTo(tokens - 1024);
        assertThat(copy.truncate(100)).isZero();
        assertThat(copied.first()).isZero();
        assertThat(cache.tokens()).isEqualTo(tokens);
      }
    }
  }

  private static void read(KvCache cache, int tokens) {
    while (cache.tokens() < tokens) {
      int more = Math.min(STEP_TOKENS, tokens - cache.tokens());
      cache.reserve(more);
      cache.advance(more);
    }
  }
}
