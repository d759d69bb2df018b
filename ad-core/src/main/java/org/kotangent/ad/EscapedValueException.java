package org.kotangent.ad;

/** A value of a derivation was used after that derivation had ended. */
public final class EscapedValueException extends AdException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given message. */
  public EscapedValueException(String message) {
    super(message);
  }
}
