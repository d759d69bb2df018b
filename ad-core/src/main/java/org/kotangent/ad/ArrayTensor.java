package org.kotangent.ad;

/** A tensor that is just numbers. */
final class ArrayTensor extends Tensor {
  private final Arr array;

  ArrayTensor(Arr array) {
    this.array = array;
  }

  @Override
  public Spec spec() {
    return array.spec();
  }

  @Override
  Arr array() {
    Lifting.read(this);
    return array;
  }
}
