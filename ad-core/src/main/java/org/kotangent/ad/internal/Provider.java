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

  private static Provider best() {
    if (Simd.isFast()) {
      return VECTOR;
    }
    LOG.log(
        Logger.Level.INFO,
        "products and convolutions are several times slower without the Vector API: {0}",
        Simd.remedy());
    return OpenBlas.isPresent() ? OPENBLAS : PORTABLE;
  }

  private static Provider named(String wanted) {
    for (Provider provider : values()) {
      if (provider.label().equals(wanted)) {
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
