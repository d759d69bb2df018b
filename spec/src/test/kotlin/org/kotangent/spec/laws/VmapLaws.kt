package org.kotangent.spec.laws

import org.kotangent.ad.Ad
import org.kotangent.ad.BatchAxes
import org.kotangent.ad.Tensor
import org.kotangent.ops.Shapes
import java.util.function.Function

private typealias Lists = (List<Tensor>) -> List<Tensor>

/** How many problems are in a batch. */
private const val SIZE = 3

/** Rounding of the sum over a batch, which is added up in another order. */
private const val EXACT = 1e-12

/** Along which axis each argument is batched, or none, and along which each result is. */
private class Layout(private val arguments: List<Int?>, private val results: List<Int>) {
    /** The function of batches. */
    fun vmapped(f: Lists): Lists = Ad.vmap(Function(f), axes(arguments), axes(results))::apply

    /** The same function, one problem after another. */
    fun looped(f: Lists): Lists = { x ->
        val each = List(SIZE) { k -> f(x.mapIndexed { i, t -> arguments[i]?.let { Shapes.at(t, k, it) } ?: t }) }
        results.mapIndexed { j, axis -> Shapes.stack(each.map { it[j] }, axis) }
    }

    private fun axes(of: List<Int?>): BatchAxes = of.foldIndexed(BatchAxes.of(0)) { i, axes, axis ->
        if (axis == null) axes.without("[$i]") else axes.at("[$i]", axis)
    }
}

/** A batch of problems for a function, of which at least one argument differs from problem to problem. */
private class Batch(val layout: Layout, val arguments: List<Tensor>)

private fun Trial.batch(f: Lists, x: List<Tensor>): Batch {
    val surely = sampler.int(x.indices)
    val axes = x.mapIndexed { i, t -> if (i == surely || sampler.flip()) axis(t) else null }
    val arguments = x.mapIndexed { i, t -> axes[i]?.let { axis -> Shapes.stack(List(SIZE) { varied(t) }, axis) } ?: t }
    return Batch(Layout(axes, f(x).map { axis(it) }), arguments)
}

/** A place for one more axis, counted from either end. */
private fun Trial.axis(t: Tensor): Int = sampler.int(-1 - t.rank()..t.rank())

private fun Trial.requireTheLoop(
    what: String,
    f: Lists,
    x: List<Tensor>,
    compare: (String, List<Tensor>, List<Tensor>) -> Unit = ::requireSameBits,
) {
    val batch = batch(f, x)
    compare(what, batch.layout.vmapped(f)(batch.arguments), batch.layout.looped(f)(batch.arguments))
}

/** The function of those arguments alone that are differentiated. */
private fun Trial.ofActive(x: List<Tensor>): Lists = { z ->
    f(x.mapIndexed { i, t -> active.indexOf(i).let { if (it < 0) t else z[it] } })
}

private fun Trial.activeOf(x: List<Tensor>) = active.map { x[it] }

val vmapIsTheLoop =
    Law("vmap gives what the loop gives", trials = 3) {
        requireTheLoop("vmap(f)", ::f, x)
    }

val vmapOfDerivatives =
    Law("vmap of derivatives gives what the loop gives", trials = 2) {
        val n = x.size
        requireTheLoop("vmap(J·v)", { zv ->
            val z = zv.take(n)
            Ad.jvp(ofActive(z), activeOf(z), zv.drop(n)).tangent()
        }, x + activeOf(direction()))
        requireTheLoop("vmap(Jᵀ·w)", { zw ->
            val z = zw.take(n)
            Ad.vjp(ofActive(z), activeOf(z)).pullback().apply(zw.drop(n))
        }, x + like(f(x)))
        val w = like(f(x))
        requireTheLoop("vmap(H·v)", { zv ->
            val z = zv.take(n)
            Ad.hvp({ t -> dot(w, ofActive(z)(t)) }, activeOf(z), zv.drop(n))
        }, x + activeOf(direction())) { what, actual, expected ->
            requireClose(what, numbers(actual), numbers(expected), EXACT, maxOf(1.0, largest(numbers(expected))))
        }
    }

val derivativesOfVmap =
    Law("derivatives of vmap are those of the loop", trials = 2) {
        val batch = batch(::f, x)
        val (vmapped, looped) = batch.layout.run { vmapped(::f) to looped(::f) }
        val v = like(batch.arguments)
        val (tangent, expected) = listOf(vmapped, looped).map { Ad.jvp(it, batch.arguments, v).tangent() }
        requireSameBits("J·v of vmap(f)", tangent, expected)
        val w = like(looped(batch.arguments))
        val (one, other) = listOf(vmapped, looped).map { Ad.vjp(it, batch.arguments).pullback().apply(w) }
        requireClose("Jᵀ·w of vmap(f)", numbers(one), numbers(other), EXACT)
    }

val vmapOfVmap =
    Law("vmap of vmap gives what two loops give", trials = 2) {
        val inner = batch(::f, x)
        val vmapped = inner.layout.vmapped(::f)
        val outer = batch(vmapped, inner.arguments)
        requireSameBits(
            "vmap(vmap(f))",
            outer.layout.vmapped(vmapped)(outer.arguments),
            outer.layout.looped(inner.layout.looped(::f))(outer.arguments),
        )
    }

val vmapLaws: List<Law> = listOf(vmapIsTheLoop, vmapOfDerivatives, derivativesOfVmap, vmapOfVmap)
