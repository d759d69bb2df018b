package org.kotangent.dsl

import org.kotangent.ad.Core
import org.kotangent.ad.Params
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary

// Arithmetic with numbers of any type on either side; a number takes the type of the tensor. What Tensor and Params
// define themselves (tensor with tensor, tensor with Double) is not repeated here.

/** Sum with a number, element by element. */
public operator fun Tensor.plus(number: Number): Tensor = plus(number.toDouble())

/** Difference with a number, element by element. */
public operator fun Tensor.minus(number: Number): Tensor = minus(number.toDouble())

/** Product with a number, element by element. */
public operator fun Tensor.times(number: Number): Tensor = times(number.toDouble())

/** Quotient by a number, element by element. */
public operator fun Tensor.div(number: Number): Tensor = div(number.toDouble())

/** Sum of a number and every element. */
public operator fun Number.plus(x: Tensor): Tensor = Core.add(x.like(toDouble()), x)

/** A number less every element. */
public operator fun Number.minus(x: Tensor): Tensor = Core.sub(x.like(toDouble()), x)

/** Product of a number and every element. */
public operator fun Number.times(x: Tensor): Tensor = Core.mul(x.like(toDouble()), x)

/** A number divided by every element. */
public operator fun Number.div(x: Tensor): Tensor = Core.div(x.like(toDouble()), x)

/** All parameters multiplied by a number. */
public operator fun Params.times(factor: Number): Params = times(factor.toDouble())

/** All parameters divided by a number. */
public operator fun Params.div(divisor: Number): Params = map { it / divisor.toDouble() }

/** All parameters multiplied by a number, as in `p - rate * grad(p) { … }`. */
public operator fun Number.times(p: Params): Params = p.times(toDouble())

/** xʸ, element by element: `x pow 3`; see [Elementary.pow]. */
public infix fun Tensor.pow(y: Number): Tensor = Elementary.pow(this, y.toDouble())

/** xʸ, element by element; see [Elementary.pow]. */
public infix fun Tensor.pow(y: Tensor): Tensor = Elementary.pow(this, y)

/** The larger of every element and a number; see [Elementary.max]. */
public fun max(x: Tensor, y: Number): Tensor = Elementary.max(x, y.toDouble())

/** The smaller of every element and a number; see [Elementary.min]. */
public fun min(x: Tensor, y: Number): Tensor = Elementary.min(x, y.toDouble())
