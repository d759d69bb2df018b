package org.kotangent.ad;

/** A value that depends on the argument of a function which is being looked at. */
final class Watched extends Differentiated {
  Watched(WatchLevel level, Tensor value) {
    super(level, value);
  }
}
