package org.kotangent.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a contender's process knows about itself. */
public final class ThisProcess {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ThisProcess() {}

  /** Bytes of memory that were resident at most (VmHWM), or 0 where the system does not say. */
  public static double peakMemory() {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Seconds since the process was started, the JVM's own start included. */
  public static double age() {
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    return (System.currentTimeMillis() - start) * 1e-3;
  }
}
