package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.internal.Assembler;

/** Sums over channels of F32 by {@link ChannelSumCode}; those of F64 are the portable ones. */
final class NativeChannelSums implements ChannelSums {
  private static final NativeFunction MOMENTS_OF_RUNS = function(ChannelSumCode.ofRuns(false));
  private static final NativeFunction MOMENTS_OF_ROWS = function(ChannelSumCode.ofRows(false));
  private static final NativeFunction PRODUCTS_OF_RUNS = function(ChannelSumCode.ofRuns(true));
  private static final NativeFunction PRODUCTS_OF_ROWS = function(ChannelSumCode.ofRows(true));

  /** The plan of a thread. */
  private static final ThreadLocal<int[]> PLAN =
      ThreadLocal.withInitial(() -> new int[ChannelSumCode.FIELDS]);

  private static NativeFunction function(Assembler code) {
    return new NativeFunction(code, float[].class, float[].class, double[].class);
  }

  private final ChannelSums portable = new PortableChannelSums();

  @Override
  public void moments(ChannelStatistics s, int from, int to, Arr x, double[] about, double[] into) {
    if (x.dtype() == DType.F32) {
      var function = s.size() == 1 ? MOMENTS_OF_ROWS : MOMENTS_OF_RUNS;
      run(function, s, from, to, x, about, x, into);
    } else {
      portable.moments(s, from, to, x, about, into);
    }
  }

  @Override
  public void products(
      ChannelStatistics s, int from, int to, Arr x, double[] mean, Arr v, double[] into) {
    if (x.dtype() == DType.F32) {
      var function = s.size() == 1 ? PRODUCTS_OF_ROWS : PRODUCTS_OF_RUNS;
      run(function, s, from, to, x, mean, v, into);
    } else {
      portable.products(s, from, to, x, mean, v, into);
    }
  }

  private static void run(
      NativeFunction function,
      ChannelStatistics s,
      int from,
      int to,
      Arr x,
      double[] about,
      Arr v,
      double[] into) {
    int channels = s.channels();
    double[] sums = Scratch.mine().numbers(0, 3 * channels);
    Arrays.fill(sums, 0, 2 * channels, 0);
    System.arraycopy(about, 0, sums, 2 * channels, channels);
    int start = from * channels * s.size();
    int[] plan = PLAN.get();
    plan[ChannelSumCode.EXAMPLES] = to - from;
    plan[ChannelSumCode.CHANNELS] = channels;
    plan[ChannelSumCode.SIZE] = s.size();
    function.run(plan, x.f32(), start, v.f32(), start, sums, 0, 1);
    for (int c = 0; c < channels; c++) {
      into[2 * c] += sums[c];
      into[2 * c + 1] += sums[channels + c];
    }
  }
}
