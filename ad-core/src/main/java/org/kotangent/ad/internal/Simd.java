package org.kotangent.ad.internal;

import java.lang.management.ManagementFactory;
import java.util.List;

/** Whether vector instructions can be had by way of the Vector API. */
public final class Simd {
  static final String MODULE = "jdk.incubator.vector";
  static final String MODULE_OPTION = "--add-modules " + MODULE;

  /** Nanoseconds that an instruction takes at most, interpreted. */
  private static final long MOST_OF_FMA = 400;

  private Simd() {}

  /** Whether the Vector API can be called at all. */
  public static boolean isPresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** Whether calls of it become single instructions: on HotSpot with its second compiler. */
  static boolean isFast() {
    return isPresent() && isOptimising() && hasFma();
  }

  /** What to do to make it fast. */
  static String remedy() {
    if (!isPresent()) {
      return "start Java with " + MODULE_OPTION;
    }
    return hasFma()
        ? "run on HotSpot without -Xint and without -XX:TieredStopAtLevel"
        : "run on a processor with fused multiply-add and without -XX:-UseFMA";
  }

  private static boolean isOptimising() {
    String vm = System.getProperty("java.vm.name", "");
    String mode = System.getProperty("java.vm.info", "");
    return (vm.contains("HotSpot") || vm.contains("OpenJDK"))
        && vm.contains("Server")
        && mode.contains("mixed")
        && !mode.contains("emulated")
        && arguments().stream().noneMatch(a -> a.startsWith("-XX:TieredStopAtLevel="));
  }

  /**
   * Whether {@link Math#fma} is an instruction: in software it takes microseconds, and everything a
   * thousand times as long.
   */
  private static boolean hasFma() {
    long least = Long.MAX_VALUE;
    float x = 0;
    for (int run = 0; run < 20; run++) {
      long before = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        x = Math.fma(x, 0.5f, i + 0.1f);
      }
      least = Math.min(least, System.nanoTime() - before);
    }
    return x > 0 && least < 10 * MOST_OF_FMA;
  }

  private static List<String> arguments() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }
}
