package org.kotangent.bench;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The process of one contender in one setting.
 *
 * <pre>
 * Worker check CONTENDER FILE TASK…             writes the results of repeated tasks to the file
 * Worker time CONTENDER WARM-UP LENGTH TASK…    prints measurements, seconds to spend on each task
 * </pre>
 *
 * A measurement is a line {@code @bench TASK NAME NUMBER}; what else contenders print is not.
 */
public final class Worker {
  private static final String MARK = "@bench";

  private Worker() {}

  /** Does what the arguments say; an exception ends the process with code 1. */
  public static void main(String[] args) throws Exception {
    Work.Contender contender =
        Class.forName(args[1])
            .asSubclass(Work.Contender.class)
            .getDeclaredConstructor()
            .newInstance();
    List<String> rest = Arrays.asList(args).subList(2, args.length);
    if (args[0].equals("check")) {
      check(contender, Path.of(rest.getFirst()), rest.subList(1, rest.size()));
    } else {
      var clock = new Clock(Double.parseDouble(rest.get(0)), Double.parseDouble(rest.get(1)));
      time(contender, clock, rest.subList(2, rest.size()));
    }
    System.exit(0); // native thread pools would keep some peers alive
  }

  private static void check(Work.Contender contender, Path file, List<String> tasks)
      throws Exception {
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (String task : tasks) {
        if (contender.prepare(Task.of(task)) instanceof Work.Repeated repeated) {
          write(out, task, repeated.results());
        }
      }
    }
  }

  private static void write(DataOutputStream out, String task, Map<String, double[]> results)
      throws IOException {
    for (var result : results.entrySet()) {
      out.writeUTF(task);
      out.writeUTF(result.getKey());
      out.writeInt(result.getValue().length);
      for (double number : result.getValue()) {
        out.writeDouble(number);
      }
    }
  }

  private static void time(Work.Contender contender, Clock clock, List<String> tasks)
      throws Exception {
    for (String task : tasks) {
      switch (contender.prepare(Task.of(task))) {
        case Work.Repeated repeated -> {
          Clock.Sample sample = clock.time(repeated);
          print(task, "median", sample.median());
          print(task, "least", sample.least());
          print(task, "allocated", sample.allocated());
          print(task, "results", (double) repeated.resultBytes() / repeated.operations());
          print(task, "samples", sample.samples());
        }
        case Work.Measured measured -> measured.run((name, number) -> print(task, name, number));
      }
      print(task, "peak", ThisProcess.peakMemory());
    }
  }

  private static void print(String task, String name, double number) {
    System.out.println(String.join(" ", MARK, task, name, Double.toString(number)));
  }
}
