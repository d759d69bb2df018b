package org.kotangent.ad.internal;

import java.lang.System.Logger;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Who computes: chosen once, when the library is first used.
 *
 * <p>The system property {@code kotangent.kernels} overrides the choice with {@code vector}, {@code
 * openblas} or {@code portable}.
 */
public enum Provider {
  /**
   * Products and convolutions in machine code, on Linux on x86-64 where native access is allowed;
   * everything else by the Vector API or in plain Java.
   */
  NATIVE,
  /** The incubating Vector API, where HotSpot's second compiler turns it into instructions. */
  VECTOR,
  /** Matrix products by OpenBLAS through the Foreign Function API, everything else portable. */
  OPENBLAS,
  /** Plain Java. */
  PORTABLE;

  private static final String PROPERTY = "kotangent.kernels";
  private static final Logger LOG = System.getLogger(Provider.class.getName());
  private static final Provider CHOSEN = choose();

  /** The provider in use. */
  public static Provider chosen() {
    return CHOSEN;
  }

  private static Provider choose() {
    String wanted = System.getProperty(PROPERTY, "");
    Provider provider = wanted.isEmpty() ? best() : named(wanted);
    LOG.log(Logger.Level.DEBUG, "kernels: {0}", provider.label());
    return provider;
  }

  /** Whether what is written with the Vector API is used. */
  public boolean usesVectors() {
    return this == VECTOR || (this == NATIVE && Simd.isFast());
  }

  private static Provider best() {
    boolean vectors = Simd.isFast();
    boolean machine = MachineCode.isPresent();
    if (!vectors) {
      String what = machine ? "elementwise operations are" : "most operations are";
      tellOf(what + " several times slower than they could be", Simd.remedy());
    } else if (MachineCode.isForbidden()) {
      tellOf("products and convolutions are slower than they could be", MachineCode.remedy());
    }
    if (machine) {
      return NATIVE;
    }
    if (vectors) {
      return VECTOR;
    }
    return OpenBlas.isPresent() ? OPENBLAS : PORTABLE;
  }

  private static void tellOf(String what, String remedy) {
    LOG.log(Logger.Level.INFO, "{0}: {1}", what, remedy);
  }

  private static Provider named(String wanted) {
    for (Provider provider : values()) {
      if (provider.label().equals(wanted)) {
        if (provider == NATIVE && !MachineCode.isPresent()) {
          throw new IllegalStateException(
              PROPERTY
                  + ": native needs Linux on x86-64 with AVX2, and the permission to run machine"
                  + " code; "
                  + MachineCode.remedy());
        }
        if (provider == VECTOR && !Simd.isPresent()) {
          throw new IllegalStateException(
              PROPERTY
                  + ": vector needs a module that is missing; start Java with "
                  + Simd.MODULE_OPTION);
        }
        return provider;
      }
    }
    String known = Arrays.stream(values()).map(Provider::label).collect(Collectors.joining(", "));
    throw new IllegalStateException(
        PROPERTY + ": must be one of " + known + "; got " + wanted + "; change it or leave it out");
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
