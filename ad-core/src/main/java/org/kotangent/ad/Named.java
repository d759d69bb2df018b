package org.kotangent.ad;

/**
 * A value with a name, by which graphs and diagnostics call it. Its tangent and its cotangent are
 * named after it, with a dot and with a bar.
 */
final class Named extends Identity {
  private static final String DOT = "\u0307";
  private static final String BAR = "\u0304";

  private final String label;

  Named(String label) {
    this.label = label;
  }

  @Override
  public String name() {
    return "named";
  }

  @Override
  public Object attributes() {
    return label;
  }

  String label() {
    return label;
  }

  @Override
  Primitive tangent() {
    return new Named(label + DOT);
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new Named(label + BAR).apply(gy);
  }
}
