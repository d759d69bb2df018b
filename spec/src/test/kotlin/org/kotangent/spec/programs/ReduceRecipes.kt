package org.kotangent.spec.programs

import org.kotangent.ad.Tensor
import org.kotangent.ops.Axes
import org.kotangent.ops.Reduce
import org.kotangent.spec.laws.Sampler
import kotlin.math.abs

/** The least result of a square root, whose slope is infinite at 0. */
private const val LEAST = 0.35

/** Some axes at least, which stay with size 1 or not. */
private fun Sampler.someAxes(t: Tensor): Pair<String, Axes> {
    val chosen = permutation(t.rank()).take(int(1..t.rank())).toIntArray()
    val text = chosen.joinToString()
    return if (flip()) "axes $text" to Axes.drop(*chosen) else "axes $text kept" to Axes.keep(*chosen)
}

private fun reduction(name: String, smooth: (Tensor) -> Boolean = { true }, f: (Tensor, Axes) -> Tensor) =
    ofOne({ it.rank() > 0 }) { x ->
        val (text, axes) = someAxes(x)
        Plain("$name[$text]", { (t) -> smooth(f(t, axes)) }) { (t) -> f(t, axes) }
    }

private fun isLarge(t: Tensor) = t.toDoubles().all { abs(it) > LEAST }

/** Whether the largest of all numbers is larger than the next one by far. */
private fun hasClearMaximum(t: Tensor): Boolean {
    val sorted = t.toDoubles().sortedDescending()
    return sorted.size < 2 || sorted[0] - sorted[1] > LEAST
}

/** What makes few numbers of many. */
internal val reduceRecipes: List<Recipe> =
    listOf(
        reduction("sum") { x, axes -> Reduce.sum(x, axes) },
        reduction("mean") { x, axes -> Reduce.mean(x, axes) },
        reduction("prod") { x, axes -> Reduce.prod(x, axes) },
        reduction("logSumExp") { x, axes -> Reduce.logSumExp(x, axes) },
        reduction("variance") { x, axes -> Reduce.variance(x, axes) },
        reduction("norm", ::isLarge) { x, axes -> Reduce.norm(x, axes) },
        reduction("std", ::isLarge) { x, axes -> Reduce.std(x, axes) },
        ofOne { Plain("max", { (x) -> hasClearMaximum(x) }) { (x) -> Reduce.max(x) } },
        ofOne({ it.rank() > 0 }) { x ->
            val axis = int(0 until x.rank())
            Plain("cumSum[axis $axis]") { (t) -> Reduce.cumSum(t, axis) }
        },
    )
