package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Jacobian
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.math.cos
import kotlin.math.sin

private typealias Scalar = (Tensor) -> Tensor

/** A way to differentiate a function of one number. */
private enum class D(val derivative: (Scalar) -> Scalar) {
    FORWARD({ f -> { x -> Ad.jvp(f, x, x.like(1.0)).tangent() } }),
    REVERSE({ f -> { x -> Ad.grad(f).apply(x) } }),
    PULLBACK({ f -> { x -> Ad.vjp(f, x).let { it.pullback().apply(it.value().like(1.0)) } } }),
    LINEARIZED({ f -> { x -> Ad.linearize(f, x).map().apply(x.like(1.0)) } }),
    COLUMN({ f -> { x -> Ad.jacobian(f, x, Jacobian.Mode.FORWARD).tensor() } }),
    ROW({ f -> { x -> Ad.jacobian(f, x, Jacobian.Mode.REVERSE).tensor() } }),
    ;

    operator fun invoke(f: Scalar): Scalar = derivative(f)

    operator fun invoke(f: Scalar, at: Double): Double = derivative(f)(Tensor.scalar(at)).item()
}

private fun number(x: Double) = Tensor.scalar(x)

private fun sine(x: Tensor) = ScalarOp.SIN.primitive().apply(x)

/** Derivatives inside functions that are being differentiated, none of which may take another's tangents for its own. */
class NestingSpec :
    FunSpec({
        for (outer in D.entries) {
            for (inner in D.entries) {
                context("$outer over $inner") {
                    test("D(x → x·D(y → x + y)(1))(1) = 1") {
                        outer({ x -> x.times(inner { y -> x.plus(y) }(number(1.0))) }, 1.0) shouldBe 1.0
                    }
                    test("D(x → x·D(y → x·y)(2))(1) = 2") {
                        outer({ x -> x.times(inner { y -> x.times(y) }(number(2.0))) }, 1.0) shouldBe 2.0
                    }
                    test("D(x → x·D(y → x·y)(1))(4) = 8") {
                        outer({ x -> x.times(inner { y -> x.times(y) }(number(1.0))) }, 4.0) shouldBe 8.0
                    }
                    test("D(x → x·D(y → y²)(x))(1) = 4") {
                        outer({ x -> x.times(inner { y -> y.times(y) }(x)) }, 1.0) shouldBe 4.0
                    }
                    test("the inner function returns what it closes over") {
                        outer({ x -> x.times(inner { _ -> x }(number(3.0))) }, 5.0) shouldBe 0.0
                    }
                    test("the inner derivative is taken at a point that depends on the outer argument") {
                        outer({ x -> inner { y -> y.times(y).times(x) }(x.times(3.0)) }, 2.0) shouldBe 24.0
                    }
                    test("the inner derivative is taken once and used at two points") {
                        outer({ x ->
                            val slope = inner { y -> x.times(y).times(y) }
                            slope(number(1.0)).plus(slope(x))
                        }, 3.0) shouldBe 14.0
                    }
                    for (third in D.entries) {
                        test("over $third: D(x → D(y → D(z → x·y·z·z)(y))(x))(2) = 8·x") {
                            outer({ x ->
                                inner { y -> third { z -> x.times(y).times(z).times(z) }(y) }(x)
                            }, 2.0) shouldBe
                                16.0
                        }
                    }
                }
            }
        }

        test("sin, sin′, sin″ and sin‴ at 0, in every mix of modes") {
            var functions = listOf<Scalar>(::sine)
            for (expected in listOf(0.0, 1.0, 0.0, -1.0)) {
                functions.forEach { f -> f(number(0.0)).item() shouldBe expected }
                functions = functions.flatMap { f -> D.entries.map { it(f) } }
            }
        }

        for (outer in D.entries) {
            for (inner in D.entries) {
                test("$outer over $inner, for a batch of points at once: D(x → x·D(y → x·y)(1)) = 2·x") {
                    val derivative = outer { x -> x.times(inner { y -> x.times(y) }(number(1.0))) }
                    Ad.vmap(derivative).apply(Tensor.of(1.0, 4.0)).toDoubles() shouldBe doubleArrayOf(2.0, 8.0)
                }
                test("$outer over a batch of $inner: D(x → x·Σ D(y → x·y²)(yₖ))(1) = 2·Σ 2·yₖ") {
                    val total = { x: Tensor ->
                        val slopes = Ad.vmap(inner { y -> x.times(y).times(y) }).apply(Tensor.of(1.0, 2.0, 3.0))
                        x.times(Core.sum(slopes, intArrayOf(), false))
                    }
                    outer(total, 1.0) shouldBe 24.0
                }
            }
        }

        test("derivatives of order five, in mixes of modes") {
            val x = 0.7
            for (mix in 0 until 32) {
                val fifth = (0 until 5).fold<Int, Scalar>({ t ->
                    t.times(sine(t))
                }) { f, k -> D.entries[mix shr k and 1](f) }
                // (x·sin x)⁽⁵⁾ = x·cos x + 5·sin x
                fifth(number(x)).item() shouldBe ((x * cos(x) + 5 * sin(x)) plusOrMinus 1e-12)
            }
        }

        test("a derivative of a derivative with respect to a captured value, of the same number") {
            val x = number(3.0)
            val f = { a: Tensor -> D.REVERSE { b -> a.times(b).times(b) }(a) }
            D.FORWARD(f)(x).item() shouldBe 12.0
            f(x).item() shouldBe 18.0
        }

        test("many threads differentiate at once, sharing a function and a captured value") {
            val shared = number(1.5)
            val f: Scalar = { x -> x.times(D.FORWARD { y -> shared.times(x).times(y).times(y) }(x)) }
            val expected = D.REVERSE(f)(number(2.0)).item()
            Executors.newFixedThreadPool(8).use { pool ->
                val jobs = List(64) { i -> Callable { D.entries[i % 3](f)(number(2.0)).item() } }
                pool.invokeAll(jobs).map { it.get() }.toSet() shouldContainExactly setOf(expected)
            }
        }

        test("the function may spread its own work over threads") {
            val f: Scalar = { x ->
                (1..20).toList().parallelStream().map { x.times(it.toDouble()).times(x) }.toList().reduce(Tensor::plus)
            }
            D.REVERSE(f, 3.0) shouldBe 1260.0
            D.FORWARD(f, 3.0) shouldBe 1260.0
        }

        context("ordinary control flow") {
            for (d in D.entries) {
                test("$d: recursion") {
                    fun power(x: Tensor, n: Int): Tensor = if (n == 0) x.like(1.0) else x.times(power(x, n - 1))
                    d({ power(it, 6) }, 2.0) shouldBe 192.0
                }
                test("$d: a loop that ends by the value") {
                    fun halved(x: Tensor): Tensor = generateSequence(x) { it.times(0.5) }.first { it.item() < 1 }
                    d(::halved, 5.0) shouldBe 0.125
                }
                test("$d: a branch on the value, and a variable that is assigned again") {
                    fun piecewise(x: Tensor): Tensor {
                        var y = x.times(x)
                        if (x.item() > 0) {
                            y = y.times(x)
                        }
                        return y
                    }
                    d(::piecewise, 2.0) shouldBe 12.0
                    d(::piecewise, -2.0) shouldBe -4.0
                }
            }
        }

        test("what an outer derivation is not about is still differentiated inside") {
            // ∂/∂x of a gradient in y that ignores x.
            D.REVERSE({ x -> D.REVERSE { y -> y.times(y) }(number(3.0)).plus(x.times(0.0)) }, 1.0) shouldBe 0.0
        }

        test("an integer cannot be differentiated") {
            val message = "differentiates floating tensors; got i32[2]; convert with to(DType.F32)"
            val n = Tensor.of(1, 2)
            shouldThrow<DTypeException> {
                Ad.grad<Tensor> { it.to(org.kotangent.ad.DType.F64) }.apply(n)
            }.message shouldBe
                "grad: $message"
            shouldThrow<DTypeException> { Ad.jvp({ it }, n, n) }.message shouldBe "jvp: $message"
            shouldThrow<DTypeException> { Ad.vjp({ it }, n) }.message shouldBe "vjp: $message"
        }
    })
