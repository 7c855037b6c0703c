/** The library that people embed: no network, no terminal, no framework. */
module dev.tonnage.engine {
  requires transitive dev.tonnage.kernels;

  exports dev.tonnage.file;
}
