package dev.tonnage.kernel;

import java.util.Locale;

/** How the kernels are made, from the specification to what this CPU is best at. */
public enum Level {
  /** Plain Java: the specification, and what runs where nothing else can. */
  SCALAR,
  /** The Vector API: any CPU, any system. */
  VECTOR,
  /** Machine code for x86-64 with AVX2, and AVX-VNNI where it is there. */
  AVX2,
  /** Machine code for x86-64 with AVX-512 VNNI. */
  AVX512;

  /** The word for it on a command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
