package org.kotangent.dsl

import org.kotangent.ad.Tensor
import org.kotangent.ops.Axes
import org.kotangent.ops.Linalg
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes

// What reads better in Kotlin as an operator or an extension than as a call of a facade of org.kotangent.ops. A
// reduction is always an extension, so that max(x, y) compares elements and x.max(1) runs over an axis.

/** The sum of all elements. [*s] → [] */
public fun sum(x: Tensor): Tensor = Reduce.sum(x)

/** The mean of all elements. [*s] → [] */
public fun mean(x: Tensor): Tensor = Reduce.mean(x)

/** The Euclidean norm of all elements. [*s] → []; its derivative at 0 is 0. */
public fun norm(x: Tensor): Tensor = Reduce.norm(x)

/** The sum over the given axes, or over all; with [keepDims] they remain with size 1. See [Reduce.sum]. */
public fun Tensor.sum(vararg axes: Int, keepDims: Boolean = false): Tensor = Reduce.sum(this, over(axes, keepDims))

/** The mean over the given axes, or over all; with [keepDims] they remain with size 1. See [Reduce.mean]. */
public fun Tensor.mean(vararg axes: Int, keepDims: Boolean = false): Tensor = Reduce.mean(this, over(axes, keepDims))

/** The largest number along the given axes, or of all; with [keepDims] they remain with size 1. See [Reduce.max]. */
public fun Tensor.max(vararg axes: Int, keepDims: Boolean = false): Tensor = Reduce.max(this, over(axes, keepDims))

/** The smallest number along the given axes, or of all; with [keepDims] they remain with size 1. See [Reduce.min]. */
public fun Tensor.min(vararg axes: Int, keepDims: Boolean = false): Tensor = Reduce.min(this, over(axes, keepDims))

/** The Euclidean norm along the given axes, or of all; with [keepDims] they remain with size 1. See [Reduce.norm]. */
public fun Tensor.norm(vararg axes: Int, keepDims: Boolean = false): Tensor = Reduce.norm(this, over(axes, keepDims))

/** ln Σ eˣ along the given axes, or of all; with [keepDims] they remain with size 1. See [Reduce.logSumExp]. */
public fun Tensor.logSumExp(vararg axes: Int, keepDims: Boolean = false): Tensor =
    Reduce.logSumExp(this, over(axes, keepDims))

/** The index of the largest number along an axis, the first of several, of type I32. See [Reduce.argMax]. */
public fun Tensor.argMax(axis: Int): Tensor = Reduce.argMax(this, axis)

/** The matrix product; see [Linalg.matmul]. `[m, k] matmul [k, n] → [m, n]` */
public infix fun Tensor.matmul(b: Tensor): Tensor = Linalg.matmul(this, b)

/** The inner product of two vectors; see [Linalg.dot]. `[n] dot [n] → []` */
public infix fun Tensor.dot(b: Tensor): Tensor = Linalg.dot(this, b)

/** With the axes in the given order, or reversed; see [Shapes.transpose]. */
public fun Tensor.transpose(vararg order: Int): Tensor = Shapes.transpose(this, *order)

/** The same numbers with other sizes, one of which may be −1; see [Shapes.reshape]. */
public fun Tensor.reshape(vararg sizes: Int): Tensor = Shapes.reshape(this, *sizes)

/**
 * What lies at the given indices along the leading axes, which are dropped: `x[i]` is a row of a matrix, `x[i, j]` one of
 * its elements. Negative indices count from the end.
 *
 * @throws org.kotangent.ad.DomainException when an index does not exist
 */
public operator fun Tensor.get(vararg indices: Int): Tensor = indices.fold(this) { x, i -> Shapes.at(x, i, 0) }

private fun over(axes: IntArray, keepDims: Boolean) = if (keepDims) Axes.keep(*axes) else Axes.drop(*axes)
