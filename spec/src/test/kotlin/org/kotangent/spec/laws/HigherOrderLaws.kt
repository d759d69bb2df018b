package org.kotangent.spec.laws

import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees

/** Rounding of derivatives that are computed along different ways in F64. */
private const val EXACT = 1e-11

private const val NUMERIC = 1e-7

private typealias ScalarFunction = (List<Tensor>) -> Tensor

/** The two ways to the derivative of a scalar function along a direction, itself a scalar function. */
private enum class Mode {
    FORWARD {
        override fun along(v: List<Tensor>, s: ScalarFunction): ScalarFunction = { x -> Ad.jvp(s, x, v).tangent() }
    },
    REVERSE {
        override fun along(v: List<Tensor>, s: ScalarFunction): ScalarFunction = { x -> dot(v, Ad.grad(s).apply(x)) }
    }, ;

    abstract fun along(v: List<Tensor>, s: ScalarFunction): ScalarFunction
}

/** The derivative along each direction in turn, in each mix of modes: 2ⁿ numbers that must be equal. */
private fun everyMix(s: ScalarFunction, directions: List<List<Tensor>>): List<ScalarFunction> =
    directions.fold(listOf(s)) { functions, v ->
        functions.flatMap { g -> Mode.entries.map { it.along(v, g) } }
    }

private fun Trial.requireMixesAgree(order: Int) {
    val s = scalarFunction()
    val directions = List(order) { direction() }
    val lower = everyMix(s, directions.dropLast(1)).first()
    val numeric = centralDifference { h ->
        doubleArrayOf(lower(Trees.plus(x, Trees.times(directions.last(), h))).item())
    }
    val all = everyMix(s, directions).map { it(x).item() }
    val scale = maxOf(numeric.scale, Math.abs(s(x).item()))
    all.forEachIndexed { i, derivative ->
        requireClose("derivative $order in mix $i", derivative, all.first(), EXACT, scale)
    }
    requireClose("derivative $order", all.first(), numeric.value.single(), NUMERIC, scale)
}

val hessianProductsAgree =
    Law("Hessian-vector products: forward over reverse = reverse over forward = reverse over reverse", trials = 3) {
        val s = scalarFunction()
        val v = direction()
        val forwardOverReverse = numbers(Ad.hvp(s, x, v))
        val reverseOverForward = numbers(Ad.grad(Mode.FORWARD.along(v, s)).apply(x))
        val reverseOverReverse = numbers(Ad.grad(Mode.REVERSE.along(v, s)).apply(x))
        val scale = maxOf(largest(forwardOverReverse), largest(numbers(Ad.grad(s).apply(x))))
        requireClose("reverse over forward", reverseOverForward, forwardOverReverse, EXACT, scale)
        requireClose("reverse over reverse", reverseOverReverse, forwardOverReverse, EXACT, scale)
    }

val hessianIsTheDerivative =
    Law("the Hessian-vector product is the central difference of the gradient", trials = 3) {
        val s = scalarFunction()
        val v = direction()
        val numeric = centralDifference { h -> numbers(Ad.grad(s).apply(Trees.plus(x, Trees.times(v, h)))) }
        requireClose("H·v", numbers(Ad.hvp(s, x, v)), numeric.value, NUMERIC, numeric.scale)
    }

val hessianIsSymmetric =
    Law("⟨u, H·v⟩ = ⟨v, H·u⟩", trials = 3) {
        val s = scalarFunction()
        val u = direction()
        val v = direction()
        val hv = Ad.hvp(s, x, v)
        val hu = Ad.hvp(s, x, u)
        val scale = maxOf(dotOfMagnitudes(u, hv), dotOfMagnitudes(v, hu), largest(numbers(Ad.grad(s).apply(x))))
        requireClose("⟨u, H·v⟩", dot(u, hv).item(), dot(v, hu).item(), EXACT, scale)
    }

val secondDerivativesAgree =
    Law("second derivatives agree in every mix of modes, and with the central difference", trials = 2) {
        requireMixesAgree(2)
    }

val thirdDerivativesAgree =
    Law("third derivatives agree in every mix of modes, and with the central difference", trials = 1) {
        requireMixesAgree(3)
    }

val higherOrderLaws: List<Law> =
    listOf(
        hessianProductsAgree,
        hessianIsTheDerivative,
        hessianIsSymmetric,
        secondDerivativesAgree,
        thirdDerivativesAgree,
    )
