package org.kotangent.spec.laws

import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import kotlin.math.max

/** Rounding of a sum of products in F64, relative to the sum of their magnitudes. */
private const val EXACT = 1e-12

/** What extrapolated central differences reach in F64. */
private const val NUMERIC = 1e-8

/** A few roundings in F32. */
private const val SINGLE = 2e-5

val tangentIsTheDerivative =
    Law("the tangent is the central difference") {
        val v = direction()
        val numeric = centralDifference { h -> numbers(f(Trees.plus(x, Trees.times(v, h)))) }
        val tangent = numbers(jvp(v))
        requireClose("J·v", tangent, numeric.value, NUMERIC, numeric.scale)
    }

val cotangentIsTheAdjoint =
    Law("⟨w, J·v⟩ = ⟨Jᵀ·w, v⟩") {
        val v = direction()
        val w = like(f(x))
        requireAdjoint(v, w, EXACT)
    }

private fun Trial.requireAdjoint(v: List<Tensor>, w: List<Tensor>, tolerance: Double) {
    val jv = jvp(v)
    val jtw = vjp(w)
    val scale = max(dotOfMagnitudes(w, jv), dotOfMagnitudes(jtw, v))
    requireClose("⟨w, J·v⟩", dot(w, jv).item(), dot(jtw, v).item(), tolerance, scale)
}

val tangentIsLinear =
    Law("the tangent is linear in the direction") {
        val u = direction()
        val v = direction()
        val a = number()
        val b = number()
        requireClose("J·(a·u + b·v)", numbers(jvp(combine(a, u, b, v))), numbers(combine(a, jvp(u), b, jvp(v))), EXACT)
    }

val pullbackIsLinear =
    Law("the pullback is linear in the cotangent") {
        val pullback = Ad.vjp(::f, x).pullback()
        val p = like(f(x))
        val q = like(f(x))
        val a = number()
        val b = number()
        requireClose(
            "Jᵀ·(a·p + b·q)",
            numbers(pullback.apply(combine(a, p, b, q))),
            numbers(combine(a, pullback.apply(p), b, pullback.apply(q))),
            EXACT,
        )
    }

val argumentsAreIndependent =
    Law("each argument alone has its part of the derivative") {
        val v = direction()
        val w = like(f(x))
        val cotangents = vjp(w)
        val scale = largest(numbers(cotangents))
        val parts =
            active.map { i ->
                fun alone(t: Tensor) = f(x.mapIndexed { k, other -> if (k == i) t else other })
                val single = Ad.vjp(::alone, x[i]).pullback().apply(w)
                requireClose("x̄ of argument $i", numbers(listOf(single)), numbers(listOf(cotangents[i])), EXACT, scale)
                Ad.jvp(::alone, x[i], v[i]).tangent()
            }
        val sum = parts.reduce { a, b -> Trees.plus(a, b) }
        requireClose(
            "Σ of partial tangents",
            numbers(sum),
            numbers(jvp(v)),
            EXACT,
            parts.maxOf {
                largest(numbers(it))
            },
        )
    }

val resultsAreIndependent =
    Law("a result that is not used adds nothing") {
        val y = f(x)
        val w = like(y)
        val parts =
            y.indices.filter { y[it].dtype().isFloating }.map { j ->
                Ad.vjp({ z: List<Tensor> -> f(z)[j] }, x).pullback().apply(w[j])
            }
        val sum = parts.reduce { a, b -> Trees.plus(a, b) }
        requireClose(
            "Σ of partial cotangents",
            numbers(vjp(w)),
            numbers(sum),
            EXACT,
            parts.maxOf {
                largest(numbers(it))
            },
        )
    }

val chainRule =
    Law("the chain rule holds for what comes before and after") {
        val a = direction()
        val b = like(f(x))
        val origin = Trees.zeros(x)

        fun before(z: List<Tensor>) = pairwise(a, z) { s, t -> Core.mul(s, t) }.let { Trees.plus(x, sineOf(it)) }

        fun after(y: List<Tensor>) = pairwise(b, sineOf(y)) { s, t -> Core.mul(s, t) }

        fun composed(z: List<Tensor>) = after(f(before(z)))
        val v = direction()
        val w = like(b)
        val forward = Ad.jvp(::before, origin, v).tangent().let { jvp(it) }.let { Ad.jvp(::after, f(x), it).tangent() }
        requireClose("J(g∘f∘h)·v", numbers(Ad.jvp(::composed, origin, v).tangent()), numbers(forward), EXACT)
        val reverse = Ad.vjp(::after, f(x)).pullback().apply(w).let {
            vjp(it)
        }.let { Ad.vjp(::before, origin).pullback().apply(it) }
        requireClose("J(g∘f∘h)ᵀ·w", numbers(Ad.vjp(::composed, origin).pullback().apply(w)), numbers(reverse), EXACT)
    }

private fun sineOf(tensors: List<Tensor>) = Trees.map(tensors) { ScalarOp.SIN.primitive().apply(it) }

private fun pairwise(a: List<Tensor>, b: List<Tensor>, f: (Tensor, Tensor) -> Tensor): List<Tensor> = Trees.zip(a, b, f)

val singleFollowsDouble =
    Law("F32 gives what F64 gives, rounded") {
        val single = rounded()
        val v = direction()
        val w = like(f(x))
        val toSingle = { t: Tensor -> t.to(org.kotangent.ad.DType.F32) }
        val value = numbers(f(x))
        requireClose("f(x)", numbers(single.f(single.x)), value, SINGLE)
        val tangent = numbers(jvp(v))
        requireClose("J·v", numbers(single.jvp(Trees.map(v, toSingle))), tangent, SINGLE, scaleOf(tangent, value))
        val cotangent = numbers(vjp(w))
        requireClose("Jᵀ·w", numbers(single.vjp(Trees.map(w, toSingle))), cotangent, SINGLE, scaleOf(cotangent, value))
        single.requireAdjoint(Trees.map(v, toSingle), Trees.map(w, toSingle), SINGLE)
    }

private fun scaleOf(vararg vectors: DoubleArray): Double = vectors.maxOf { largest(it) }

val firstOrderLaws: List<Law> =
    listOf(
        tangentIsTheDerivative,
        cotangentIsTheAdjoint,
        tangentIsLinear,
        pullbackIsLinear,
        argumentsAreIndependent,
        resultsAreIndependent,
        chainRule,
        singleFollowsDouble,
    )
