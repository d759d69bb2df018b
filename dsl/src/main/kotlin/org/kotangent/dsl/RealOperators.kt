package org.kotangent.dsl

import org.kotangent.ad.scalar.Real

// Arithmetic of reals with numbers of any type on either side; what Real defines itself is not repeated here.

/** Sum with a number. */
public operator fun Real.plus(number: Number): Real = plus(number.toDouble())

/** Difference with a number. */
public operator fun Real.minus(number: Number): Real = minus(number.toDouble())

/** Product with a number. */
public operator fun Real.times(number: Number): Real = times(number.toDouble())

/** Quotient by a number. */
public operator fun Real.div(number: Number): Real = div(number.toDouble())

/** Comparison with a number; see [Real.compareTo]. */
public operator fun Real.compareTo(number: Number): Int = compareTo(number.toDouble())

/** Sum of a number and a real. */
public operator fun Number.plus(x: Real): Real = x.plus(toDouble())

/** A number less a real. */
public operator fun Number.minus(x: Real): Real = Real.of(toDouble()).minus(x)

/** Product of a number and a real. */
public operator fun Number.times(x: Real): Real = x.times(toDouble())

/** A number divided by a real. */
public operator fun Number.div(x: Real): Real = Real.of(toDouble()).div(x)

/** xʸ: `x pow 3`; see [Real.pow]. */
public infix fun Real.pow(y: Number): Real = pow(y.toDouble())
