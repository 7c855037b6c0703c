package dev.tonnage.model;

import dev.tonnage.file.Checkpoint;
import dev.tonnage.file.ModelHeader;
import dev.tonnage.nn.Weights;

/** A family of models that are computed alike. */
interface Architecture {

  /** The name in a file's {@code general.architecture}, and the first part of its keys. */
  String name();

  /** A model's dimensions, from metadata and shapes alone. */
  Dimensions dimensions(ModelHeader header);

  /** A model that computes with the checkpoint's weights where they lie. */
  Model load(Checkpoint checkpoint, Weights weights);
}
