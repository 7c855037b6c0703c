package dev.tonnage.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.error.DoesNotFit;
import dev.tonnage.kernel.BlockTable;
import dev.tonnage.kernel.CacheSpan;
import dev.tonnage.kernel.Reach;
import dev.tonnage.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KvCacheTest {

  private static final KvLayout LAYOUT = new KvLayout(3, 2, DType.F16, 8, DType.F32, 12);

  private final KvPool pool = new KvPool(all(LAYOUT), 1, 40 * 32);

  /** Of layers that see everything. */
  private static KvLayers all(KvLayout layout) {
    return KvLayers.of(Collections.nCopies(layout.layers(), Reach.EVERYTHING), _ -> layout);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /** Llama 3.1's model cards and configurations: 126, 80 and 32 layers, 8 heads of 128. */
  @Test
  void aTokenOfPublishedModelsTakesTheBytesTheirShapesSay() {
    assertThat(half(126, 8, 128).tokenBytes()).as("405B").isEqualTo(516_096);
    assertThat(half(80, 8, 128).tokenBytes()).as("70B").isEqualTo(327_680);
    assertThat(half(32, 8, 128).tokenBytes()).as("8B").isEqualTo(131_072);
    KvLayout single = new KvLayout(32, 8, DType.F32, 128, DType.F32, 128);
    assertThat(single.tokenBytes()).as("8B, F32").isEqualTo(262_144);
    KvLayout latent = KvLayout.latent(61, DType.F16, 576, 512);
    assertThat(latent.tokenBytes()).as("DeepSeek-V3").isEqualTo(70_272);
    KvLayout bytes = KvLayout.latent(61, DType.Q8_0, 576, 512);
    assertThat(65_536 * bytes.tokenBytes()).as("DeepSeek-V3, Q8_0").isEqualTo(2_446_589_952L);
  }

  @Test
  void theLongestContextOfTheLargestModelIsCountedWithoutOverflow() {
    KvLayout layout = half(126, 8, 128);
    assertThat(KvLayout.blocks(131_072) * layout.blockBytes()).isEqualTo(67_645_734_912L);
  }

  private static KvLayout half(int layers, int heads, int width) {
    return new KvLayout(layers, heads, DType.F16, width, DType.F16, width);
  }

  @Test
  void theLayersOfABlockFollowEachOtherWithoutGapOrOverlap() {
    long at = 0;
    for (int layer = 0; layer < LAYOUT.layers(); layer++) {
      assertThat(LAYOUT.keyOffset(layer)).isEqualTo(at);
      at += (long) LAYOUT.heads() * KvLayout.BLOCK_TOKENS * DType.F16.bytes(8);
      assertThat(LAYOUT.valueOffset(layer)).isEqualTo(at);
      at += (long) LAYOUT.heads() * KvLayout.BLOCK_TOKENS * DType.F32.bytes(12);
    }
    assertThat(LAYOUT.blockBytes()).isEqualTo(at);
  }

  @Test
  void valuesOfLatentAttentionAreTheEndOfEachKey() {
    KvLayout layout = KvLayout.latent(3, DType.Q8_0, 96, 64);
    for (int layer = 0; layer < 3; layer++) {
      long key = layer * 32L * DType.Q8_0.bytes(96);
      assertThat(layout.keyOffset(layer)).isEqualTo(key);
      assertThat(layout.valueOffset(layer)).isEqualTo(key + DType.Q8_0.bytes(32));
    }
    assertThat(layout.blockBytes()).isEqualTo(3 * 32L * DType.Q8_0.bytes(96));
  }

  @Test
  void aSequenceHasTheBlocksItsTokensNeedAndNoMore() {
    var cache = new KvCache(pool);
    assertThat(blocks(cache)).isEmpty();
    for (int tokens = 1; tokens <= 100; tokens++) {
      cache.reserve(1);
      cache.advance(1);
      assertThat(cache.tokens()).isEqualTo(tokens);
      assertThat(blocks(cache)).hasSize(Math.ceilDiv(tokens, 32));
    }
    assertThat(cache.truncate(64)).isEqualTo(64);
    assertThat(blocks(cache)).hasSize(2);
    assertThat(cache.truncate(33)).isEqualTo(33);
    assertThat(blocks(cache)).hasSize(2);
    cache.close();
    assertThat(blocks(cache)).isEmpty();
    assertThat(cache.tokens()).isZero();
  }

  @Test
  void tokensThatAreNotThereCannotBeKept() {
    var cache = new KvCache(pool);
    cache.reserve(5);
    assertThatThrownBy(() -> cache.truncate(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> cache.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void blocksThatComeBackAreLentAgainBeforeMemoryIsTaken() {
    var first = new KvCache(pool);
    first.reserve(40 * 32);
    long bytes = pool.bytes();
    assertThat(bytes).isEqualTo(40 * LAYOUT.blockBytes());
    first.close();
    var second = new KvCache(pool);
    second.reserve(40 * 32);
    assertThat(pool.bytes()).isEqualTo(bytes);
  }

  @Test
  void noTwoSequencesEverShareABlock() {
    long seed = 20_262;
    var random = new SplittableRandom(seed);
    List<KvCache> caches = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      caches.add(new KvCache(pool));
    }
    for (int round = 0; round < 2000; round++) {
      KvCache cache = caches.get(random.nextInt(caches.size()));
      if (random.nextInt(3) == 0) {
        int _ = cache.truncate(random.nextInt(cache.tokens() + 1));
      } else {
        int more = random.nextInt(1, 50);
        if (KvLayout.blocks(cache.tokens() + more) <= 8) {
          cache.reserve(more);
          cache.advance(more);
        }
      }
      List<MemorySegment> all = new ArrayList<>();
      caches.forEach(each -> all.addAll(blocks(each)));
      all.sort((a, b) -> Long.compare(a.address(), b.address()));
      for (int i = 1; i < all.size(); i++) {
        MemorySegment before = all.get(i - 1);
        assertThat(all.get(i).address())
            .as("seed %d, round %d", seed, round)
            .isGreaterThanOrEqualTo(before.address() + before.byteSize());
      }
    }
    assertThat(pool.bytes()).isLessThanOrEqualTo(40 * LAYOUT.blockBytes());
  }

  @Test
  void everyBlockHoldsWhatTheLayoutSaysOnALineOfMemory() {
    var cache = new KvCache(pool);
    cache.reserve(3 * 32);
    for (MemorySegment block : blocks(cache)) {
      assertThat(block.byteSize()).isEqualTo(LAYOUT.blockBytes());
      assertThat(block.address() % 64).isZero();
    }
    CacheSpan span = cache.span(2);
    assertThat(span.keyOffset()).isEqualTo(LAYOUT.keyOffset(2));
    assertThat(span.valueOffset()).isEqualTo(LAYOUT.valueOffset(2));
  }

  @Test
  void whereAllBlocksAreLentTheNextIsRefusedUntilOneComesBack() {
    var first = new KvCache(pool);
    var second = new KvCache(pool);
    first.reserve(39 * 32);
    second.reserve(32);
    assertThatThrownBy(() -> first.reserve(39 * 32 + 1))
        .isInstanceOf(DoesNotFit.class)
        .hasMessageContaining("the 40 blocks of 32 tokens that were planned are in use");
    second.close();
    first.reserve(39 * 32 + 1);
    assertThat(blocks(first)).hasSize(40);
  }

  @Test
  void aCopyHasTheSameBytesInBlocksOfItsOwn() {
    var first = new KvCache(pool);
    first.reserve(50);
    first.advance(50);
    for (int i = 0; i < 2; i++) {
      blocks(first).get(i).fill((byte) (7 + i));
    }
    KvCache copy = first.copy();
    assertThat(copy.tokens()).isEqualTo(50);
    assertThat(blocks(copy)).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(blocks(copy).get(i).mismatch(blocks(first).get(i))).isEqualTo(-1);
      assertThat(blocks(copy).get(i).address()).isNotEqualTo(blocks(first).get(i).address());
    }
    assertThat(new KvCache(pool).copy().tokens()).isZero();
  }

  @Test
  void aCopyThatDoesNotFitTakesNothing() {
    var first = new KvCache(pool);
    first.reserve(25 * 32);
    first.advance(25 * 32);
    assertThatThrownBy(first::copy).isInstanceOf(DoesNotFit.class);
    first.reserve(15 * 32);
    assertThat(blocks(first)).hasSize(40);
  }

  /** Memory is taken when it is wanted: a large context costs nothing before it is used. */
  @Test
  void aPoolTakesNothingBeforeABlockIsWanted() {
    try (var large = new KvPool(all(half(126, 8, 128)), 1, 131_072)) {
      assertThat(large.bytes()).isZero();
      new KvCache(large).reserve(1);
      assertThat(large.bytes()).isEqualTo(half(126, 8, 128).blockBytes());
    }
  }

  private static List<MemorySegment> blocks(KvCache cache) {
    BlockTable table = cache.span(0).blocks();
    List<MemorySegment> blocks = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      blocks.add(table.block(i));
    }
    return blocks;
  }
}
