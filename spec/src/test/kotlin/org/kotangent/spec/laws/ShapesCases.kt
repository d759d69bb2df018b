package org.kotangent.spec.laws

import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Shapes

/** Moving numbers between shapes. */
val shapesCases: List<Case> = cases("Shapes") {
    fun moved(method: String, variant: String = "", vararg dims: Int, f: (Tensor) -> Tensor) =
        one(method, variant) { tensor(*dims) through { (x) -> f(x) } }

    fun movedMuch(method: String, dims: IntArray, large: IntArray, f: (Tensor) -> Tensor) =
        one(method, large = { tensor(*large) through { (x) -> f(x) } }) { tensor(*dims) through { (x) -> f(x) } }

    moved("reshape", dims = intArrayOf(2, 6)) { Shapes.reshape(it, 3, -1) }
    moved("flatten", dims = intArrayOf(2, 3, 2)) { Shapes.flatten(it, 1) }
    moved("flatten", "a scalar") { Shapes.flatten(it, 0) }
    moved("expandDims", dims = intArrayOf(2, 3)) { Shapes.expandDims(it, -1) }
    moved("squeeze", dims = intArrayOf(1, 3, 1)) { Shapes.squeeze(it) }
    moved("squeeze", "one axis", 1, 3, 1) { Shapes.squeeze(it, -1) }
    moved("broadcastTo", dims = intArrayOf(2, 1)) { Shapes.broadcastTo(it, 3, 2, 4) }

    movedMuch("transpose", intArrayOf(2, 3, 4), intArrayOf(30, 40, 50)) { Shapes.transpose(it, 2, 0, -2) }
    moved("transpose", "reversed", 2, 3, 4) { Shapes.transpose(it) }
    movedMuch("swapAxes", intArrayOf(2, 3, 4), intArrayOf(30, 40, 50)) { Shapes.swapAxes(it, 0, -1) }
    movedMuch("flip", intArrayOf(2, 3), intArrayOf(200, 301)) { Shapes.flip(it) }
    moved("flip", "one axis", 2, 3) { Shapes.flip(it, 1) }

    movedMuch("slice", intArrayOf(5, 4), intArrayOf(500, 301)) { Shapes.slice(it, 1, -1, 0) }
    one("slice", "with steps") {
        val steps = intArrayOf(pick(-2, -1, 1, 2), pick(-3, 1, 3))
        val starts = IntArray(2) { int(-5..4) }
        val ends = IntArray(2) { int(-5..5) }
        tensor(5, 4, 2) through { (x) -> Shapes.slice(x, starts, ends, steps) }
    }
    one("at") { int(-3..2).let { i -> tensor(2, 3, 2) through { (x) -> Shapes.at(x, i, 1) } } }
    many("split") { Problem(listOf(tensor(2, 6))) { (x) -> Shapes.split(x, intArrayOf(1, 0, 3, 2), 1) } }

    one("gather", large = {
        gathered(Shape.of(300, 301), Shape.of(500), 0)
    }) { gathered(Shape.of(2, 4, 2), Shape.of(3), 1) }
    one("gather", "indices in rows") { gathered(Shape.of(4, 2), Shape.of(2, 3), 0) }
    one("gather", "a single index") { gathered(Shape.of(2, 4), Shape.scalar(), -1) }
    one("scatterAdd", large = { scattered(Shape.of(500, 301), Shape.of(500), 300, 0) }) {
        scattered(Shape.of(2, 3, 2), Shape.of(3), 4, 1)
    }
    one("scatterAdd", "indices in rows") { scattered(Shape.of(2, 3, 2), Shape.of(2, 3), 4, 0) }

    one("concat", large = { concatenated(300) }) { concatenated(2) }
    one("stack", large = { stacked(300, 301) }) { stacked(2, 3) }
    movedMuch("tile", intArrayOf(2, 3), intArrayOf(200, 301)) { Shapes.tile(it, 3, 2) }
    movedMuch("repeat", intArrayOf(2, 3), intArrayOf(200, 301)) { Shapes.repeat(it, 3, 1) }

    one("pad", large = { padded(Shape.of(300, 301), 0.5) }) { padded(Shape.of(2, 3), pick(0.0, 0.5)) }
    one("padEdge", large = { padded(Shape.of(300, 301), null) }) { padded(Shape.of(2, 3), null) }
}

private fun Sampler.gathered(shape: Shape, places: Shape, axis: Int): Single {
    val indices = indices(places, -shape.dim(axis) until shape.dim(axis))
    return listOf(tensor(shape), indices) through { (x, at) -> Shapes.gather(x, at, axis) }
}

private fun Sampler.scattered(updates: Shape, places: Shape, size: Int, axis: Int): Single {
    val indices = indices(places, -size until size)
    return listOf(tensor(updates), indices) through { (x, at) -> Shapes.scatterAdd(x, at, size, axis) }
}

private fun Sampler.concatenated(rows: Int): Single =
    listOf(tensor(rows, 2), tensor(rows, 0), tensor(rows, 301)) through { Shapes.concat(it, 1) }

private fun Sampler.stacked(vararg dims: Int): Single {
    val axis = int(-3..2)
    return List(3) { tensor(*dims) } through { Shapes.stack(it, axis) }
}

/** With a margin of one number, or of the edge where none is given. */
private fun Sampler.padded(shape: Shape, number: Double?): Single {
    val before = IntArray(2) { int(0..2) }
    val after = IntArray(2) { int(0..2) }
    return tensor(shape) through { (x) ->
        if (number == null) Shapes.padEdge(x, before, after) else Shapes.pad(x, before, after, number)
    }
}
