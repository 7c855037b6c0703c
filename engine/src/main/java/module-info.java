/** The library that people embed: no network, no terminal, no framework. */
module dev.tonnage.engine {
  requires transitive dev.tonnage.kernels;
  requires com.fasterxml.jackson.annotation;
  requires tools.jackson.databind;

  exports dev.tonnage.cache;
  exports dev.tonnage.calibrate;
  exports dev.tonnage.eval;
  exports dev.tonnage.file;
  exports dev.tonnage.model;
  exports dev.tonnage.nn;
  exports dev.tonnage.plan;
  exports dev.tonnage.sample;
  exports dev.tonnage.session;
  exports dev.tonnage.text;
}
