package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;

/**
 * An operation and what is elementwise about its result, done piece by piece while the pieces are
 * in the cache. Operands are those of the operation, then the others of the elementwise part.
 */
final class Epilogue extends Planned {
  private final Primitive producer;
  private final Announcing announcing;
  private final int taken;
  private final Fused after;
  private final int product;
  private final int place;

  /**
   * An operation with an epilogue.
   *
   * @param producer the operation, which is {@link Announcing}
   * @param taken how many operands it takes
   * @param after what is done to its result
   * @param product which operand of that is the result
   * @param place which result has the same type and shape, so that the product is computed there
   */
  Epilogue(Primitive producer, int taken, Fused after, int product, int place) {
    this.producer = producer;
    this.announcing = (Announcing) producer;
    this.taken = taken;
    this.after = after;
    this.product = product;
    this.place = place;
  }

  @Override
  public String name() {
    return producer.name() + " then " + after.name();
  }

  @Override
  public Object attributes() {
    return List.of(producer.attributes(), after.attributes());
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Spec made = producer.infer(Arrays.copyOf(in, taken))[0];
    return after.infer(after(in, made));
  }

  /** The operands of the elementwise part. */
  private <T> T[] after(T[] in, T made) {
    T[] operands = Arrays.copyOfRange(in, taken, in.length + 1);
    System.arraycopy(operands, product, operands, product + 1, operands.length - 1 - product);
    operands[product] = made;
    return operands;
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    Arr made = out[place];
    Pointwise.Bound elements = after.bind(after(in, made), out);
    announcing.kernel(Arrays.copyOf(in, taken), made, elements::run);
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    Spec made = out[place];
    return producer.flops(Arrays.copyOf(in, taken), new Spec[] {made})
        + after.flops(after(in, made), out);
  }
}
