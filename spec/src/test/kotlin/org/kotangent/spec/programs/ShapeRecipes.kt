package org.kotangent.spec.programs

import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Shapes
import org.kotangent.spec.laws.Sampler

private fun moving(name: String, f: (Tensor) -> Tensor) = Plain(name) { (x) -> f(x) }

private fun hasAxes(t: Tensor) = t.rank() > 0

private fun Sampler.axisOf(t: Tensor): Int = int(0 until t.rank())

/** A shape with as many elements. */
private fun Sampler.regrouped(shape: Shape): IntArray {
    val factors = shape.toArray().filter { it > 1 }.shuffled(random)
    val grouped = factors.fold(listOf<Int>()) { dims, d ->
        if (dims.isNotEmpty() && flip()) dims.dropLast(1) + dims.last() * d else dims + d
    }
    return (if (int(1..4) == 1) grouped + 1 else grouped).toIntArray()
}

private val moves: List<Recipe> =
    listOf(
        ofOne { x ->
            regrouped(x.shape()).let { to -> moving("reshape${to.contentToString()}") { Shapes.reshape(it, *to) } }
        },
        ofOne({ it.rank() > 1 }) { x ->
            val order = permutation(x.rank())
            moving("transpose${order.contentToString()}") { Shapes.transpose(it, *order) }
        },
        ofOne(::hasAxes) { x -> axisOf(x).let { axis -> moving("flip[axis $axis]") { Shapes.flip(it, axis) } } },
        ofOne { x ->
            val axis = int(0..x.rank())
            moving("expandDims[axis $axis]") { Shapes.expandDims(it, axis) }
        },
        ofOne({ t -> t.shape().toArray().any { it == 1 } }) { moving("squeeze") { Shapes.squeeze(it) } },
        ofOne({ it.rank() < 3 }) { x ->
            val to = intArrayOf(int(2..3)) + x.shape().toArray()
            moving("broadcastTo${to.contentToString()}") { Shapes.broadcastTo(it, *to) }
        },
        ofOne(::hasAxes) { x ->
            val axis = axisOf(x)
            val start = int(0 until x.dim(axis))
            val end = int(start + 1..x.dim(axis))
            moving("slice[$start until $end, axis $axis]") { Shapes.slice(it, start, end, axis) }
        },
        ofOne(::hasAxes) { x ->
            val axis = axisOf(x)
            val index = int(0 until x.dim(axis))
            moving("at[$index, axis $axis]") { Shapes.at(it, index, axis) }
        },
        ofOne(::hasAxes) { x ->
            val axis = axisOf(x)
            val from = indices(Shape.of(int(1..4)), 0 until x.dim(axis))
            moving("gather[${from.toInts().joinToString()}, axis $axis]") { Shapes.gather(it, from, axis) }
        },
        ofOne(::hasAxes) { x ->
            val axis = axisOf(x)
            val to = indices(Shape.of(x.dim(axis)), 0 until 3)
            moving("scatterAdd[${to.toInts().joinToString()}, axis $axis]") { Shapes.scatterAdd(it, to, 3, axis) }
        },
        ofOne({ it.rank() in 1..2 }) { x ->
            val before = IntArray(x.rank()) { int(0..1) }
            val after = IntArray(x.rank()) { int(0..1) }
            moving("pad[${before.contentToString()}, ${after.contentToString()}]") {
                Shapes.pad(it, before, after, 0.5)
            }
        },
    )

private val joins: List<Recipe> =
    listOf(
        ofTwo(::hasAxes, { x, y -> x.rank() == y.rank() }) { x, _ ->
            val axis = axisOf(x)
            Plain("concat[axis $axis]") { Shapes.concat(it, axis) }
        },
        ofTwo({ it.rank() < 3 }, { x, y -> x.shape() == y.shape() }) { x, _ ->
            val axis = int(0..x.rank())
            Plain("stack[axis $axis]") { Shapes.stack(it, axis) }
        },
    )

/** What moves numbers between shapes. */
internal val shapeRecipes: List<Recipe> = moves + joins
