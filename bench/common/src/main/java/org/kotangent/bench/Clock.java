package org.kotangent.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Times work: warms it up for a while, then takes samples for a while. Work that is shorter than a
 * sample should be is repeated within it.
 */
final class Clock {
  private static final double SAMPLE = 100e-6;
  private static final int FEWEST = 5;

  private final double warmUp;
  private final double length;

  /** Seconds of warming up and of measuring. */
  Clock(double warmUp, double length) {
    this.warmUp = warmUp;
    this.length = length;
  }

  /** Seconds and bytes of heap that one operation takes. */
  record Sample(double median, double least, double allocated, int samples) {}

  Sample time(Work.Repeated work) {
    int repetitions = warmUp(work);
    work.settle();
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double[] seconds = new double[1 << 16];
    int n = 0;
    long bytes = bean.getTotalThreadAllocatedBytes();
    long begin = System.nanoTime();
    while (n < seconds.length && (n < FEWEST || secondsSince(begin) < length)) {
      long start = System.nanoTime();
      for (int i = 0; i < repetitions; i++) {
        work.run();
      }
      seconds[n++] = secondsSince(start);
    }
    bytes = bean.getTotalThreadAllocatedBytes() - bytes;
    Arrays.sort(seconds, 0, n);
    double operations = (double) repetitions * work.operations();
    return new Sample(
        seconds[n / 2] / operations, seconds[0] / operations, bytes / (n * operations), n);
  }

  /** Runs until it is warm; the number of runs in a sample. */
  private int warmUp(Work.Repeated work) {
    long begin = System.nanoTime();
    int runs = 0;
    int half = 0;
    double atHalf = 0;
    while (runs < FEWEST || secondsSince(begin) < warmUp) {
      work.run();
      runs++;
      if (half == 0 && secondsSince(begin) > warmUp / 2) {
        half = runs;
        atHalf = secondsSince(begin);
      }
    }
    double each = (secondsSince(begin) - atHalf) / Math.max(1, runs - half);
    return (int) Math.clamp(Math.ceil(SAMPLE / Math.max(each, 1e-9)), 1, 100_000);
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
