package org.kotangent.ad;

/** An argument that is neither a shape nor a type lies outside what the operation accepts. */
public final class DomainException extends AdException {
  private static final long serialVersionUID = 1L;

  /** An exception with the given message. */
  public DomainException(String message) {
    super(message);
  }
}
