package org.kotangent.spec.laws

import org.kotangent.ad.Ad
import org.kotangent.ad.Parallel
import org.kotangent.ad.Tensor
import java.util.concurrent.CompletableFuture

/** Everything that can be asked of a function at first order, and the bits that come out. */
private fun Trial.everything(v: List<Tensor>, w: List<Tensor>): List<Tensor> = f(x) + jvp(v) + vjp(w)

val primalIsUnchanged =
    Law("differentiation does not change the value, to the bit") {
        val plain = f(x)
        val v = direction()
        val forward = { z: List<Tensor> -> Ad.jvp(::f, z, v).value() }
        val reverse = { z: List<Tensor> -> Ad.vjp(::f, z).value() }
        requireSameBits("value of jvp", forward(x), plain)
        requireSameBits("value of vjp", reverse(x), plain)
        requireSameBits("value of jvp in jvp", Ad.jvp(forward, x, v).value(), plain)
        requireSameBits("value of jvp in vjp", Ad.vjp(forward, x).value(), plain)
        requireSameBits("value of vjp in jvp", Ad.jvp(reverse, x, v).value(), plain)
        requireSameBits("value of vjp in vjp", Ad.vjp(reverse, x).value(), plain)
    }

val pullbackIsReusable =
    Law("a pullback gives the same each time it is used") {
        val pullback = Ad.vjp(::f, x).pullback()
        val w = like(f(x))
        val first = pullback.apply(w)
        pullback.apply(like(w))
        requireSameBits("second use", pullback.apply(w), first)
    }

val argumentsAreUnchanged =
    Law("arguments, directions and cotangents are not changed") {
        val v = direction()
        val before = (x + v).map(::copyOf)
        val w = like(f(x))
        val cotangent = w.map(::copyOf)
        everything(v, w)
        Ad.hvp(scalarFunction(), x, v)
        requireSameBits("arguments and directions", x + v, before)
        requireSameBits("cotangents", w, cotangent)
    }

private fun copyOf(t: Tensor): Tensor = Tensor.generate(t.spec()) { out -> t.toDoubles().forEachIndexed(out::set) }

val resultsRepeat =
    Law("the same arguments give the same bits, on two threads at once too") {
        val v = direction()
        val w = like(f(x))
        val expected = everything(v, w)
        requireSameBits("again", everything(v, w), expected)
        List(2) { CompletableFuture.supplyAsync { List(3) { everything(v, w) } } }
            .flatMap { it.join() }
            .forEach { requireSameBits("on another thread", it, expected) }
    }

val threadsDoNotMatter =
    Law("one thread and two give the same bits", trials = 1, large = true) {
        for (trial in listOf(rounded(), unrounded())) {
            val v = trial.direction()
            val w = trial.like(trial.f(trial.x))
            requireSameBits(
                "with two threads",
                onThreads(2) {
                    trial.everything(v, w)
                },
                onThreads(1) { trial.everything(v, w) },
            )
        }
    }

private fun <T> onThreads(threads: Int, compute: () -> T): T {
    val before = Parallel.threads()
    Parallel.use(threads)
    return try {
        compute()
    } finally {
        Parallel.use(before)
    }
}

val purityLaws: List<Law> =
    listOf(primalIsUnchanged, pullbackIsReusable, argumentsAreUnchanged, resultsRepeat, threadsDoNotMatter)
