package org.kotangent.spec.programs

import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import org.kotangent.ops.Shapes
import org.kotangent.spec.laws.Problem
import org.kotangent.spec.laws.Trial
import org.kotangent.spec.laws.dot
import org.kotangent.spec.laws.largest
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose
import org.kotangent.spec.laws.requireSameBits

/** Rounding of derivatives that are added up in another order. */
private const val EXACT = 1e-11

private typealias Lists = (List<Tensor>) -> List<Tensor>

private fun requireSame(what: String, actual: List<Tensor>, expected: List<Tensor>) =
    requireClose(what, numbers(actual), numbers(expected), EXACT, maxOf(1.0, largest(numbers(expected))))

/** The same code with plain loops for scans. */
internal fun Code.unrolled(): Code =
    Code(inputs, instructions.map { Instruction(it.operation.unrolled(), it.operands) }, outputs)

private fun Operation.unrolled(): Operation =
    if (this is Nested) Nested(if (kind in Kind.loops) Kind.LOOP else kind, body.unrolled()) else this

/** What holds of programs in which nothing is nested but loops. */
internal val scanIsItsLoop = ProgramLaw("a scan is its loop") { code ->
    val scanned: Lists = ::f
    val looped: Lists = code.unrolled()::run
    val loop = Trial("looped", Problem(x, onlyHere = true, looped), sampler)
    val v = direction()
    val w = like(f(x))

    fun curvature(f: Lists): Lists = { z -> Ad.hvp({ t: List<Tensor> -> dot(w, f(t)) }, z, v) }
    requireSameBits("value", scanned(x), looped(x))
    requireSame("J·v", jvp(v), loop.jvp(v))
    requireSame("Jᵀ·w", vjp(w), loop.vjp(w))
    requireSame("H·v", curvature(scanned)(x), curvature(looped)(x))
    if (!code.readsNumbers) {
        val points = List(3) { k -> Trees.plus(x, Trees.times(v, 0.01 * k)) }
        val batch = x.indices.map { i -> Shapes.stack(points.map { it[i] }, 0) }
        val slope: (Trial) -> Lists = { trial -> { z -> trial.vjp(w, z) } }

        fun vmapped(f: Lists): Lists = Ad.vmap<List<Tensor>, List<Tensor>>(f)::apply
        requireSameBits("vmap of it", vmapped(scanned)(batch), vmapped(looped)(batch))
        requireSame("vmap of Jᵀ·w", vmapped(slope(this))(batch), vmapped(slope(loop))(batch))
        requireSame("vmap of H·v", vmapped(curvature(scanned))(batch), vmapped(curvature(looped))(batch))
        val all = like(vmapped(looped)(batch))
        val (actual, expected) = listOf(scanned, looped).map { Ad.vjp(vmapped(it), batch).pullback().apply(all) }
        requireSame("Jᵀ·w of vmap", actual, expected)
    }
}
