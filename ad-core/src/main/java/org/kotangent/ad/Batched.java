package org.kotangent.ad;

/** Many values of one shape, side by side along a leading axis that the function does not see. */
final class Batched extends Traced {
  private final Tensor values;
  private final Spec spec;

  Batched(BatchLevel level, Tensor values) {
    super(level);
    this.values = values;
    this.spec = values.spec().withShape(values.shape().drop(0));
  }

  /** The values one level down, batch axis 0. */
  Tensor values() {
    return values;
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  Arr array() {
    throw new UnknownNumberException(
        Checks.message(
            "vmap",
            "inside a batched function a value is many numbers and cannot steer control flow",
            "a request for the number of a batched " + spec,
            "choose with where, loop with scan, or compute it outside of vmap"));
  }
}
