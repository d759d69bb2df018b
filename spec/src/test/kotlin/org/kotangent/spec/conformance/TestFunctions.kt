package org.kotangent.spec.conformance

import org.kotangent.ad.Core
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.dot
import org.kotangent.dsl.get
import org.kotangent.dsl.matmul
import org.kotangent.dsl.minus
import org.kotangent.dsl.plus
import org.kotangent.dsl.pow
import org.kotangent.dsl.sum
import org.kotangent.dsl.times
import org.kotangent.ops.Elementary
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Linalg
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes
import kotlin.math.PI

// Functions on which minimisers are tried, each [n] → [], in the way one would write it with tensors. Most are sums of
// squares from Moré, Garbow and Hillstrom 1981, of which the comments give the number.

private fun everySecond(x: Tensor, first: Int): Tensor =
    Shapes.gather(x, Tensor.of(*(first until x.size() step 2).toList().toIntArray()), 0)

/** 1 and 21: Σ (1 − u)² + 100·(v − u²)² over pairs (u, v) of neighbours; of any even length. */
private fun rosenbrock(x: Tensor): Tensor {
    val u = everySecond(x, 0)
    val v = everySecond(x, 1)
    return sum(square(1 - u) + 100 * square(v - square(u)))
}

/** 5: Σᵢ (cᵢ − x₁·(1 − x₂ⁱ))², i = 1, 2, 3. */
private fun beale(x: Tensor): Tensor =
    sum(square(Tensor.of(1.5, 2.25, 2.625) - x[0] * (1 - (x[1] pow Tensor.of(1.0, 2.0, 3.0)))))

/** 7: how far a point is from a helix; the angle is continued over the axis by a branch. */
private fun helicalValley(x: Tensor): Tensor {
    val slope = Elementary.atan(x[1].div(x[0])).div(2 * PI)
    val turns = if (x[0].item() > 0) slope else slope + 0.5
    val radius = Elementary.hypot(x[0], x[1])
    return 100 * (square(x[2] - 10 * turns) + square(radius - 1)) + square(x[2])
}

private val powellPairs =
    Tensor.of(Shape.of(4, 4), 1.0, 10.0, 0.0, 0.0, 0.0, 0.0, 1.0, -1.0, 0.0, 1.0, -2.0, 0.0, 1.0, 0.0, 0.0, -1.0)

/** 13: its Hessian at the minimum is singular. */
private fun powellSingular(x: Tensor): Tensor {
    val differences = Linalg.matmul(powellPairs, x)
    val powers = differences pow Tensor.of(2.0, 2.0, 4.0, 4.0)
    return Tensor.of(1.0, 5.0, 1.0, 10.0) dot powers
}

/** 14: two valleys of Rosenbrock's kind, coupled by the second variable of each. */
private fun wood(x: Tensor): Tensor {
    val (u, v) = Shapes.split(Shapes.reshape(x, 2, 2), intArrayOf(1, 1), 1).map { Shapes.squeeze(it, 1) }
    val valleys = (Tensor.of(100.0, 90.0) dot square(v - square(u))) + sum(square(1 - u))
    return valleys + 10.1 * sum(square(v - 1)) + 19.8 * Reduce.prod(v - 1)
}

private fun himmelblau(x: Tensor): Tensor = sum(square(square(x) + Shapes.flip(x) - Tensor.of(11.0, 7.0)))

private fun booth(x: Tensor): Tensor =
    sum(square((Tensor.of(Shape.of(2, 2), 1.0, 2.0, 2.0, 1.0) matmul x) - Tensor.of(7.0, 5.0)))

private fun matyas(x: Tensor): Tensor = x dot (Tensor.of(Shape.of(2, 2), 0.26, -0.24, -0.24, 0.26) matmul x)

/** The monomials 1, u, v, u², uv, v² of the two variables. */
private fun quadratics(x: Tensor): Tensor = Shapes.concat(
    listOf(Tensor.of(1.0), x, Shapes.gather(Shapes.flatten(Linalg.outer(x, x), 0), Tensor.of(0, 1, 3), 0)),
    0,
)

private fun goldsteinPrice(x: Tensor): Tensor {
    val first = Tensor.of(19.0, -14.0, -14.0, 3.0, 6.0, 3.0) dot quadratics(x)
    val second = Tensor.of(18.0, -32.0, 48.0, 12.0, -36.0, 27.0) dot quadratics(x)
    return (1 + square(sum(x) + 1) * first) * (30 + square(Tensor.of(2.0, -3.0) dot x) * second)
}

private fun threeHumpCamel(x: Tensor): Tensor {
    val powers = Shapes.repeat(Shapes.reshape(x[0], 1), 3, 0) pow Tensor.of(2.0, 4.0, 6.0)
    return (Tensor.of(2.0, -1.05, 1.0 / 6) dot powers) + Reduce.prod(x) + square(x[1])
}

private fun branin(x: Tensor): Tensor {
    val parabola = x[1] - 5.1 / (4 * PI * PI) * square(x[0]) + 5 / PI * x[0] - 6
    return square(parabola) + 10 * (1 - 1 / (8 * PI)) * Elementary.cos(x[0]) + 10
}

/** The function of a name, or null where nobody has written it down. */
internal fun testFunction(name: String): ((Tensor) -> Tensor)? = when (name.trimEnd { it.isDigit() }) {
    "rosenbrock", "extended_rosenbrock" -> ::rosenbrock
    "beale" -> ::beale
    "helical_valley" -> ::helicalValley
    "powell_singular" -> ::powellSingular
    "wood" -> ::wood
    "himmelblau" -> ::himmelblau
    "booth" -> ::booth
    "matyas" -> ::matyas
    "goldstein_price" -> ::goldsteinPrice
    "three_hump_camel" -> ::threeHumpCamel
    "branin" -> ::branin
    else -> null
}
