package org.kotangent.ad;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Where an infinite number or NaN first arose while a function was computed or differentiated.
 * Prints as one sentence.
 *
 * @param stage in what it arose
 * @param quantity the same in words, with the operand where there are several
 * @param operation the operation with its attributes
 * @param index how many operations on values that depend on the argument came before it; −1 where
 *     no operation is to blame
 * @param label the name that {@link Ad#named} gives its result, if any
 * @param operands what it was applied to
 * @param result type and shape of the value, of its tangent, or of the operand's cotangent
 * @param position the first element that is not finite; NaN counts before infinities
 * @param number that element
 * @param frame the innermost call of the user's own code; for a cotangent that of the forward pass
 * @param remedy what to do about it
 */
public record NonFinite(
    Stage stage,
    String quantity,
    String operation,
    int index,
    Optional<String> label,
    List<Operand> operands,
    Spec result,
    List<Integer> position,
    double number,
    Optional<StackTraceElement> frame,
    String remedy) {

  /** What is not finite. */
  public enum Stage {
    /** The function itself. */
    VALUE,
    /** A derivative in forward mode, along ones. */
    TANGENT,
    /** A derivative in reverse mode, of the sum of all results. */
    COTANGENT
  }

  /**
   * What an operation was applied to.
   *
   * @param name its place among the operands, or {@code cotangent} for that of the result
   * @param spec type and shape
   * @param finite whether all its elements are
   * @param number the element at the place where the result is not finite, if there is one such
   * @param source where it came from, if it was not finite from the start
   */
  public record Operand(
      String name, Spec spec, boolean finite, OptionalDouble number, Optional<String> source) {
    @Override
    public String toString() {
      String is = number.isPresent() ? Double.toString(number.getAsDouble()) : "";
      String from = source.orElse("");
      String note = is.isEmpty() || from.isEmpty() ? is + from : is + ", " + from;
      return name + ": " + spec + (note.isEmpty() ? "" : " (" + note + ")");
    }
  }

  /** Copies the lists. */
  public NonFinite {
    operands = List.copyOf(operands);
    position = List.copyOf(position);
  }

  @Override
  public String toString() {
    String where = position.isEmpty() ? " in " + result : " at " + position + " of " + result;
    String from =
        operands.stream().map(Operand::toString).collect(Collectors.joining(", ", " from ", ""));
    return Checks.message(
        operation,
        "the " + quantity + " must be finite",
        number
            + where
            + (operands.isEmpty() ? "" : from)
            + (index < 0 ? "" : ", operation " + index)
            + label.map(l -> " \"" + l + "\"").orElse("")
            + frame.map(f -> ", at " + place(f)).orElse(""),
        remedy);
  }

  static String place(StackTraceElement frame) {
    return frame.getFileName() + ":" + frame.getLineNumber();
  }
}
