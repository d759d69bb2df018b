package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import io.kotest.property.Arb
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.numericDouble
import io.kotest.property.checkAll
import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Optimiser
import org.kotangent.dsl.Schedule
import org.kotangent.dsl.adam
import org.kotangent.dsl.adamW
import org.kotangent.dsl.clipByNorm
import org.kotangent.dsl.constantRate
import org.kotangent.dsl.cosineDecay
import org.kotangent.dsl.grad
import org.kotangent.dsl.linearDecay
import org.kotangent.dsl.minus
import org.kotangent.dsl.sgd
import org.kotangent.dsl.sum
import org.kotangent.dsl.then
import org.kotangent.dsl.times
import org.kotangent.dsl.weightDecay
import org.kotangent.ops.Elementary.square
import kotlin.math.pow
import kotlin.math.sqrt

/** Optimisers against steps computed by hand, the published formulas, and closed forms. */
class OptimiserSpec :
    FunSpec({
        fun point(vararg x: Double) = Params.of("x", Tensor.of(*x))

        fun Params.x() = get("x").toDoubles().toList()

        /** The parameters after each of the gradients. */
        fun Optimiser.walk(start: Params, grads: List<Params>): List<Params> {
            val steps =
                grads.runningFold(start to init(start)) { (p, state), g ->
                    val (updates, next) = update(g, state, p)
                    p + updates to next
                }
            return steps.map { it.first }.drop(1)
        }

        val gradients = listOf(point(1.0, -2.0), point(0.5, 4.0), point(-1.0, 0.0))

        /** Walks through [gradients] with one number per parameter, as the papers write it. */
        fun <S> byHand(start: DoubleArray, state: S, next: (p: Double, g: Double, S, t: Int) -> Pair<Double, S>) =
            start.mapIndexed { i, p0 ->
                gradients
                    .map { it.x()[i] }
                    .foldIndexed(p0 to state) { t, (p, s), g -> next(p, g, s, t + 1) }
                    .first
            }

        infix fun List<Double>.shouldBeNear(other: List<Double>) {
            size shouldBe other.size
            zip(other) { a, b -> a shouldBe (b plusOrMinus 1e-14) }
        }

        val start = doubleArrayOf(3.0, -1.0)

        test("sgd steps down the gradient") {
            sgd(0.5).walk(point(3.0), listOf(point(2.0), point(-4.0))).map { it.x() } shouldBe
                listOf(listOf(2.0), listOf(4.0))
        }

        test("sgd with momentum accumulates velocity") {
            sgd(0.5, momentum = 0.5).walk(point(0.0), List(3) { point(1.0) }).map { it.x().single() } shouldBe
                listOf(-0.5, -1.25, -2.125) // v = 1, 1.5, 1.75
            sgd(0.1, momentum = 0.9).walk(point(*start), gradients).last().x() shouldBeNear
                byHand(start, 0.0) { p, g, v, _ -> (0.9 * v + g).let { p - 0.1 * it to it } }
        }

        test("Nesterov's momentum looks ahead") {
            sgd(0.5, momentum = 0.5, nesterov = true).walk(
                point(0.0),
                List(2) {
                    point(1.0)
                },
            ).map { it.x().single() } shouldBe
                listOf(-0.75, -1.625) // 1 + ½·1, 1 + ½·1.5
        }

        test("Nesterov's momentum is Sutskever's, whose gradient is taken at p + μv") {
            // On f(x) = x²/2 with y the point that Sutskever et al. (2013), equations 3 and 4, update.
            val (rate, mu) = 0.1 to 0.9
            var y = 5.0
            var v = 0.0
            val ahead =
                List(5) {
                    v = mu * v - rate * (y + mu * v)
                    y += v
                    y + mu * v
                }
            val optimiser = sgd(rate, mu, nesterov = true)
            var p = point(5.0)
            var state = optimiser.init(p)
            ahead.forEach { expected ->
                val (updates, next) = optimiser.update(p, state, p)
                p += updates
                state = next
                p.x().single() shouldBe (expected plusOrMinus 1e-13)
            }
        }

        test("adam is algorithm 1 of Kingma and Ba") {
            val (b1, b2) = 0.8 to 0.95
            adam(0.1, b1, b2, epsilon = 1e-3).walk(point(*start), gradients).last().x() shouldBeNear
                byHand(start, 0.0 to 0.0) { p, g, (m0, v0), t ->
                    val m = b1 * m0 + (1 - b1) * g
                    val v = b2 * v0 + (1 - b2) * g * g
                    p - 0.1 * (m / (1 - b1.pow(t))) / (sqrt(v / (1 - b2.pow(t))) + 1e-3) to (m to v)
                }
        }

        test("adam's first step has the length of the rate, whatever the scale of the gradient") {
            checkAll(50, Arb.numericDouble(1e-3, 1e6)) { scale ->
                adam(0.01).walk(point(0.0, 0.0), listOf(point(scale, -scale))).single().x()
                    .map { it / 0.01 }
                    .zip(listOf(-1.0, 1.0)) { a, b -> a shouldBe (b plusOrMinus 1e-4) }
            }
        }

        test("adamW decays weights beside adam, not through it") {
            val p = point(*start)
            val plain = adam(0.1).walk(p, gradients.take(1)).single()
            val decayed = adamW(0.1, decay = 0.5).walk(p, gradients.take(1)).single()
            decayed.x() shouldBeNear (plain - 0.1 * 0.5 * p).x()
            adamW(
                0.1,
                decay = 0.0,
            ).walk(p, gradients).last().contentEquals(adam(0.1).walk(p, gradients).last()) shouldBe
                true
        }

        test("weight decay adds to the gradient") {
            (weightDecay(0.5) then sgd(0.1)).walk(point(2.0), listOf(point(1.0))).single().x() shouldBeNear listOf(1.8)
        }

        test("clipping keeps the direction and bounds the length over all parameters") {
            val optimiser = clipByNorm(1.0) then sgd(1.0)
            val zero = Params.of("a", Tensor.of(0.0)).with("b", Tensor.of(0.0))
            val long = Params.of("a", Tensor.of(3.0)).with("b", Tensor.of(4.0))
            val step = optimiser.walk(zero, listOf(long)).single()
            step.get("a").item() shouldBe (-0.6 plusOrMinus 1e-15)
            step.get("b").item() shouldBe (-0.8 plusOrMinus 1e-15)
            optimiser.walk(zero, listOf(0.1 * long)).single().contentEquals(-0.1 * long) shouldBe true
            optimiser.walk(zero, listOf(0 * long)).single().norm() shouldBe 0.0
        }

        test("composition keeps the states of both apart") {
            val p = point(0.0)
            val twice = sgd(1.0, momentum = 0.5) then sgd(-1.0, momentum = 0.5)
            twice.init(p).paths() shouldBe
                listOf("first.step", "first.velocity.x", "second.step", "second.velocity.x")
            // −(momentum of momentum): 1, then 1.5 through v₂ = ½·1 + 1.5 = 2
            twice.walk(p, List(2) { point(1.0) }).map { it.x().single() } shouldBe listOf(-1.0, -3.0)
        }

        test("composition is associative") {
            val (a, b, c) = Triple(clipByNorm(1.0), weightDecay(0.1), adam(0.1))
            val p = point(*start)
            ((a then b) then c).walk(
                p,
                gradients,
            ).last().contentEquals((a then (b then c)).walk(p, gradients).last()) shouldBe
                true
        }

        test("on a quadratic, sgd contracts by 1 − rate·curvature a step") {
            checkAll(20, Arb.list(Arb.numericDouble(-5.0, 5.0), 1..5)) { x ->
                val optimiser = sgd(0.25)
                val p = point(*x.toDoubleArray())
                val grads = generateSequence(p) { it * 0.75 }.take(10).toList()
                val end = optimiser.walk(p, grads).last()
                (end - 0.75.pow(10) * p).norm() shouldBe (0.0 plusOrMinus 1e-12)
            }
        }

        listOf(
            "sgd" to sgd(0.1),
            "sgd with momentum" to sgd(0.05, momentum = 0.9),
            "sgd with Nesterov's momentum" to sgd(0.05, momentum = 0.9, nesterov = true),
            "adam" to adam(cosineDecay(0.3, steps = 300)),
            "clipping, then adamW" to (clipByNorm(1.0) then adamW(cosineDecay(0.3, steps = 300), decay = 0.0)),
        ).forEach { (name, optimiser) ->
            test("$name finds the minimum of a bowl") {
                val target = Tensor.of(1.0, -2.0, 3.0)
                val p0 = Params.of("x", Tensor.zeros(DType.F64, 3))
                val end =
                    (1..300).fold(p0 to optimiser.init(p0)) { (p, state), _ ->
                        val (updates, next) = optimiser.update(grad(p) { sum(square(it.get("x") - target)) }, state, p)
                        p + updates to next
                    }
                (end.first.get("x") - target).toDoubles().forEach { it shouldBe (0.0 plusOrMinus 1e-3) }
            }

            test("$name changes nothing it is given, and repeats itself") {
                val p = point(*start)
                val state = optimiser.init(p)
                val before = listOf(p, state, gradients[0]).map { it.map { t -> t * 1 } }
                val first = optimiser.update(gradients[0], state, p)
                val second = optimiser.update(gradients[0], state, p)
                first.updates.contentEquals(second.updates) shouldBe true
                first.state.contentEquals(second.state) shouldBe true
                listOf(p, state, gradients[0]).zip(before) { now, then -> now.contentEquals(then) shouldBe true }
            }

            test("$name keeps the type of the parameters") {
                val p = Params.of("x", Tensor.of(1f, 2f))
                optimiser.update(p, optimiser.init(p), p).updates.get("x").dtype() shouldBe DType.F32
            }
        }

        test("a schedule is a function of the step") {
            val halving = Schedule { step -> 0.5.pow(step.toInt()) }
            sgd(halving).walk(point(0.0), List(3) { point(1.0) }).map { it.x().single() } shouldBe
                listOf(-1.0, -1.5, -1.75)
            constantRate(0.3).at(1_000_000) shouldBe 0.3
        }

        test("decay starts after the warm-up at the full rate and ends at the end") {
            val cosine = cosineDecay(2.0, steps = 12, warmUp = 4, end = 1.0)
            val expected = listOf(0 to 0.5, 1 to 1.0, 3 to 2.0, 4 to 2.0, 8 to 1.5, 12 to 1.0, 99 to 1.0)
            expected.forEach { (step, rate) -> cosine.at(step.toLong()) shouldBe (rate plusOrMinus 1e-15) }
            val linear = linearDecay(2.0, steps = 12, warmUp = 4)
            listOf(0 to 0.5, 3 to 2.0, 4 to 2.0, 6 to 1.5, 8 to 1.0, 10 to 0.5, 12 to 0.0)
                .forEach { (step, rate) -> linear.at(step.toLong()) shouldBe (rate plusOrMinus 1e-15) }
            linearDecay(1.0, steps = 0).at(0) shouldBe 0.0
        }

        mapOf(
            "sgd: momentum must lie in [0, 1); got 1.0" to { sgd(0.1, momentum = 1.0) },
            "sgd: Nesterov's form needs momentum" to { sgd(0.1, nesterov = true) },
            "adam: averages must have weights in [0, 1); got beta1: 0.9, beta2: 1.0" to { adam(0.1, beta2 = 1.0) },
            "adam: epsilon must be positive; got 0.0" to { adam(0.1, epsilon = 0.0) },
            "adamW: the decay must not be negative; got -1.0" to { adamW(0.1, decay = -1.0) },
            "clipByNorm: the limit must be positive; got 0.0" to { clipByNorm(0.0) },
            "linearDecay: the warm-up must lie within the steps; got warmUp: 5, steps: 4" to {
                linearDecay(0.1, steps = 4, warmUp = 5)
            },
        ).forEach { (message, make) ->
            test("wrong: $message") {
                shouldThrow<IllegalArgumentException> { make() }.message shouldStartWith message
            }
        }
    })
