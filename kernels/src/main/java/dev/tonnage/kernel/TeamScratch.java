package dev.tonnage.kernel;

import java.util.Arrays;
import java.util.stream.Stream;

/** The scratch of a team: each member's own, and what they share during an operation. */
final class TeamScratch implements AutoCloseable {

  private final Scratch[] own;

  /** Activations as matrices read them, and whatever else an operation's tasks have in common. */
  private final Scratch shared = new Scratch();

  TeamScratch(int members) {
    this.own = new Scratch[members];
    Arrays.setAll(own, _ -> new Scratch());
  }

  /** The address of each member's, at least this many bytes of it, on 64-byte lines. */
  long[] own(long bytes) {
    long[] addresses = new long[own.length];
    Arrays.setAll(addresses, member -> own[member].address(bytes));
    return addresses;
  }

  /** The address of what all share, likewise; 0 where nothing is wanted. */
  long shared(long bytes) {
    return bytes == 0 ? 0 : shared.address(bytes);
  }

  /** Bytes held. */
  long bytes() {
    return all().mapToLong(Scratch::bytes).sum();
  }

  /** Bytes held where at most so many are asked for. */
  static long heldBytes(int members, long ownBytes, long sharedBytes) {
    return members * Scratch.heldBytes(ownBytes) + Scratch.heldBytes(sharedBytes);
  }

  private Stream<Scratch> all() {
    return Stream.concat(Arrays.stream(own), Stream.of(shared));
  }

  @Override
  public void close() {
    all().forEach(Scratch::close);
  }
}
