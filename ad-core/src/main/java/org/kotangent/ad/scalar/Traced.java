package org.kotangent.ad.scalar;

/** A value of a recording: the number it is for the example, and its place in the program. */
final class Traced extends Real {
  private final Recorder recorder;
  private final double number;
  private final int id;

  Traced(Recorder recorder, double number, int id) {
    this.recorder = recorder;
    this.number = number;
    this.id = id;
  }

  Recorder recorder() {
    return recorder;
  }

  int id() {
    return id;
  }

  @Override
  public double value() {
    throw Checks.domain(
        "value",
        "the number of a recorded value cannot be read, since a replay could not follow what is"
            + " done with it",
        "a value of record",
        "branch with compareTo, or choose with select");
  }

  @Override
  double number() {
    return number;
  }

  @Override
  Level level() {
    return recorder;
  }
}
