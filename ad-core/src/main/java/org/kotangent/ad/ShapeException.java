package org.kotangent.ad;

/** Shapes do not fit the operation. */
public final class ShapeException extends AdException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given message. */
  public ShapeException(String message) {
    super(message);
  }
}
