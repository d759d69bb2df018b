package org.kotangent.spec.scalar

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.checkAll
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import kotlin.math.abs
import kotlin.math.max

private const val POINTS = 12

/** Every function in every mode: values, derivatives against differences, and the modes against each other. */
class DerivativeSpec :
    FunSpec({
        fun differ(a: Double, b: Double) = abs(a - b) / max(1.0, max(abs(a), abs(b)))

        /** Central difference of the fourth order. */
        fun difference(f: Univariate, x: Double): Double {
            val h = 1e-3
            fun at(t: Double) = f(Real.of(x + t)).value()
            return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
        }

        for (function in elementary) {
            val f = function.f
            context(function.name) {
                val plain = function.plain
                if (plain != null) {
                    test("computes what the plain function does, whether differentiated or not") {
                        checkAll(POINTS, function.points) { x ->
                            val y = f(Real.of(x)).value()
                            differ(y, plain(x)) shouldBeLessThan 4e-16
                            Reals.jvp({ (a) ->
                                arrayOf(f(a))
                            }, doubleArrayOf(x), doubleArrayOf(1.0)).values()[0] shouldBe
                                y
                            Reals.valueAndGradient({ (a) -> f(a) }, x).value() shouldBe y
                            Reals.taylor({ f(it) }, x, 3)[0] shouldBe y
                            val recorded = Reals.record({ (a) -> f(a) }, x)
                            recorded.value(x) shouldBe y
                            recorded.compile().value(x) shouldBe y
                        }
                    }
                }

                test("first to third derivative agree with differences of the one before") {
                    checkAll(POINTS, function.points) { x ->
                        var g = f
                        repeat(3) { order ->
                            val next = Mode.FORWARD(g)
                            withClue("order ${order + 1} at $x") {
                                differ(next(Real.of(x)).value(), difference(g, x)) shouldBeLessThan 1e-7
                            }
                            g = next
                        }
                    }
                }

                test("all mixes of modes give the same first to third derivative, and so do Taylor coefficients") {
                    checkAll(POINTS, function.points) { x ->
                        var derivatives = mapOf("" to f)
                        for (order in 1..3) {
                            derivatives =
                                derivatives
                                    .flatMap { (name, g) -> Mode.entries.map { "$it $name" to it(g) } }
                                    .toMap()
                            val expected = Reals.nthDerivative({ f(it) }, x, order)
                            derivatives.forEach { (name, g) ->
                                withClue("$name at $x") {
                                    differ(g(Real.of(x)).value(), expected) shouldBeLessThan 2e-11
                                }
                            }
                        }
                    }
                }

                test("recorded and compiled, elsewhere than at the example, equal the function itself") {
                    checkAll(POINTS, function.points) { x ->
                        val example = function.from + 0.6 * (function.to - function.from)
                        val recorded = Reals.record({ (a, b) -> f(a * b) + (b - 1.0) }, example, 1.0)
                        for (replay in listOf(recorded, recorded.compile())) {
                            replay.value(x, 1.0) shouldBe f(Real.of(x)).value()
                            differ(replay.gradient(x, 1.0)[0], Mode.FORWARD(f, x)) shouldBeLessThan 1e-14
                            val tangent = replay.jvp(doubleArrayOf(x, 1.0), doubleArrayOf(1.0, 0.0)).tangents()[0][0]
                            differ(tangent, Mode.FORWARD(f, x)) shouldBeLessThan 1e-14
                        }
                    }
                }

                test("its gradient, recorded and compiled, is differentiated in turn") {
                    checkAll(POINTS, function.points) { x ->
                        val example = function.from + 0.6 * (function.to - function.from)
                        val recorded = Reals.recordAll({ (a) ->
                            arrayOf(Mode.REVERSE(f)(a), Mode.FORWARD(f)(a))
                        }, example)
                        val second = Reals.nthDerivative({ f(it) }, x, 2)
                        for (replay in listOf(recorded, recorded.compile())) {
                            replay.values(x).forEach { differ(it, Mode.FORWARD(f, x)) shouldBeLessThan 1e-13 }
                            replay.jacobian(x).forEach { differ(it[0], second) shouldBeLessThan 1e-11 }
                        }
                    }
                }
            }
        }
    })
