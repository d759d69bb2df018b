package org.kotangent.ad.internal;

import java.lang.management.ManagementFactory;
import java.util.List;

/** Whether vector instructions can be had by way of the Vector API. */
public final class Simd {
  static final String MODULE = "jdk.incubator.vector";
  static final String MODULE_OPTION = "--add-modules " + MODULE;

  private Simd() {}

  /** Whether the Vector API can be called at all. */
  public static boolean isPresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** Whether calls of it become single instructions: on HotSpot with its second compiler. */
  static boolean isFast() {
    return isPresent() && isOptimising();
  }

  /** What to do to make it fast. */
  static String remedy() {
    return isPresent()
        ? "run on HotSpot without -Xint and without -XX:TieredStopAtLevel"
        : "start Java with " + MODULE_OPTION;
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

  private static List<String> arguments() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }
}
