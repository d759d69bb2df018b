package org.kotangent.spec.laws

import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes

/** One step of a program, from two of the values so far to the next; all are matrices of one shape. */
private typealias Step = (Tensor, Tensor) -> Tensor

private const val ROWS = 2
private const val COLUMNS = 3

private fun Sampler.step(): Step {
    val c = number(nonZero)
    val mask = mask(Shape.of(ROWS, 1))
    val order = permutation(ROWS)
    return pick(
        { x, _ -> Elementary.sin(x.times(c)) },
        { x, _ -> Elementary.tanh(x.plus(c)) },
        { x, _ -> Elementary.exp(Elementary.square(x).unaryMinus()) },
        { x, y -> x.times(c).minus(y) },
        { x, y -> x.times(Elementary.sigmoid(y)) },
        { x, y -> x.div(Elementary.square(y).plus(1.0)) },
        { x, y -> Elementary.hypot(x, Elementary.square(y).plus(0.5)) },
        { x, y -> Elementary.where(mask, x, y) },
        { x, y -> Linalg.matmul(Linalg.matmul(x, y, false, true), Elementary.tanh(y)).times(0.1) },
        { x, y -> x.plus(Reduce.mean(y, -1).let { Shapes.expandDims(it, 1) }) },
        { x, y -> Shapes.slice(Shapes.concat(listOf(x, y), 0), 1, 1 + ROWS, 0) },
        { x, _ -> Shapes.gather(x, Tensor.of(*order), 0) },
        { x, _ -> Shapes.reshape(Shapes.transpose(x), ROWS, COLUMNS) },
        { x, _ -> Nn.softmax(x, 1) },
        { x, y -> if (y.toDoubles().sum() > 0) Elementary.softplus(x) else Elementary.softplus(-x).plus(x) },
        { x, y -> Ad.jvp({ t: Tensor -> Elementary.sin(t.times(x)) }, y, x).tangent().times(0.2) },
        { x, y -> Ad.grad { t: Tensor -> Core.sum(Elementary.tanh(t).times(x), intArrayOf(), false) }.apply(y) },
    )
}

private fun Sampler.program(length: Int): Problem {
    val inputs = List(2) { tensor(ROWS, COLUMNS) }
    val steps = List(length) { k -> Triple(step(), int(0..k + 1), int(0..k + 1)) }
    return Problem(inputs) { x ->
        val values = steps.fold(x) { sofar, (step, i, j) -> sofar + step(sofar[i], sofar[j]) }
        values.takeLast(2)
    }
}

/**
 * Programs made of random steps, in which values are shared, broadcast, reduced and moved, branches are taken (between two
 * ways of computing the same) and derivatives are computed on the way.
 */
val programCases: List<Case> = List(20) { k -> Case("Program", "number $k") { program(length = 3 + k / 2) } }
