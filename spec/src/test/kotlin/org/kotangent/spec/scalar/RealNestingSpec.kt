package org.kotangent.spec.scalar

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DomainException
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.math.cos
import kotlin.math.sin

private fun real(x: Double) = Real.of(x)

/** Derivatives inside functions that are being differentiated, none of which may take another's parts for its own. */
class RealNestingSpec :
    FunSpec({
        for (outer in Mode.entries) {
            for (inner in Mode.entries) {
                context("$outer over $inner") {
                    test("D(x → x·D(y → x + y)(1))(1) = 1") {
                        outer({ x -> x * inner { y -> x + y }(real(1.0)) }, 1.0) shouldBe 1.0
                    }
                    test("D(x → x·D(y → x·y)(2))(1) = 2") {
                        outer({ x -> x * inner { y -> x * y }(real(2.0)) }, 1.0) shouldBe 2.0
                    }
                    test("D(x → x·D(y → x·y)(1))(4) = 8") {
                        outer({ x -> x * inner { y -> x * y }(real(1.0)) }, 4.0) shouldBe 8.0
                    }
                    test("D(x → x·D(y → y²)(x))(1) = 4") {
                        outer({ x -> x * inner { y -> y * y }(x) }, 1.0) shouldBe 4.0
                    }
                    test("the inner function returns what it closes over") {
                        outer({ x -> x * inner { _ -> x }(real(3.0)) }, 5.0) shouldBe 0.0
                    }
                    test("the inner derivative is taken at a point that depends on the outer argument") {
                        outer({ x -> inner { y -> y * y * x }(x * 3.0) }, 2.0) shouldBe 24.0
                    }
                    test("the inner derivative is taken once and used at two points") {
                        outer({ x ->
                            val slope = inner { y -> x * y * y }
                            slope(real(1.0)) + slope(x)
                        }, 3.0) shouldBe 14.0
                    }
                    test("comparisons see through all levels") {
                        outer({ x -> x * inner { y -> if (y * x > real(1.0)) y * y else y }(x) }, 2.0) shouldBe 8.0
                        outer({ x -> x * inner { y -> if (y * x < 1.0) y * y else y }(x) }, 2.0) shouldBe 1.0
                    }
                    for (third in Mode.entries) {
                        test("over $third: D(x → D(y → D(z → x·y·z·z)(y))(x))(2) = 8·x") {
                            outer({ x -> inner { y -> third { z -> x * y * z * z }(y) }(x) }, 2.0) shouldBe 16.0
                        }
                    }
                }
            }
        }

        test("sin, sin′, sin″ and sin‴ at 0, in every mix of modes") {
            var functions = listOf<Univariate>(Real::sin)
            for (expected in listOf(0.0, 1.0, 0.0, -1.0)) {
                functions.forEach { f -> f(real(0.0)).value() shouldBe expected }
                functions = functions.flatMap { f -> Mode.entries.map { it(f) } }
            }
        }

        test("derivatives of order five, in mixes of modes") {
            val x = 0.7
            for (mix in 0 until 64) {
                val fifth = (0 until 5).fold<Int, Univariate>({ t -> t * t.sin() }) { f, k ->
                    Mode.entries[
                        (mix shr k) %
                            3,
                    ](f)
                }
                // (x·sin x)⁽⁵⁾ = x·cos x + 5·sin x
                fifth(real(x)).value() shouldBe ((x * cos(x) + 5 * sin(x)) plusOrMinus 1e-11)
            }
        }

        test("derivatives that are asked for as numbers, in functions of captured values, are numbers") {
            val two = doubleArrayOf(2.0, 3.0)
            for (outer in Mode.entries) {
                // y(x) = x · number, where the number is ∂(x·a·b)/∂a = x·b = 15 or twice that.
                outer({ x -> x * Reals.gradient({ (a, b) -> x * a * b }, *two)[0] }, 5.0) shouldBe 15.0
                outer({ x -> x * Reals.jacobian({ (a, b) -> arrayOf(x * a * b) }, *two)[0][0] }, 5.0) shouldBe 15.0
                outer({ x ->
                    x * Reals.jvp({ (a, b) -> arrayOf(x * a * b) }, two, two, two).tangents()[0][0]
                }, 5.0) shouldBe
                    60.0
            }
            shouldThrow<DomainException> {
                Reals.record({ (x) -> x * Reals.gradient({ (a, b) -> x * a * b }, *two)[0] }, 1.0)
            }
        }

        test("the Taylor series of a derivative, and the derivative of Taylor coefficients") {
            val sine = { x: Real -> x.sin() }
            val derivative = Reals.taylor({ Mode.REVERSE(sine)(it) }, 0.4, 3)
            val series = Reals.taylor({ it.sin() }, 0.4, 4)
            for (k in 0..3) {
                derivative[k] shouldBe (series[k + 1] * (k + 1) plusOrMinus 1e-15)
                Mode.FORWARD({ x -> Reals.taylor({ it.sin() }, x, 4)[k] }, 0.4) shouldBe
                    (series[k + 1] * (k + 1) plusOrMinus 1e-15)
            }
        }

        test("many threads differentiate at once, sharing a function and a captured value") {
            val shared = real(1.5)
            val f: Univariate = { x -> x * Mode.FORWARD { y -> shared * x * y * y }(x) }
            val expected = Mode.REVERSE(f, 2.0)
            Executors.newFixedThreadPool(8).use { pool ->
                val jobs = List(64) { i -> Callable { Mode.entries[i % 3](f, 2.0) } }
                pool.invokeAll(jobs).map { it.get() }.toSet() shouldContainExactly setOf(expected)
            }
        }

        test("forward mode lets the function spread its own work over threads") {
            val f: Univariate = { x ->
                (1..20).toList().parallelStream().map { x * it.toDouble() * x }.toList().reduce { a, b -> a + b }
            }
            Mode.FORWARD(f, 3.0) shouldBe 1260.0
            Mode.TAYLOR(f, 3.0) shouldBe 1260.0
        }

        context("ordinary control flow") {
            for (d in Mode.entries) {
                test("$d: recursion") {
                    fun power(x: Real, n: Int): Real = if (n == 0) real(1.0) else x * power(x, n - 1)
                    d({ power(it, 6) }, 2.0) shouldBe 192.0
                }
                test("$d: a loop that ends by the value") {
                    fun halved(x: Real): Real = generateSequence(x) { it * 0.5 }.first { it < 1.0 }
                    d(::halved, 5.0) shouldBe 0.125
                }
            }
        }
    })
