package org.kotangent.ad;

/** A value or a derivative is infinite or NaN where that was ruled out. */
public final class NonFiniteException extends AdException {
  private static final long serialVersionUID = 1L;

  private final transient NonFinite report;

  NonFiniteException(NonFinite report) {
    super(report.toString());
    this.report = report;
  }

  /** Where it arose. */
  public NonFinite report() {
    return report;
  }
}
