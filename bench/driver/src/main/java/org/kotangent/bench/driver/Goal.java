package org.kotangent.bench.driver;

import java.util.Locale;

/** What our own contender should reach. */
record Goal(Kind kind, double bound) {
  enum Kind {
    /** Time of the best peer ÷ ours, at least. */
    PEER_RATIO,
    /** Our time ÷ that of the case's base, at most. */
    BASE_RATIO,
    /** Our time in seconds, at most. */
    SECONDS,
    /** Bytes of heap for an operation besides its results, at most. */
    OVERHEAD,
    /** Our number ÷ that of the best peer, at most. */
    PEER_SHARE
  }

  static Goal faster(double times) {
    return new Goal(Kind.PEER_RATIO, times);
  }

  static Goal overBase(double times) {
    return new Goal(Kind.BASE_RATIO, times);
  }

  static Goal within(double seconds) {
    return new Goal(Kind.SECONDS, seconds);
  }

  static Goal overhead(double bytes) {
    return new Goal(Kind.OVERHEAD, bytes);
  }

  static Goal noMoreThanPeer() {
    return new Goal(Kind.PEER_SHARE, 1);
  }

  /** What counts, NaN where it is not known. */
  double value(Figure figure) {
    return switch (kind) {
      case PEER_RATIO -> figure.versusPeer();
      case BASE_RATIO -> figure.overBase();
      case SECONDS -> figure.value();
      case OVERHEAD -> figure.overhead();
      case PEER_SHARE -> 1 / figure.versusPeer();
    };
  }

  /** Met, missed, or not known because a peer or a base is missing. */
  String verdict(Figure figure) {
    if (Double.isNaN(value(figure))) {
      return "unknown";
    }
    return isMet(figure) ? "met" : "missed";
  }

  private boolean isMet(Figure figure) {
    return kind == Kind.PEER_RATIO ? value(figure) >= bound : value(figure) <= bound;
  }

  String text() {
    return switch (kind) {
      case PEER_RATIO -> String.format(Locale.ROOT, "≥ %.1f × as fast as the best peer", bound);
      case BASE_RATIO -> String.format(Locale.ROOT, "≤ %.1f × its base", bound);
      case SECONDS -> "≤ " + Format.seconds(bound);
      case OVERHEAD -> "≤ " + Format.bytes(bound) + " of heap besides results";
      case PEER_SHARE -> "≤ the best peer's";
    };
  }
}
