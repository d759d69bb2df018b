package org.kotangent.bench.driver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What the command line says. */
record Options(
    List<String> names, Optional<Path> json, Optional<Path> data, boolean list, boolean quick) {
  private static final String OPTIONS = "--list, --quick, --json FILE and --data DIR";

  /** Words that make no sense; the message says why. */
  static final class Misuse extends Exception {
    Misuse(String message) {
      super(message);
    }
  }

  static Options parse(Path root, String... args) throws Misuse {
    var names = new ArrayList<String>();
    Optional<Path> json = Optional.empty();
    Optional<Path> data = Optional.of(root.resolve("../shared/data/mnist").normalize());
    boolean list = false;
    boolean quick = false;
    Iterator<String> words = Arrays.asList(args).iterator();
    while (words.hasNext()) {
      String word = words.next();
      switch (word) {
        case "--json" -> {
          Path file = path(word, words).toAbsolutePath();
          if (!Files.isDirectory(file.getParent()) || Files.isDirectory(file)) {
            throw new Misuse("--json: must be a file in a directory that exists; got " + file);
          }
          json = Optional.of(file);
        }
        case "--data" -> {
          Path directory = path(word, words);
          if (!Files.isDirectory(directory)) {
            throw new Misuse("--data: must be the directory of MNIST's files; got " + directory);
          }
          data = Optional.of(directory);
        }
        case "--list" -> list = true;
        case "--quick" -> quick = true;
        default -> {
          if (word.startsWith("-")) {
            throw new Misuse("there is no option " + word + "; there are " + OPTIONS);
          }
          names.add(word);
        }
      }
    }
    return new Options(names, json, data.filter(Files::isDirectory), list, quick);
  }

  private static Path path(String option, Iterator<String> words) throws Misuse {
    String word = words.hasNext() ? words.next() : "--";
    if (word.startsWith("--")) {
      throw new Misuse(option + ": a path must follow");
    }
    return Path.of(word);
  }

  /** The benchmarks that are named, or all. */
  List<Benchmark> chosen(List<Benchmark> all) throws Misuse {
    for (String name : names) {
      if (all.stream().noneMatch(b -> b.name().equals(name))) {
        throw new Misuse("there is no benchmark " + name + "; --list names them");
      }
    }
    return names.isEmpty() ? all : all.stream().filter(b -> names.contains(b.name())).toList();
  }
}
