package dev.tonnage.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Multiplications with their additions; one a nanosecond is a GMAC/s, as JMH prints it. */
@State(Scope.Thread)
@AuxCounters
public class MultiplyAdds {

  /** Of a weight and an activation. */
  public long macs;
}
