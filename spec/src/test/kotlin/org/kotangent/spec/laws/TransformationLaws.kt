package org.kotangent.spec.laws

import org.kotangent.ad.Ad
import org.kotangent.ad.Jacobian
import org.kotangent.ad.Tensor
import org.kotangent.ops.Linalg

/** Rounding of the same sums along different ways in F64. */
private const val EXACT = 1e-12

val linearizationIsTheTangent =
    Law("linearize gives what jvp gives, each time it is used", trials = 2) {
        val linear = Ad.linearize(::f, x)
        requireSameBits("value", linear.value(), f(x))
        repeat(2) {
            val v = direction()
            requireClose("J·v", numbers(linear.map().apply(v)), numbers(jvp(v)), EXACT)
        }
    }

val jacobiansAgree =
    Law("the Jacobian by columns and by rows has the products of jvp and vjp", trials = 2) {
        val v = direction()
        val w = like(f(x))
        for (mode in listOf(Jacobian.Mode.FORWARD, Jacobian.Mode.REVERSE)) {
            val jacobian = Ad.jacobian(::f, x, mode)
            requireSameBits("value by $mode", jacobian.value(), f(x))
            val matrix = jacobian.matrix()
            val right = Linalg.matmul(matrix, Tensor.of(*numbers(v)))
            val left = Linalg.matmul(Tensor.of(*numbers(w)), matrix)
            requireClose("J·v by $mode", right.toDoubles(), numbers(jvp(v)), EXACT, scaleOf(matrix))
            requireClose("wᵀ·J by $mode", left.toDoubles(), numbers(vjp(w)), EXACT, scaleOf(matrix))
        }
    }

private fun scaleOf(matrix: Tensor): Double = largest(matrix.toDoubles()) * maxOf(matrix.dim(0), matrix.dim(1))

val checkpointChangesNothing =
    Law("a checkpoint changes no bit of value, tangent and cotangent", trials = 2) {
        val v = direction()
        val w = like(f(x))
        val checkpoint = Ad.checkpoint<List<Tensor>, List<Tensor>>(::f)
        requireSameBits("value", checkpoint.apply(x), f(x))
        requireSameBits("tangent", Ad.jvp(checkpoint, x, v).tangent(), jvp(v))
        requireSameBits("cotangent", Ad.vjp(checkpoint, x).pullback().apply(w), vjp(w))
        val s = scalarFunction()
        requireSameBits("H·v", Ad.hvp(Ad.checkpoint<List<Tensor>, Tensor>(s), x, v), Ad.hvp(s, x, v))
    }

/** What the transformations promise of each other. */
val transformationLaws: List<Law> = listOf(linearizationIsTheTangent, jacobiansAgree, checkpointChangesNothing)
