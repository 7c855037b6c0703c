package dev.tonnage.kernel.arm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program for Linux on AArch64 that needs no other file (Tool Interface Standard, Executable and
 * Linking Format, version 1.2; the 64-bit form of System V's). Every region of it lies alone:
 * whoever leaves its pages, on either side, meets pages that are not mapped.
 */
final class StaticElf {

  /** What a program may do with a region, as bits of its header. */
  enum Access {
    READ(4),
    WRITE(6),
    EXECUTE(5);

    private final int flags;

    Access(int flags) {
      this.flags = flags;
    }
  }

  /** Where in its pages a region's content is. */
  enum Place {
    /** The byte before it is not mapped. */
    BEGIN,
    /** The byte behind it is not mapped. */
    END,
    /** At an odd address. */
    ODD
  }

  /**
   * A region of memory.
   *
   * @param address of its content
   * @param mapped address of its first page
   * @param bytes of its pages; around the content they hold {@link #AROUND}
   */
  record Region(long address, long mapped, int bytes) {}

  /** What is in the pages of a region beside its content. */
  static final byte AROUND = (byte) 0xa5;

  private static final int PAGE = 4096;

  /** The largest pages that systems for AArch64 have; unmapped ones are as many. */
  private static final long LARGEST_PAGE = 64 << 10;

  private static final int HEADER_BYTES = 64;
  private static final int ENTRY_BYTES = 56;

  private record Segment(Region region, Access access, ByteBuffer pages) {}

  private final List<Segment> segments = new ArrayList<>();
  private long next = 16 << 20;

  /** Adds a region with its content. */
  Region add(byte[] content, Access access, Place place) {
    int odd = place == Place.ODD ? 1 + 2 * (content.length % 32) : 0;
    int bytes = Math.max(1, Math.ceilDiv(content.length + odd, PAGE)) * PAGE;
    long end = Math.ceilDiv(next + bytes, LARGEST_PAGE) * LARGEST_PAGE;
    long mapped = place == Place.END ? end - bytes : next;
    int offset = place == Place.END ? bytes - content.length : odd;
    byte[] pages = new byte[bytes];
    Arrays.fill(pages, AROUND);
    System.arraycopy(content, 0, pages, offset, content.length);
    var region = new Region(mapped + offset, mapped, bytes);
    segments.add(new Segment(region, access, ByteBuffer.wrap(pages)));
    next = end + LARGEST_PAGE;
    return region;
  }

  /**
   * The file.
   *
   * @param entry where the program begins
   */
  byte[] finish(long entry) {
    int begin = Math.ceilDiv(HEADER_BYTES + ENTRY_BYTES * segments.size(), PAGE) * PAGE;
    int size = begin + segments.stream().mapToInt(segment -> segment.region.bytes).sum();
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}); // 64 bits, little-endian, version 1
    file.position(16).putShort((short) 2); // executable at its addresses
    file.putShort((short) 183).putInt(1); // AArch64, version 1
    file.putLong(entry).putLong(HEADER_BYTES).putLong(0); // program headers, no sections
    file.putInt(0).putShort((short) HEADER_BYTES);
    file.putShort((short) ENTRY_BYTES).putShort((short) segments.size());
    file.position(HEADER_BYTES);
    int offset = begin;
    for (Segment segment : segments) {
      file.putInt(1).putInt(segment.access.flags).putLong(offset); // to be loaded
      file.putLong(segment.region.mapped).putLong(segment.region.mapped);
      file.putLong(segment.region.bytes).putLong(segment.region.bytes).putLong(PAGE);
      offset += segment.region.bytes;
    }
    file.position(begin);
    segments.forEach(segment -> file.put(segment.pages.duplicate()));
    return file.array();
  }
}
