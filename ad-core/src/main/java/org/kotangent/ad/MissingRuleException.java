package org.kotangent.ad;

/** A derivative was asked of an operation that declares no rule for it. */
public final class MissingRuleException extends AdException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given message. */
  public MissingRuleException(String message) {
    super(message);
  }
}
