package dev.tonnage.kernel.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tonnage.kernel.arm.Guest.Outcome;
import dev.tonnage.kernel.arm.StaticElf.Access;
import dev.tonnage.kernel.arm.StaticElf.Place;
import dev.tonnage.kernel.arm.StaticElf.Region;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels on an emulated processor, against their scalar twin. */
class DecodeKernelTest {

  private static final long SEED = Long.getLong("tonnage.seed", 20261122);

  /** Calls of a process, whose start takes longer than they do. */
  private static final int CALLS = 48;

  private static final Place[] PLACES = Place.values();

  @TempDir private Path folder;

  @BeforeEach
  void needsAnEmulator() {
    Assumptions.assumeTrue(Guest.isPossible(), Guest.NOT_INSTALLED);
  }

  /** A process, and what it is to do. */
  private static final class Run {

    private final Guest guest = new Guest();
    private final Map<Format, long[]> kernels = new EnumMap<>(Format.class);
    private final List<DecodeCall.Placed> calls = new ArrayList<>();

    long kernel(Format format, int tokens) {
      long[] ofFormat =
          kernels.computeIfAbsent(format, _ -> new long[DecodeKernel.MOST_TOKENS + 1]);
      if (ofFormat[tokens] == 0) {
        ofFormat[tokens] = guest.place(DecodeKernel.code(format.unpacker(), tokens));
      }
      return ofFormat[tokens];
    }

    void add(DecodeCall call, RandomGenerator random) {
      var placed = call.into(guest, any(random), any(random), any(random));
      guest.call(kernel(call.format(), call.tokens()), placed.results(), placed.arguments());
      calls.add(placed);
    }

    private static Place any(RandomGenerator random) {
      return PLACES[random.nextInt(PLACES.length)];
    }

    /** Runs it to its end. */
    Outcome run(Path folder) throws IOException, InterruptedException {
      Outcome outcome = guest.run(folder);
      int ended = outcome.results().size();
      assertThat(outcome.exit())
          .as(
              "%s in call %d of %d (%s), seed %d",
              outcome.error(),
              ended,
              calls.size(),
              ended < calls.size() ? calls.get(ended).call() : "none",
              SEED)
          .isZero();
      return outcome;
    }

    int result(Outcome outcome, int call, int row, int token) {
      DecodeCall.Placed placed = calls.get(call);
      return placed.call().result(outcome.results().get(call), placed.results(), row, token);
    }

    void runAndCheck(Path folder) throws IOException, InterruptedException {
      Outcome outcome = run(folder);
      for (int i = 0; i < calls.size(); i++) {
        DecodeCall.Placed placed = calls.get(i);
        placed.call().check(outcome.results().get(i), placed.results(), SEED);
      }
    }
  }

  /** Every number of tokens and of blocks up to some, then random ones to 8,192 columns. */
  @ParameterizedTest
  @EnumSource
  void randomBlocksEqualTheTwin(Format format) throws IOException, InterruptedException {
    randomBlocks(format, 33_000);
  }

  /** The long form of the same. */
  @Tag("soak")
  @ParameterizedTest
  @EnumSource
  void aMillionBlocksEqualTheTwin(Format format) throws IOException, InterruptedException {
    randomBlocks(format, 1_000_000);
  }

  private void randomBlocks(Format format, int most) throws IOException, InterruptedException {
    var random = new SplittableRandom(SEED);
    int longest = 8192 / format.blockElements();
    int call = 0;
    for (int taken = 0; taken < most; ) {
      var run = new Run();
      try (Arena arena = Arena.ofConfined()) {
        for (int n = 0; n < CALLS && taken < most; n++, call++) {
          int rows = 1 + random.nextInt(8);
          int blocks = call < 72 ? 1 + call / 8 : 1 + random.nextInt(longest);
          int tokens = call < 72 ? 1 + call % 8 : 1 + random.nextInt(8);
          run.add(DecodeCall.random(arena, format, rows, blocks, tokens, random), random);
          taken += rows * blocks;
        }
        run.runAndCheck(folder);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTokenHasTheSameBitsAloneAndWithNeighbours(Format format)
      throws IOException, InterruptedException {
    var random = new SplittableRandom(SEED);
    try (Arena arena = Arena.ofConfined()) {
      for (int tokens = 2; tokens <= DecodeKernel.MOST_TOKENS; tokens++) {
        var run = new Run();
        int blocks = 3 + random.nextInt(20);
        DecodeCall together = DecodeCall.random(arena, format, 5, blocks, tokens, random);
        run.add(together, random);
        for (int token = 0; token < tokens; token++) {
          run.add(together.token(token), random);
        }
        Outcome outcome = run.run(folder);
        for (int token = 0; token < tokens; token++) {
          for (int row = 0; row < together.rows(); row++) {
            assertThat(run.result(outcome, 1 + token, row, 0))
                .as("row %d, token %d of %s, seed %d", row, token, together, SEED)
                .isEqualTo(run.result(outcome, 0, row, token));
          }
        }
      }
    }
  }

  /** Infinite and subnormal scales, activations that are large, subnormal, or no numbers. */
  @ParameterizedTest
  @EnumSource
  void extremeNumbersEqualTheTwin(Format format) throws IOException, InterruptedException {
    var random = new SplittableRandom(SEED);
    var run = new Run();
    float[] magnitudes = {1, 0, 0x1p-149f, 0x1p-140f, 0x1p-100f, 0x1p120f, 1 / 0f, 0 / 0f};
    try (Arena arena = Arena.ofConfined()) {
      for (float magnitude : magnitudes) {
        for (int tokens = 1; tokens <= DecodeKernel.MOST_TOKENS; tokens += 3) {
          for (Format.Scales scales : List.<Format.Scales>of(Format::usual, Format::any)) {
            int blocks = 1 + random.nextInt(12);
            run.add(
                DecodeCall.random(arena, format, 3, blocks, tokens, scales, magnitude, random),
                random);
          }
        }
      }
      run.runAndCheck(folder);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutBlocksResultsAreZeroAndWithoutRowsThereAreNone(Format format)
      throws IOException, InterruptedException {
    var guest = new Guest();
    long kernel = guest.place(DecodeKernel.code(format.unpacker(), 2));
    long nothing = guest.place(new byte[0], Access.READ, Place.END).address();
    Region out = guest.place(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, Access.WRITE, Place.BEGIN);
    guest.call(kernel, out, List.of(nothing, 0L, 0L, 3L, nothing, 0L, out.address(), 4L));
    guest.call(kernel, out, List.of(nothing, 0L, 1L, 0L, nothing, 0L, out.address(), 4L));
    Outcome outcome = guest.run(folder);
    assertThat(outcome.exit()).as(outcome.error()).isZero();
    assertThat(outcome.results().get(0).getLong(0)).isEqualTo(0x0807060504030201L);
    assertThat(outcome.results().get(1).getLong(0)).isZero();
  }

  /** That these tests would notice: addresses and distances that are off by a byte. */
  @ParameterizedTest
  @EnumSource
  void oneByteBesideABufferIsAFault(Format format) throws IOException, InterruptedException {
    var random = new SplittableRandom(SEED);
    try (Arena arena = Arena.ofConfined()) {
      DecodeCall call = DecodeCall.random(arena, format, 2, 5, 2, random);
      assertThat(exit(call, Place.BEGIN, 0, 0)).isZero();
      assertThat(exit(call, Place.END, 0, 0)).isZero();
      for (int address : new int[] {0, 4, 6}) {
        assertThat(exit(call, Place.BEGIN, address, -1)).as("%d", address).isEqualTo(Guest.FAULT);
        assertThat(exit(call, Place.END, address, 1)).as("%d", address).isEqualTo(Guest.FAULT);
      }
      for (int distance : new int[] {1, 5, 7}) {
        assertThat(exit(call, Place.END, distance, 1)).as("%d", distance).isEqualTo(Guest.FAULT);
      }
    }
  }

  /** The exit code with one argument changed. */
  private int exit(DecodeCall call, Place place, int argument, int change)
      throws IOException, InterruptedException {
    var guest = new Guest();
    long kernel = guest.place(DecodeKernel.code(call.format().unpacker(), call.tokens()));
    var placed = call.into(guest, place, place, place);
    var arguments = new ArrayList<>(placed.arguments());
    arguments.set(argument, arguments.get(argument) + change);
    guest.call(kernel, placed.results(), arguments);
    return guest.run(folder).exit();
  }

  @Test
  void moreTokensThanRegistersAreRefused() {
    assertThatThrownBy(() -> DecodeKernel.code(new UnpackQ8_0(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DecodeKernel.code(new UnpackQ8_0(), 9))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
