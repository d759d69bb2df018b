package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Diagnostics
import org.kotangent.ad.Graph
import org.kotangent.ad.Jacobian
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Scan
import org.kotangent.ad.Tensor
import java.util.function.BiFunction
import kotlin.math.abs

private typealias Numeric = (Tensor) -> Tensor

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun sin(x: Tensor) = ScalarOp.SIN.primitive().apply(x)

private val direction = Tensor.of(0.8, -0.3)

private fun looped(f: Numeric, x: Tensor, memory: Scan.Memory): Tensor {
    val step = BiFunction<Tensor, Tensor, Scan.Step<Tensor, Tensor>> { sum, weight ->
        Scan.Step(sum.plus(f(x).times(weight)), sum)
    }
    return Ad.scan(step, x.like(0.0), Tensor.of(0.5, 0.25, 0.25), memory).carry()
}

/** What leaves a function as it is, each in its own way. */
private val disguises: Map<String, (Numeric) -> Numeric> =
    mapOf(
        "checkpoint" to { f -> { x -> Ad.checkpoint(f).apply(x) } },
        "checkpoint of a closure" to { f ->
            { x -> Ad.checkpoint { t: Tensor -> f(x.plus(t)) }.apply(x.times(0.0)) }
        },
        "capture" to { f -> { x -> Graph.capture(f, x).apply(x) } },
        "vmap" to { f -> { x -> Core.unstack(Ad.vmap(f).apply(Core.stack(listOf(x, x)))).last() } },
        "vmap of a closure" to { f ->
            { x -> total(Ad.vmap { t: Tensor -> f(x).times(t) }.apply(Tensor.of(0.5, 0.5))) }
        },
        "scan" to { f -> { x -> looped(f, x, Scan.Memory.ALL) } },
        "scan with little memory" to { f -> { x -> looped(f, x, Scan.Memory.LOGARITHMIC) } },
        "requireFinite" to { f -> { x -> Diagnostics.requireFinite(f).apply(x) } },
    )

/** The derivative along a direction, each in its own way. */
private val derivatives: Map<String, (Numeric) -> Numeric> =
    mapOf(
        "jvp" to { f -> { x -> Ad.jvp(f, x, direction).tangent() } },
        "grad" to { f -> { x -> total(Ad.grad(f).apply(x).times(direction)) } },
        "vjp" to { f -> { x -> total(Ad.vjp(f, x).pullback().apply(x.like(1.0)).times(direction)) } },
        "linearize" to { f -> { x -> Ad.linearize(f, x).map().apply(direction) } },
        "forward jacobian" to { f ->
            { x -> total(Ad.jacobian(f, x, Jacobian.Mode.FORWARD).tensor().times(direction)) }
        },
        "reverse jacobian" to { f ->
            { x -> total(Ad.jacobian(f, x, Jacobian.Mode.REVERSE).tensor().times(direction)) }
        },
        "jacobian" to { f -> { x -> total(Ad.jacobian(f, x).tensor().times(direction)) } },
    )

/** All transformations in all orders: of what comes out, only the number of derivatives matters. */
class MixSpec :
    FunSpec({
        val x = Tensor.of(0.6, -0.9)
        val f = { t: Tensor -> total(sin(t.times(t)).times(t)) }
        val expected = generateSequence<Numeric>(f) { g -> { t -> Ad.jvp(g, t, direction).tangent() } }
            .take(4)
            .map { it(x).item() }
            .toList()
        val all = disguises.mapValues { it.value to 0 } + derivatives.mapValues { it.value to 1 }

        for ((outer, outermost) in all) {
            test("$outer of everything of everything") {
                for ((middle, between) in all) {
                    for ((inner, innermost) in all) {
                        val order = outermost.second + between.second + innermost.second
                        val mixed = outermost.first(between.first(innermost.first(f)))(x)
                        val what = "$outer of $middle of $inner"
                        runCatching {
                            mixed.item() shouldBe
                                (expected[order] plusOrMinus 1e-11 * (1 + abs(expected[order])))
                        }
                            .onFailure { throw AssertionError(what, it) }
                    }
                }
            }
        }
    })
