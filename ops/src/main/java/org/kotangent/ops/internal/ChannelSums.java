package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;

/**
 * Two sums for every channel of the examples [from, to) of an array [n, channels, size]. What they
 * add to is in double: of channel c the elements 2c and 2c + 1.
 */
interface ChannelSums {
  /** Adds Σ(x − s) and Σ(x − s)², where s = about[c]. */
  void moments(ChannelStatistics s, int from, int to, Arr x, double[] about, double[] into);

  /** Adds Σv and Σ(x − μ)·v, where μ = mean[c]. */
  void products(ChannelStatistics s, int from, int to, Arr x, double[] mean, Arr v, double[] into);
}
