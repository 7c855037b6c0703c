package dev.tonnage.kernel.x86;

import dev.tonnage.kernel.Memory;
import dev.tonnage.kernel.Pairing;
import dev.tonnage.kernel.asm.CodeFamily;
import dev.tonnage.kernel.asm.CodeShelf;
import dev.tonnage.kernel.x86.Vec.Width;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/** The code of a level for what goes over rows of floats, see {@link ElementWise}. */
final class RowOperations {

  /** They are called without scratch, but have arguments. */
  private static final ThreadLocal<MemorySegment> BLOCKS =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Leaf.BLOCK_BYTES, 64));

  private final int lanes;
  private final CodeFamily add;
  private final CodeFamily addScaled;
  private final CodeFamily rmsNorm;
  private final CodeFamily swiGlu;
  private final CodeFamily clampedSwiGlu;
  private final CodeFamily rotateAdjacent;
  private final CodeFamily rotateHalves;

  RowOperations(Width width, CodeShelf shelf) {
    this.lanes = width.bytes() / 4;
    this.add = one("add", width, ElementWise::add, shelf);
    this.addScaled = one("add-scaled", width, ElementWise::addScaled, shelf);
    this.rmsNorm = one("rms-norm", width, ElementWise::rmsNorm, shelf);
    this.swiGlu = one("swiglu", width, ElementWise::swiGlu, shelf);
    this.clampedSwiGlu = one("clamped-swiglu", width, ElementWise::clampedSwiGlu, shelf);
    this.rotateAdjacent = one("rotate-adjacent", width, ElementWise::rotateAdjacent, shelf);
    this.rotateHalves = one("rotate-halves", width, ElementWise::rotateHalves, shelf);
  }

  private static CodeFamily one(
      String name, Width width, Function<Width, byte[]> writer, CodeShelf shelf) {
    return new CodeFamily(shelf, name, 1, _ -> writer.apply(width));
  }

  void add(long x, long y, int padded) {
    add.run(0, block(x, y, padded / lanes));
  }

  void addScaled(long x, long y, float factor, int padded) {
    long block = block(x, y, padded / lanes);
    Memory.f32(block + ElementWise.FACTOR, factor);
    addScaled.run(0, block);
  }

  void rmsNorm(long x, long weight, float epsilon, int width, int padded, long y) {
    long block = block(x, weight, padded / lanes);
    Memory.i64(block + ElementWise.TO, y);
    Memory.f32(block + ElementWise.WIDTH, width);
    Memory.f32(block + ElementWise.EPSILON, epsilon);
    rmsNorm.run(0, block);
  }

  void swiGlu(long gate, long up, int padded) {
    swiGlu.run(0, block(gate, up, padded / lanes));
  }

  void clampedSwiGlu(long gate, long up, int padded) {
    clampedSwiGlu.run(0, block(gate, up, padded / lanes));
  }

  /** Whether so many pairs are whole vectors, so that {@link #rotate} can be called. */
  boolean rotates(int pairs, Pairing pairing) {
    return pairs > 0 && pairs % pairsAtATime(pairing) == 0;
  }

  private int pairsAtATime(Pairing pairing) {
    return switch (pairing) {
      case ADJACENT -> lanes / 2;
      case HALVES -> lanes;
    };
  }

  void rotate(long head, long turns, int pairs, Pairing pairing) {
    long block = block(head, turns, pairs / pairsAtATime(pairing));
    switch (pairing) {
      case ADJACENT -> rotateAdjacent.run(0, block);
      case HALVES -> rotateHalves.run(0, block);
    }
  }

  /** A block of arguments of this thread. */
  private static long block(long x, long y, long vectors) {
    long block = BLOCKS.get().address();
    Memory.i64(block + ElementWise.X, x);
    Memory.i64(block + ElementWise.Y, y);
    Memory.i64(block + ElementWise.VECTORS, vectors);
    return block;
  }
}
