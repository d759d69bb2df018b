package org.kotangent.spec.laws

import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Axes
import org.kotangent.ops.Reduce

/** Exact zeros among other numbers. */
private val withZeros = Domain { random -> if (random.nextInt(3) == 0) 0.0 else anywhere.draw(random) }

/** Many numbers to one. */
val reduceCases: List<Case> = cases("Reduce") {
    /** Any axes, which go or remain, and the three ways in which they can lie in a large array. */
    fun reduction(
        method: String,
        shapes: Sampler.() -> Shape,
        draw: Sampler.(Shape) -> Tensor,
        drop: (Tensor, IntArray) -> Tensor,
        along: (Tensor, Axes) -> Tensor,
    ) {
        fun Sampler.over(shape: Shape, vararg axes: Int): Single {
            val way = int(0..2)
            return draw(shape) through { (x) ->
                when (way) {
                    0 -> drop(x, axes)
                    1 -> along(x, Axes.drop(*axes))
                    else -> along(x, Axes.keep(*axes))
                }
            }
        }
        one(method, large = { over(Shape.of(70_001)) }) { shapes().let { over(it, *axes(it.rank())) } }
        one(method, "rows", large = { over(Shape.of(300, 301), 1) }) { over(Shape.of(2, 3), -1) }
        one(method, "columns", large = { over(Shape.of(300, 301), 0) }) { over(Shape.of(2, 3), 0) }
        one(method, "inner axes", large = { over(Shape.of(30, 40, 50), 1) }) { over(Shape.of(2, 3, 2), 1) }
    }

    fun reduction(
        method: String,
        domain: Domain,
        drop: (Tensor, IntArray) -> Tensor,
        along: (Tensor, Axes) -> Tensor,
        shapes: Sampler.() -> Shape = { shape() },
    ) = reduction(method, shapes, { tensor(it, domain) }, drop, along)

    reduction("sum", anywhere, Reduce::sum, Reduce::sum)
    reduction("mean", anywhere, Reduce::mean, Reduce::mean) { filledShape() }
    reduction("max", { filledShape() }, { distinct(it) }, Reduce::max, Reduce::max)
    reduction("min", { filledShape() }, { distinct(it) }, Reduce::min, Reduce::min)
    reduction("prod", nearMultiples(step = 0.05, offset = 1.0), Reduce::prod, Reduce::prod)
    one("prod", "zeros among others") {
        tensor(filledShape(1..2), withZeros) through { (x) -> Reduce.prod(x, -1) }
    }
    reduction("logSumExp", anywhere, Reduce::logSumExp, Reduce::logSumExp) { filledShape() }
    reduction("norm", nonZero, Reduce::norm, Reduce::norm)
    reduction("variance", anywhere, Reduce::variance, Reduce::variance) { filledShape() }
    one("variance", "of a sample") {
        tensor(filledShape()) through { (x) -> Reduce.variance(x, Axes.drop(), 0.5) }
    }
    reduction("std", { Shape.of(int(2..3), int(2..4)) }, { distinct(it) }, Reduce::std, Reduce::std)
    one("std", "of a sample") {
        distinct(Shape.of(2, 3)) through { (x) -> Reduce.std(x, Axes.drop(), 1.0) }
    }

    one("cumSum", large = { tensor(300, 301) through { (x) -> Reduce.cumSum(x, 0) } }) {
        val axis = int(-3..2)
        tensor(shape(3..3)) through { (x) -> Reduce.cumSum(x, axis) }
    }
}
