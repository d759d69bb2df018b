package org.kotangent.spec.programs

import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import org.kotangent.spec.laws.Trial
import org.kotangent.spec.laws.dot
import org.kotangent.spec.laws.largest
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose
import org.kotangent.spec.laws.requireSameBits

/** Rounding of derivatives that are computed along different ways. */
private const val EXACT = 1e-11

/** How far from the point of a recording it is replayed: not so far that a comparison turns out differently. */
private const val NEAR = 0.02

private const val HIGHEST = 3

private fun requireSame(what: String, actual: DoubleArray, expected: DoubleArray) =
    requireClose(what, actual, expected, EXACT, maxOf(1.0, largest(expected)))

private fun flat(matrix: Array<DoubleArray>): DoubleArray = matrix.flatMap { it.asList() }.toDoubleArray()

/** A program of single numbers in both engines. */
private class Engines(private val trial: Trial, code: Code) {
    private val isExact = code.instructions.none { it.operation is Nested }
    private val x = trial.x
    private val at = numbers(x)
    private val v = trial.direction()
    private val dx = numbers(v)
    private val w = trial.like(trial.f(x))
    private val gy = numbers(w)
    private val f: (List<Tensor>) -> List<Tensor> = trial::f
    private val s: (List<Tensor>) -> Tensor = { dot(w, f(it)) }
    private val g: (Array<Real>) -> Array<Real> = { code.inReals(it.asList()).toTypedArray() }
    private val r: (Array<Real>) -> Real = { z ->
        g(z).mapIndexed { j, y -> y * gy[j] }.reduce { a, b -> a + b }
    }

    /** To the bit, unless derivatives were computed on the way. */
    private fun requireSameValues(what: String, actual: DoubleArray, expected: List<Tensor>) = if (isExact) {
        requireSameBits(what, actual.map(Tensor::scalar), expected)
    } else {
        requireSame(what, actual, numbers(expected))
    }

    fun requireSameValues() {
        val expected = f(x)
        requireSameValues("f(x)", Reals.values(*g(Reals.of(*at))), expected)
        requireSameBits("f(x), compiled", Ad.compile(f).apply(x), expected)
    }

    fun requireSameDerivatives() {
        requireSame("J·v", Reals.jvp(g, at, dx).tangents()[0], numbers(trial.jvp(v)))
        requireSame("Jᵀ·w", Reals.vjp(g, *at).pullback().apply(gy), numbers(trial.vjp(w)))
        requireSame("J", flat(Reals.jacobian(g, *at)), Ad.jacobian(f, x).matrix().toDoubles())
        requireSame("∇s", Reals.gradient(r, *at), numbers(Ad.grad(s).apply(x)))
        requireSame("H·v", Reals.hvp(r, at, dx), numbers(Ad.hvp(s, x, v)))
        requireSame("H", flat(Reals.hessian(r, *at)), Ad.hessian(s, x).matrix().toDoubles())
    }

    /** Along a line, of which the scalar engine has all coefficients at once. */
    fun requireSameExpansion() {
        val line = { t: Real -> r(Array(at.size) { t * dx[it] + at[it] }) }
        val coefficients = Reals.taylor(line, 0.0, HIGHEST)
        var factorial = 1
        for (order in 1..HIGHEST) {
            factorial *= order
            val expected = Ad.nthDerivative({ t: Tensor -> s(Trees.plus(x, Trees.map(v) { it.times(t) })) }, order)
            requireSame(
                "derivative $order",
                doubleArrayOf(coefficients[order] * factorial),
                expected.apply(Tensor.scalar(0.0)).toDoubles(),
            )
        }
    }

    /** Recorded at the point and replayed near it, by interpretation and as bytecode. */
    fun requireSameReplay() {
        val near = Trees.plus(x, Trees.times(v, NEAR))
        val there = numbers(near)
        val recorded = Reals.recordAll(g, *at)
        val slope = Reals.recordAll(Reals.gradient(r)::apply, *at)
        val hessian = Ad.hessian(s, near).matrix().toDoubles()
        for ((how, replay) in mapOf("replayed" to recorded, "compiled" to recorded.compile())) {
            requireSameValues("f(x), $how", replay.values(*there), f(near))
            requireSame("J·v, $how", replay.jvp(there, dx).tangents()[0], numbers(trial.jvp(v, near)))
            requireSame("Jᵀ·w, $how", replay.vjp(there, gy), numbers(trial.vjp(w, near)))
            requireSame("J, $how", flat(replay.jacobian(*there)), Ad.jacobian(f, near).matrix().toDoubles())
        }
        for ((how, replay) in mapOf("replayed" to slope, "compiled" to slope.compile())) {
            requireSame("H, $how", flat(replay.jacobian(*there)), hessian)
        }
    }
}

/** What holds of programs of single numbers. */
internal val enginesAgree = ProgramLaw("the scalar engine gives what the tensor engine gives") { code ->
    val engines = Engines(this, code)
    engines.requireSameValues()
    engines.requireSameDerivatives()
    engines.requireSameExpansion()
    engines.requireSameReplay()
}
