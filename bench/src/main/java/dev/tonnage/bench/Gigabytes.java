package dev.tonnage.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Bytes read; a byte a nanosecond is a gigabyte a second, as JMH prints it. */
@State(Scope.Thread)
@AuxCounters
public class Gigabytes {

  /** Of weights or of memory. */
  public long bytes;
}
