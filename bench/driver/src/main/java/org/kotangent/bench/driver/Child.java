package org.kotangent.bench.driver;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Starts a contender's process and reads what it measured. */
final class Child {
  private static final String MARK = "@bench ";

  private final Path root;
  private final Optional<Path> data;

  /** The checkout, and the directory of MNIST's files if there is one. */
  Child(Path root, Optional<Path> data) {
    this.root = root;
    this.data = data;
  }

  /** A measurement. */
  record Line(String task, String measure, double number) {
    static Optional<Line> parse(String text) {
      if (!text.startsWith(MARK)) {
        return Optional.empty();
      }
      String[] words = text.split(" ", -1);
      return Optional.of(new Line(words[1], words[2], Double.parseDouble(words[3])));
    }
  }

  /** A contender that could not do what it was asked to. */
  static final class Failure extends Exception {
    Failure(String message) {
      super(message);
    }
  }

  /** Writes results of the tasks to the file. */
  void check(Entrant entrant, Path file, List<String> tasks) throws Failure {
    start(entrant, entrant.settings().getFirst(), "check", List.of(file.toString()), tasks);
  }

  /** Measures the tasks. */
  List<Line> time(
      Entrant entrant, Setting setting, double warmUp, double length, List<String> tasks)
      throws Failure {
    List<String> times = List.of(Double.toString(warmUp), Double.toString(length));
    return start(entrant, setting, "time", times, tasks);
  }

  private List<Line> start(
      Entrant entrant, Setting setting, String mode, List<String> arguments, List<String> tasks)
      throws Failure {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    data.ifPresent(directory -> command.add("-Dbench.data=" + directory));
    command.addAll(setting.options());
    command.addAll(List.of("-cp", classPath(entrant.module()), "org.kotangent.bench.Worker", mode));
    command.add(entrant.type());
    command.addAll(arguments);
    command.addAll(tasks);
    try {
      Path errors = Files.createTempFile("kotangent-bench", ".txt");
      try {
        return run(command, entrant, setting, errors);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Line> run(List<String> command, Entrant entrant, Setting setting, Path errors)
      throws IOException, Failure {
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(setting.environment());
    Process process = builder.start();
    List<Line> lines;
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      lines = out.lines().flatMap(text -> Line.parse(text).stream()).toList();
    }
    int code;
    try {
      code = process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
    if (code != 0) {
      List<String> said = Files.readAllLines(errors);
      String last =
          said.stream()
              .skip(Math.max(0, said.size() - 12))
              .map(line -> "\n    " + line)
              .collect(Collectors.joining());
      throw new Failure(
          entrant.name() + " (" + setting.name() + ") ended with code " + code + last);
    }
    return lines;
  }

  private String classPath(String module) {
    Path bench = root.resolve("bench");
    Path file = bench.resolve("target/kotangent-bench-" + module + ".classpath");
    try {
      return bench.resolve(module + "/target/classes")
          + File.pathSeparator
          + Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
