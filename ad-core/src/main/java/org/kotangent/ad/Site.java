package org.kotangent.ad;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An application of a primitive, as a person would look for it. */
final class Site {
  private static final List<String> LIBRARY =
      Stream.of(
              "org.kotangent.ad", "org.kotangent.ops", "org.kotangent.dsl", "java", "jdk", "kotlin")
          .map(name -> name + ".")
          .toList();
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final int index;
  private final String operation;
  private final Optional<StackTraceElement> frame;
  private @Nullable String label;

  /** The application that is going on in this thread. */
  Site(int index, String operation) {
    this.index = index;
    this.operation = operation;
    this.frame = caller();
  }

  /** The innermost call that is not one of the library's own or of the languages'. */
  private static Optional<StackTraceElement> caller() {
    return WALKER.walk(frames ->
        frames
            .filter(f -> LIBRARY.stream().noneMatch(f.getClassName()::startsWith))
            .findFirst()
            .map(StackWalker.StackFrame::toStackTraceElement));
  }

  /** How many applications came before it; −1 for none in particular. */
  int index() {
    return index;
  }

  /** The primitive with its attributes. */
  String operation() {
    return operation;
  }

  /** Where in the user's code. */
  Optional<StackTraceElement> frame() {
    return frame;
  }

  /** The name of its result. */
  Optional<String> label() {
    return Optional.ofNullable(label);
  }

  void label(String name) {
    label = name;
  }

  @Override
  public String toString() {
    return operation + frame.map(f -> " at " + NonFinite.place(f)).orElse("");
  }
}
