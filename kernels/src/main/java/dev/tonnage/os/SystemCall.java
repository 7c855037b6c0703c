package dev.tonnage.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Functions of the system that take and return numbers and addresses. */
final class SystemCall {

  private SystemCall() {}

  /**
   * A function by its name.
   *
   * @throws UnsatisfiedLinkError if the system has none of this name
   */
  @SuppressWarnings("restricted") // every contact with the system is in this package
  static MethodHandle find(SymbolLookup library, String name, FunctionDescriptor types) {
    return Linker.nativeLinker()
        .downcallHandle(
            library
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the system has no function " + name)),
            types);
  }

  /** A function that is given by its address, takes 64 bits and returns nothing. */
  @SuppressWarnings("restricted") // every contact with the system is in this package
  static MethodHandle function() {
    return Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
  }

  /** What a call throws: nothing but our own mistakes. */
  static AssertionError impossible(Throwable thrown) {
    return new AssertionError("a call into the system", thrown);
  }
}
