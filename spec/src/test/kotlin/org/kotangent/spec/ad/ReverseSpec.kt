package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor

private fun sum(x: Tensor) = Core.sum(x, intArrayOf(), false)

/** Large and degenerate graphs: deep, shared, disconnected, and with results that are not differentiated. */
class ReverseSpec :
    FunSpec({
        val one = Tensor.scalar(1.0)

        fun chain(length: Int) = { x: Tensor ->
            var y = x
            repeat(length) { y = y.times(1 + 1.0 / length) }
            y
        }

        test("a chain of a million operations") {
            Ad.grad(chain(1_000_000)).apply(one).item() shouldBe (Math.E plusOrMinus 1e-5)
        }

        test("a long chain forwards") {
            Ad.jvp(chain(100_000), one, one).tangent().item() shouldBe (Math.E plusOrMinus 1e-4)
        }

        test("a second derivative through a long chain") {
            val square = { x: Tensor -> chain(50_000)(x).let { it.times(it) } }
            Ad.hvp(square, one, one).item() shouldBe (2 * Math.E * Math.E plusOrMinus 1e-2)
        }

        test("a value used twice at every step: work grows with the operations, not with the paths") {
            val doubled = { x: Tensor -> (1..200).fold(x) { y, _ -> y.plus(y).times(0.5) } }
            Ad.grad(doubled).apply(one).item() shouldBe 1.0
            Ad.jvp(doubled, one, one).tangent().item() shouldBe 1.0
        }

        test("many uses of one value are summed in the order of the graph, on any thread") {
            val f = { x: Tensor -> (1..100).map { x.times(1.0 / it) }.reduce(Tensor::plus) }
            val parallel = { x: Tensor ->
                (1..100).toList().parallelStream().map { x.times(1.0 / it) }.toList().reduce(Tensor::plus)
            }
            val expected = Ad.grad(f).apply(one)
            repeat(20) { Ad.grad(parallel).apply(one).contentEquals(expected) shouldBe true }
        }

        context("what does not depend on the argument has derivative exactly zero") {
            val x = listOf(Tensor.of(1.0, 2.0), Tensor.of(3f))

            test("an argument that is not used") {
                val (used, unused) = Ad.grad { z: List<Tensor> -> sum(z[0]) }.apply(x)
                used.toDoubles() shouldBe doubleArrayOf(1.0, 1.0)
                unused.contentEquals(Tensor.zeros(DType.F32, 1)) shouldBe true
            }
            test("a constant function") {
                Ad.grad<Tensor> { Tensor.scalar(5.0) }.apply(x[0]).contentEquals(Tensor.zeros(DType.F64, 2)) shouldBe
                    true
                Ad.jvp({ _: Tensor -> x[1] }, x[0], x[0]).tangent().contentEquals(Tensor.zeros(DType.F32, 1)) shouldBe
                    true
            }
            test("one of several results") {
                val (value, pullback) = Ad.vjp({ z: Tensor -> listOf(z, Tensor.of(7.0)) }, x[0]).let {
                    it.value() to
                        it.pullback()
                }
                pullback.apply(value).contentEquals(x[0]) shouldBe true
                Ad.jvp({ z: Tensor -> listOf(z, Tensor.of(7.0)) }, x[0], x[0]).tangent()[1].item() shouldBe 0.0
            }
            test("a path through integers") {
                Ad.grad<Tensor> { z ->
                    sum(z.to(DType.I32).to(DType.F64)).plus(sum(z))
                }.apply(x[0]).toDoubles() shouldBe
                    doubleArrayOf(1.0, 1.0)
            }
        }

        context("an auxiliary result") {
            val origin = Tensor.of(0.0, 1.0)
            val all =
                Ad
                    .valueGradAux { x: Tensor -> Ad.WithAux(sum(x), mapOf("log" to ScalarOp.LOG.primitive().apply(x))) }
                    .apply(origin)

            test("is returned as it is") {
                all.aux().getValue("log").toDoubles() shouldBe doubleArrayOf(Double.NEGATIVE_INFINITY, 0.0)
            }
            test("does not touch the gradient, even where its own is infinite") {
                all.grad().toDoubles() shouldBe doubleArrayOf(1.0, 1.0)
            }
            test("is free of the derivation") {
                all.aux().getValue("log").plus(origin).toDoubles()[1] shouldBe 1.0
            }
        }

        test("value and gradient come from one run") {
            var runs = 0
            val both = Ad.valueAndGrad { x: Tensor -> sum(x.times(x)).also { runs++ } }.apply(Tensor.of(1.0, 2.0))
            both.value().item() shouldBe 5.0
            both.grad().toDoubles() shouldBe doubleArrayOf(2.0, 4.0)
            runs shouldBe 1
        }
    })
