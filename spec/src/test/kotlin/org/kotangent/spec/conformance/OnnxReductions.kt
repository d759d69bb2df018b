package org.kotangent.spec.conformance

import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.ops.Axes
import org.kotangent.ops.Elementary
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes

/** Reductions over axes, which come as an attribute or, later, as an input; and sums along an axis. */
internal val reductionOperators: Map<String, Operator> =
    operators {
        reduction("ReduceSum") { x, axes -> Reduce.sum(x, axes) }
        reduction("ReduceMean") { x, axes -> Reduce.mean(x, axes) }
        reduction("ReduceProd") { x, axes -> Reduce.prod(x, axes) }
        extremum("ReduceMax", Reduce::max, DType::least)
        extremum("ReduceMin", Reduce::min, DType::greatest)
        reduction("ReduceL1", none = Elementary::abs) { x, axes -> Reduce.sum(Elementary.abs(x), axes) }
        reduction("ReduceL2", none = Elementary::abs) { x, axes -> Reduce.norm(x, axes) }
        reduction("ReduceLogSum", none = Elementary::log) { x, axes -> Elementary.log(Reduce.sum(x, axes)) }
        reduction("ReduceLogSumExp") { x, axes -> Reduce.logSumExp(x, axes) }
        reduction("ReduceSumSquare", none = Elementary::square) { x, axes -> Reduce.sum(Elementary.square(x), axes) }
        operator("ArgMax") { position(Reduce::argMax) }
        operator("ArgMin") { position(Reduce::argMin) }
        operator("Hardmax") {
            val axis = this[0].axis(int("axis", -1))
            isClass(Reduce.argMax(this[0], axis), this[0].dim(axis), axis).to(this[0].dtype())
        }
        operator("CumSum") {
            val axis = this[0].axis(this[1].item().toInt())
            val x = if (flag("reverse")) Shapes.flip(this[0], axis) else this[0]
            val sums = Reduce.cumSum(if (flag("exclusive")) delayed(x, axis) else x, axis)
            if (flag("reverse")) Shapes.flip(sums, axis) else sums
        }
    }

/** [none] is the operator where it reduces over no axis at all. */
private fun Operators.reduction(name: String, none: (Tensor) -> Tensor = { it }, reduce: (Tensor, Axes) -> Tensor) =
    operator(name) {
        val given = reducedAxes()
        val nothing = this[0].rank() == 0 || (given.isEmpty() && flag("noop_with_empty_axes"))
        if (nothing) none(this[0]) else reduce(this[0], axes(given))
    }

private fun OnnxNode.reducedAxes(): IntArray = ints(1) ?: ints("axes") ?: IntArray(0)

private fun OnnxNode.axes(given: IntArray): Axes = if (flag("keepdims", true)) Axes.keep(*given) else Axes.drop(*given)

/** Truth values are ordered as 0 and 1; of no numbers the extremum is [ofNothing], where ours needs one. */
private fun Operators.extremum(name: String, reduce: (Tensor, Axes) -> Tensor, ofNothing: (DType) -> Double) =
    operator(name) {
        val given = reducedAxes()
        val numbers = if (this[0].isBoolean()) this[0].to(DType.I32) else this[0]
        val nothing = numbers.rank() == 0 || (given.isEmpty() && flag("noop_with_empty_axes"))
        val filled = nonEmpty(numbers, given, ofNothing(this[0].dtype()))
        if (nothing) this[0] else reduce(filled, axes(given)).to(this[0].dtype())
    }

private fun DType.least(): Double = when (this) {
    DType.I32 -> Int.MIN_VALUE.toDouble()
    DType.BOOL -> 0.0
    else -> Double.NEGATIVE_INFINITY
}

private fun DType.greatest(): Double = when (this) {
    DType.I32 -> Int.MAX_VALUE.toDouble()
    DType.BOOL -> 1.0
    else -> Double.POSITIVE_INFINITY
}

/** One number along every axis that is to be reduced and has none. */
private fun nonEmpty(x: Tensor, axes: IntArray, number: Double): Tensor {
    val reduced = axes.map(x::axis).ifEmpty { x.dims().indices.toList() }
    val empty = IntArray(x.rank()) { if (it in reduced && x.dim(it) == 0) 1 else 0 }
    return if (empty.sum() == 0) x else Shapes.pad(x, IntArray(x.rank()), empty, number)
}

/** Every number one place later along an axis, the first being 0. */
private fun delayed(x: Tensor, axis: Int): Tensor {
    val front = IntArray(x.rank()) { if (it == axis) 1 else 0 }
    return Shapes.slice(Shapes.pad(x, front, IntArray(x.rank()), 0.0), 0, x.dim(axis), axis)
}

private fun OnnxNode.position(find: (Tensor, Int) -> Tensor): Tensor {
    val axis = this[0].axis(int("axis", 0))
    val last = (this[0].dim(axis) - 1).toDouble()
    val found = if (flag("select_last_index")) -find(Shapes.flip(this[0], axis), axis) + last else find(this[0], axis)
    return if (flag("keepdims", true)) Shapes.expandDims(found, axis) else found
}
