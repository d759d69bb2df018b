package org.kotangent.ad;

/**
 * What Kotangent throws when it is asked for something it cannot give. Messages read {@code op:
 * rule; got name: shape, …; what to do}.
 */
public sealed class AdException extends RuntimeException
    permits ShapeException,
        DTypeException,
        TreeException,
        EscapedValueException,
        UnknownNumberException,
        MissingRuleException,
        DomainException,
        GradientException,
        NonFiniteException {
  private static final long serialVersionUID = 1L;

  AdException(String message) {
    super(message);
  }
}
