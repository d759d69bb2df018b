package org.kotangent.spec.conformance

import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Shapes

/** Operators that move numbers, whole parts at a time, and compute none. */
internal val shapeOperators: Map<String, Operator> =
    operators {
        reshaping()
        joining()
        slicing()
        blocks()
    }

private fun Operators.reshaping() {
    operator("Reshape") {
        val kept = { i: Int -> if (flag("allowzero")) 0 else this[0].dim(i) }
        val wanted = given(1, "shape").mapIndexed { i, size -> if (size == 0) kept(i) else size }
        Shapes.reshape(this[0], *wanted.toIntArray())
    }
    operator("Flatten") {
        val axis = fromFront(int("axis", 1), this[0].rank())
        val outer = this[0].dims().take(axis).fold(1, Int::times)
        Shapes.reshape(Shapes.flatten(this[0], axis), outer, this[0].dims().drop(axis).fold(1, Int::times))
    }
    operator("Transpose") { Shapes.transpose(this[0], *(ints("perm") ?: IntArray(0))) }
    operator("Squeeze") { Shapes.squeeze(this[0], *(ints(1) ?: ints("axes") ?: IntArray(0))) }
    operator("Unsqueeze") {
        val axes = given(1, "axes")
        val rank = this[0].rank() + axes.size
        axes.map { fromFront(it, rank) }.sorted().fold(this[0], Shapes::expandDims)
    }
    operator("Expand") {
        val shape = Shape.broadcast("Expand", this[0].shape(), Shape.of(*given(1, "shape")))
        Shapes.broadcastTo(this[0], *shape.toArray())
    }
    operator("Shape") {
        val rank = this[0].rank()
        val (start, end) = listOf(int("start", 0), int("end", rank)).map { fromFront(it, rank).coerceIn(0, rank) }
        this[0].dims().subList(start, maxOf(start, end)).indices32()
    }
    operator("Size") { listOf(this[0].size()).indices32(Shape.scalar()) }
}

private fun Operators.joining() {
    operator("Concat") { Shapes.concat(inputs.filterNotNull(), int("axis", 1)) }
    operator("Tile") { Shapes.tile(this[0], *given(1, "repeats")) }
    outputs("Split") {
        val axis = int("axis", 0)
        val sizes = ints(1) ?: ints("split") ?: even(this[0].dim(axis), int("num_outputs", outputs))
        Shapes.split(this[0], sizes, axis)
    }
    operator("Pad") {
        val x = this[0]
        val pads = given(1, "pads").toList()
        val axes = (ints(3) ?: IntArray(pads.size / 2) { it }).map(x::axis)
        val before = x.perAxis(axes, pads.take(axes.size)) { 0 }
        val after = x.perAxis(axes, pads.drop(axes.size)) { 0 }
        x.padded(before, after, optional(2)?.item() ?: float("value", 0.0), string("mode", "constant"))
    }
}

/** As many parts of equal size; the last may be smaller. */
private fun even(size: Int, parts: Int): IntArray {
    val chunk = (size + parts - 1) / parts
    return IntArray(parts) { minOf(chunk, size - it * chunk) }
}

/** For every axis of this tensor the number that is given for it, or [otherwise]. */
private fun Tensor.perAxis(axes: List<Int>, numbers: List<Int>, otherwise: (Int) -> Int): IntArray {
    val known = axes.zip(numbers).toMap()
    return IntArray(rank()) { known[it] ?: otherwise(it) }
}

private fun Operators.slicing() {
    operator("Slice") {
        val x = this[0]
        val starts = given(1, "starts").toList()
        val axes = (ints(3) ?: ints("axes") ?: IntArray(starts.size) { it }).map(x::axis)
        val steps = (ints(4) ?: IntArray(starts.size) { 1 }).toList()
        val ends = x.perAxis(axes, given(2, "ends").toList(), x::dim)
        Shapes.slice(x, x.perAxis(axes, starts) { 0 }, ends, x.perAxis(axes, steps) { 1 })
    }
    operator("CenterCropPad") {
        val x = this[0]
        val sizes = given(1, "shape").toList()
        val axes = (ints("axes") ?: IntArray(sizes.size) { it }).map(x::axis)
        val more = x.perAxis(axes, sizes, x::dim).mapIndexed { axis, size -> size - x.dim(axis) }
        val before = IntArray(x.rank()) { more[it] / 2 }
        x.padded(before, IntArray(x.rank()) { more[it] - before[it] }, 0.0)
    }
    operator("Trilu") {
        val (x, rows, columns) = Triple(this[0], this[0].dim(-2), this[0].dim(-1))
        val diagonal = optional(1)?.item()?.toInt() ?: 0
        val kept = BooleanArray(rows * columns) {
            val above = it % columns - it / columns - diagonal
            if (flag("upper", true)) above >= 0 else above <= 0
        }
        Elementary.where(Tensor.of(Shape.of(rows, columns), *kept), x, x.like(0.0))
    }
}

private fun Operators.blocks() {
    operator("DepthToSpace") {
        val (n, c, h, w) = this[0].dims()
        val b = int("blocksize", 1)
        val depth = c / (b * b)
        val blocks =
            if (string("mode", "DCR") == "DCR") {
                Shapes.transpose(Shapes.reshape(this[0], n, b, b, depth, h, w), 0, 3, 4, 1, 5, 2)
            } else {
                Shapes.transpose(Shapes.reshape(this[0], n, depth, b, b, h, w), 0, 1, 4, 2, 5, 3)
            }
        Shapes.reshape(blocks, n, depth, h * b, w * b)
    }
    operator("SpaceToDepth") {
        val (n, c, h, w) = this[0].dims()
        val b = int("blocksize", 1)
        val order = if (string("mode", "DCR") == "DCR") intArrayOf(0, 3, 5, 1, 2, 4) else intArrayOf(0, 1, 3, 5, 2, 4)
        val blocks = Shapes.transpose(Shapes.reshape(this[0], n, c, h / b, b, w / b, b), *order)
        Shapes.reshape(blocks, n, c * b * b, h / b, w / b)
    }
}

/** A margin of the given widths along every axis; a negative width cuts off. */
internal fun Tensor.padded(before: IntArray, after: IntArray, value: Double, mode: String = "constant"): Tensor {
    val starts = IntArray(rank()) { maxOf(0, -before[it]) }
    val kept = Shapes.slice(this, starts, IntArray(rank()) { dim(it) - maxOf(0, -after[it]) }, IntArray(rank()) { 1 })
    val (front, back) = listOf(before, after).map { widths -> IntArray(rank()) { maxOf(0, widths[it]) } }
    return when (mode) {
        "constant" -> Shapes.pad(kept, front, back, value)
        "edge" -> Shapes.padEdge(kept, front, back)
        else -> dims().indices.fold(kept) { x, axis -> x.continued(axis, front[axis], back[axis], mode) }
    }
}

/** A margin along one axis that repeats the axis or mirrors it at its ends. */
private fun Tensor.continued(axis: Int, before: Int, after: Int, mode: String): Tensor {
    val size = dim(axis)
    val there = maxOf(1, size - 1)
    val inside = { i: Int ->
        when (mode) {
            "wrap" -> Math.floorMod(i, size)
            "reflect" -> Math.floorMod(i, 2 * there).let { minOf(it, 2 * there - it) }
            else -> error("Pad: there is no mode $mode")
        }
    }
    return Shapes.gather(this, (-before until size + after).map(inside).indices32(), axis)
}
