package org.kotangent.ad;

/** Two structures differ, or one cannot be opened or rebuilt; the message names the path. */
public final class TreeException extends AdException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given message. */
  public TreeException(String message) {
    super(message);
  }
}
