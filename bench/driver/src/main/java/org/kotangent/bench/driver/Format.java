package org.kotangent.bench.driver;

import java.util.Locale;

/** Numbers with units, three digits that count. */
final class Format {
  private Format() {}

  static String seconds(double s) {
    return scaled(s, 1000, new String[] {"ns", "µs", "ms", "s"}, 1e-9);
  }

  static String bytes(double b) {
    return scaled(b, 1024, new String[] {"B", "KB", "MB", "GB"}, 1);
  }

  static String ratio(double r) {
    return Double.isNaN(r) ? "" : digits(r) + " ×";
  }

  private static String scaled(double number, double step, String[] units, double smallest) {
    if (Double.isNaN(number)) {
      return "";
    }
    double scaled = number / smallest;
    int i = 0;
    while (scaled >= step && i + 1 < units.length) {
      scaled /= step;
      i++;
    }
    return digits(scaled) + " " + units[i];
  }

  private static String digits(double number) {
    int decimals = number >= 100 ? 0 : number >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", number);
  }
}
