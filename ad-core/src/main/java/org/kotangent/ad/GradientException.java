package org.kotangent.ad;

/** Derivatives that were checked contradict each other, or could not be checked. */
public final class GradientException extends AdException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given message. */
  public GradientException(String message) {
    super(message);
  }
}
