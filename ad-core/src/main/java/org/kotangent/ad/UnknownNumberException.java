package org.kotangent.ad;

/**
 * The number of a value was asked for where there is none: while a graph is captured, or where
 * {@code vmap} makes it many.
 */
public final class UnknownNumberException extends AdException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given message. */
  public UnknownNumberException(String message) {
    super(message);
  }
}
