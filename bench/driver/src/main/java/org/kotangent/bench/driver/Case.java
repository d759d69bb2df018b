package org.kotangent.bench.driver;

import java.util.List;
import java.util.Optional;

/**
 * A row of a table: one measurement of a task.
 *
 * @param measure the name of the measurement; {@code median} for tasks that are done over and over
 * @param base the task whose time the time is divided by, done by the same contender
 */
record Case(String task, String measure, Optional<String> base, List<Goal> goals) {
  static Case of(String task, Goal... goals) {
    return new Case(task, "median", Optional.empty(), List.of(goals));
  }

  static Case measured(String task, String measure, Goal... goals) {
    return new Case(task, measure, Optional.empty(), List.of(goals));
  }

  Case over(String baseTask) {
    return new Case(task, measure, Optional.of(baseTask), goals);
  }

  /**
   * The task whose results must be equal before this one is timed: itself, or the training step
   * where a whole process is measured.
   */
  String proof() {
    return measure.equals("median") ? task : "lenet-64/step";
  }

  /** How the row is called. */
  String label() {
    return measure.equals("median") ? task : task + "/" + measure;
  }

  /** True when it is bytes that are measured, and seconds otherwise. */
  boolean isBytes() {
    return measure.equals("peak");
  }
}
