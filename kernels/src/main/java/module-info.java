/**
 * Tensors, the operations a model needs, and every contact with the operating system. The only
 * module that may see the Vector API, make downcalls or place machine code.
 */
module dev.tonnage.kernels {
  // static: embedded in a program that was started without the flag, the engine still runs, on the
  // scalar level, and says so
  requires static jdk.incubator.vector;
  requires java.management;
  requires jdk.management;
  requires jdk.unsupported; // reads past the system's cache

  exports dev.tonnage.error;
  exports dev.tonnage.kernel;
  exports dev.tonnage.os;
  exports dev.tonnage.tensor;
}
