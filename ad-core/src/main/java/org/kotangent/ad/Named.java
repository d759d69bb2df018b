package org.kotangent.ad;

/**
 * A value with a name, by which graphs and diagnostics call it; its cotangent is named after it.
 */
final class Named extends Identity {
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
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new Named(label + BAR).apply(gy);
  }
}
