package org.kotangent.spec.laws

import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees

/** One problem drawn from a case, with what laws ask of it. Arguments and results are lists; the laws see no more. */
class Trial(private val title: String, private val problem: Problem, val sampler: Sampler) {
    val x: List<Tensor> get() = problem.arguments

    fun f(x: List<Tensor>): List<Tensor> = problem.function(x)

    fun number(): Double = sampler.number(nonZero)

    /** A random tensor for every floating one; the others stay as they are. */
    fun like(tensors: List<Tensor>): List<Tensor> = Trees.map(tensors) { t ->
        Tensor.generate(t.spec()) { out -> repeat(out.size()) { out.set(it, sampler.random.nextDouble(-1.0, 1.0)) } }
    }

    fun direction(): List<Tensor> = like(x)

    fun jvp(v: List<Tensor>, at: List<Tensor> = x): List<Tensor> = Ad.jvp(::f, at, v).tangent()

    fun vjp(w: List<Tensor>, at: List<Tensor> = x): List<Tensor> = Ad.vjp(::f, at).pullback().apply(w)

    /** The scalar function x ↦ ⟨w, f(x)⟩ for random w, whose derivatives of any order probe those of f. */
    fun scalarFunction(): (List<Tensor>) -> Tensor {
        val w = like(f(x))
        return { z -> dot(w, f(z)) }
    }

    /** Which arguments are differentiated. */
    val active: List<Int> get() = x.indices.filter { x[it].dtype().isFloating }

    /** The same problem in F32; the sampler's numbers are the same there. */
    fun rounded(): Trial = with { it.to(DType.F32) }

    /**
     * A problem close by whose numbers use all bits of F64. Sums of the sampler's numbers are so often exact that
     * another order would not show.
     */
    fun unrounded(): Trial = with { it.times(1 + 1e-8 * Math.PI) }

    private fun with(change: (Tensor) -> Tensor): Trial =
        Trial(title, Problem(Trees.map(x, change), problem.onlyHere, problem.function), sampler)

    /** An argument close by, in another order unless the function is known only here. */
    fun varied(t: Tensor): Tensor = Tensor.generate(t.spec()) { out ->
        val numbers = t.toDoubles().toList()
        (if (problem.onlyHere) numbers else numbers.shuffled(sampler.random)).forEachIndexed { i, number ->
            out.set(i, if (t.dtype().isFloating) number + sampler.random.nextDouble(-0.02, 0.02) else number)
        }
    }

    override fun toString(): String = title + x.joinToString(prefix = "(", postfix = ")")
}

/** ⟨a, b⟩ over the floating tensors of two lists. */
fun dot(a: List<Tensor>, b: List<Tensor>): Tensor = a.indices
    .filter { a[it].dtype().isFloating }
    .map { Core.sum(Core.mul(a[it], b[it]), intArrayOf(), false) }
    .reduce(Tensor::plus)

/** α·a + β·b. */
fun combine(alpha: Double, a: List<Tensor>, beta: Double, b: List<Tensor>): List<Tensor> =
    Trees.plus(Trees.times(a, alpha), Trees.times(b, beta))

/** The sum of the magnitudes of the terms of ⟨a, b⟩, against which its rounding error is measured. */
fun dotOfMagnitudes(a: List<Tensor>, b: List<Tensor>): Double {
    val p = numbers(a)
    val q = numbers(b)
    return p.indices.sumOf { kotlin.math.abs(p[it] * q[it]) }
}
