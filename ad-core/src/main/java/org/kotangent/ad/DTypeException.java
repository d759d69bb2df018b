package org.kotangent.ad;

/** Element types do not fit the operation; they never mix silently. */
public final class DTypeException extends AdException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given message. */
  public DTypeException(String message) {
    super(message);
  }
}
