package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Diagnostics
import org.kotangent.ad.Graph
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Scan
import org.kotangent.ad.Tensor
import org.kotangent.spec.laws.requireSameBits
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.function.BiFunction

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun sin(x: Tensor) = ScalarOp.SIN.primitive().apply(x)

/** Every transformation, from many threads at once, shared and not, gives the bits it gives alone. */
class ConcurrencySpec :
    FunSpec({
        val x = Tensor.of(0.3, -0.7, 1.1)
        val w = Tensor.of(1.2, 0.4, -0.9)
        val custom = Ad.customVjp({ t: Tensor -> sin(t) }, { t, g -> g.times(t.times(t)) })
        val forward = Ad.customJvp({ t: Tensor -> sin(t) }, { t, d -> d.times(t) })
        val kept = Ad.checkpoint { t: Tensor -> sin(t.times(t)) }

        fun loop(t: Tensor, memory: Scan.Memory): Tensor {
            val step =
                BiFunction<Tensor, Tensor, Scan.Step<Tensor, Tensor>> { s, u -> Scan.Step(sin(s.plus(u).times(t)), u) }
            return Ad.scan(step, t, Core.stack(listOf(w, x, w)), memory).carry()
        }

        fun loss(t: Tensor): Tensor =
            total(custom.apply(t).plus(forward.apply(t)).plus(kept.apply(t)).plus(loop(t, Scan.Memory.LOGARITHMIC)))

        val smooth = { t: Tensor -> total(forward.apply(t).plus(kept.apply(t)).plus(loop(t, Scan.Memory.SQUARE_ROOT))) }
        val pullback = Ad.vjp(kept, x).pullback()
        val linear = Ad.linearize(smooth, x).map()
        val graph = Graph.capture(Ad.grad(::loss), x)
        val all: Map<String, () -> List<Tensor>> =
            mapOf(
                "grad" to { listOf(Ad.grad(::loss).apply(x)) },
                "jvp" to { Ad.jvp(smooth, x, w).let { listOf(it.value(), it.tangent()) } },
                "a shared pullback" to { listOf(pullback.apply(w)) },
                "a shared linear map" to { listOf(linear.apply(w)) },
                "hvp" to { listOf(Ad.hvp(::loss, x, w)) },
                "jacobian" to { listOf(Ad.jacobian(kept, x).tensor()) },
                "hessian" to { listOf(Ad.hessian(smooth, x).tensor()) },
                "vmap of grad" to { listOf(Ad.vmap(Ad.grad(::loss)).apply(Core.stack(listOf(x, w)))) },
                "capture" to { listOf(Graph.capture(Ad.grad(::loss), x).apply(w)) },
                "a shared graph" to { listOf(graph.apply(w)) },
                "the derivative of a shared graph" to { listOf(Ad.vjp(graph::apply, x).pullback().apply(w)) },
                "requireFinite" to { listOf(Ad.grad(Diagnostics.requireFinite(::loss)::apply).apply(x)) },
            )

        test("all at once") {
            val alone = all.mapValues { (_, compute) -> compute() }
            Executors.newFixedThreadPool(8).use { pool ->
                val jobs = List(5) { all.toList() }.flatten().map { (what, compute) -> Callable { what to compute() } }
                for (result in pool.invokeAll(jobs)) {
                    val (what, numbers) = result.get()
                    requireSameBits(what, numbers, alone.getValue(what))
                }
            }
        }

        test("a function that spreads its own work over threads") {
            val f = { t: Tensor ->
                val parts = (1..20).toList().parallelStream().map { k -> loss(t.times(k * 0.1)) }.toList()
                parts.reduce(Tensor::plus)
            }
            val slope = Ad.grad(f).apply(x)
            repeat(5) { requireSameBits("grad", listOf(Ad.grad(f).apply(x)), listOf(slope)) }
            Diagnostics.firstNonFinite({ t: Tensor -> f(t).times(1e308).times(1e308) }, x).get().operation() shouldBe
                "mul"
        }
    })
