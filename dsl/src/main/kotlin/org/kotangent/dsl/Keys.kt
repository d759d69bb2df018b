package org.kotangent.dsl

import org.kotangent.ops.Key

/** The first key of a pair, so that `val (a, b) = key.split()` works. */
public operator fun Key.Pair.component1(): Key = first()

/** The second key of a pair, so that `val (a, b) = key.split()` works. */
public operator fun Key.Pair.component2(): Key = second()
