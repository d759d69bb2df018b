package org.kotangent.spec.conformance

import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Shapes

/** Operators that choose single numbers or blocks by their indices. */
internal val indexingOperators: Map<String, Operator> =
    operators {
        operator("Gather") { Shapes.gather(this[0], this[1], int("axis", 0)) }
        operator("GatherElements") { chosen(elements()) }
        operator("GatherND") { chosen(blocks(int("batch_dims", 0))) }
        operator("ScatterElements", limit = { beyondSums() }) { scattered(elements()) }
        operator("ScatterND", limit = { beyondSums() }) { scattered(blocks(0)) }
        operator("Compress") {
            val kept = this[1].toBooleans().toList()
            val x = if (hasAttribute("axis")) this[0] else Shapes.flatten(this[0], 0)
            Shapes.gather(x, kept.indices.filter { kept[it] }.indices32(), int("axis", 0))
        }
        operator("OneHot") {
            val (labels, depth) = this[0].to(DType.I32) to this[1].item().toInt()
            val counted = Elementary.where(Elementary.less(labels, labels.like(0.0)), labels + depth.toDouble(), labels)
            val (off, on) = Shapes.at(this[2], 0, 0) to Shapes.at(this[2], 1, 0)
            Elementary.where(isClass(counted, depth, int("axis", -1)), on, off)
        }
    }

/** Whether a label is the class that a new axis counts; no class where the label is none. */
internal fun isClass(labels: Tensor, classes: Int, axis: Int): Tensor {
    val at = fromFront(axis, labels.rank() + 1)
    val counted = List(classes) { it }.indices32(Shape.of(classes, *IntArray(labels.rank() - at) { 1 }))
    return Elementary.equal(Shapes.expandDims(labels, at), counted)
}

/** For every index of the second input the place in the first that it names along an axis, its own along the others. */
private fun OnnxNode.elements(): Tensor {
    val (x, at) = this[0] to this[1].toInts()
    val axis = x.axis(int("axis", 0))
    return places(this[1].shape()) { position, i ->
        x.dims().mapIndexed { d, size -> if (d == axis) Math.floorMod(at[i], size) else position[d] }
    }
}

/** For every tuple of indices in the second input the places of the block in the first that it names. */
private fun OnnxNode.blocks(batch: Int): Tensor {
    val (x, at) = this[0] to this[1].toInts()
    val (outer, depth) = this[1].dims().dropLast(1) to this[1].dim(-1)
    val inner = x.dims().drop(batch + depth)
    return places(Shape.of(*(outer + inner).toIntArray())) { position, i ->
        val tuple = i / inner.fold(1, Int::times) * depth
        val named = List(depth) { Math.floorMod(at[tuple + it], x.dim(batch + it)) }
        position.take(batch) + named + position.drop(outer.size)
    }
}

/** The number in row-major order of a place in the first input for each position of the given shape. */
private fun OnnxNode.places(shape: Shape, place: (position: List<Int>, i: Int) -> List<Int>): Tensor {
    val (from, to) = shape.strides() to this[0].shape().strides()
    return List(shape.size()) { i ->
        val position = List(shape.rank()) { d -> i / from[d] % shape.dim(d) }
        place(position, i).foldIndexed(0) { d, sum, index -> sum + to[d] * index }
    }.indices32(shape)
}

/** The numbers of the first input at the given places. */
private fun OnnxNode.chosen(at: Tensor): Tensor = Shapes.gather(Shapes.flatten(this[0], 0), at, 0)

private fun OnnxNode.beyondSums(): String? {
    val reduction = string("reduction", "none")
    return "scattering by $reduction is not in this library yet".takeIf { reduction !in listOf("none", "add") }
}

/** The first input with the updates added, or put in its place, at the given places. */
private fun OnnxNode.scattered(at: Tensor): Tensor {
    val (x, places) = this[0] to Shapes.flatten(at, 0)
    val sums = Shapes.scatterAdd(Shapes.flatten(this[2], 0), places, x.size(), 0)
    val hits = Shapes.scatterAdd(Tensor.ones(DType.I32, places.size()), places, x.size(), 0).to(DType.BOOL)
    val flat = Shapes.flatten(x, 0)
    val y = if (string("reduction", "none") == "add") flat + sums else Elementary.where(hits, sums, flat)
    return Shapes.reshape(y, *x.shape().toArray())
}
