package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.bind
import io.kotest.property.arbitrary.numericDouble
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Params
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.TreeException

private fun params(a: Double, b: Double, c: Double): Params =
    Params.of(linkedMapOf("conv1.weight" to Tensor.of(a, b), "conv1.bias" to Tensor.of(c)))

private fun Params.numbers(): List<Double> = tensors().flatMap { it.toDoubles().asList() }

class ParamsSpec :
    FunSpec({
        val p = params(1.0, 2.0, 3.0)

        context("a named, ordered collection") {
            test("paths and tensors keep their order") {
                p.paths() shouldContainExactly listOf("conv1.weight", "conv1.bias")
                p.numbers() shouldBe listOf(1.0, 2.0, 3.0)
                p.count() shouldBe 3L
                p.toString() shouldBe "Params{conv1.weight=f64[2], conv1.bias=f64[1]}"
            }
            test("with and merge give changed copies") {
                val q = p.with("conv1.bias", Tensor.of(9.0)).with("dense1.bias", Tensor.of(4.0))
                q.paths() shouldContainExactly listOf("conv1.weight", "conv1.bias", "dense1.bias")
                q.get("conv1.bias").item() shouldBe 9.0
                p.get("conv1.bias").item() shouldBe 3.0
                p.merge(q).contentEquals(q) shouldBe true
            }
            test("entries below a path, and back") {
                p.under("conv1").paths() shouldContainExactly listOf("weight", "bias")
                p.under("conv1").prefixed("conv1").contentEquals(p) shouldBe true
                p.under("conv").paths() shouldBe emptyList()
            }
            test("nobody can change one") {
                val map = linkedMapOf("w" to Tensor.of(1.0))
                val q = Params.of(map)
                map["w"] = Tensor.of(2.0)
                q.get("w").item() shouldBe 1.0
                shouldThrow<UnsupportedOperationException> { q.toMap()["w"] = Tensor.of(2.0) }
            }
            test("a path that does not exist is named, with those that do") {
                shouldThrow<TreeException> { p.get("conv2.weight") }.message shouldBe
                    "params: there must be a tensor at the path; got conv2.weight; use one of [conv1.weight, conv1.bias]"
            }
        }

        context("a vector space") {
            val number = Arb.numericDouble(-10.0, 10.0)
            val vectors = Arb.bind(number, number, number, ::params)

            fun close(a: Params, b: Params) {
                a.paths() shouldBe b.paths()
                a.numbers().zip(b.numbers()).forEach { (x, y) -> x shouldBe (y plusOrMinus 1e-12) }
            }
            test("addition commutes, associates, and minus undoes it") {
                checkAll(100, vectors, vectors, vectors) { a, b, c ->
                    close(a + b, b + a)
                    close((a + b) + c, a + (b + c))
                    close((a + b) - b, a)
                    close(a - b, a + -b)
                }
            }
            test("multiplication distributes") {
                checkAll(100, vectors, vectors, number) { a, b, s ->
                    close((a + b) * s, a * s + b * s)
                    close(a * 1.0, a)
                    close(a * 0.0, a - a)
                }
            }
            test("the inner product is symmetric and gives the norm") {
                checkAll(100, vectors, vectors) { a, b ->
                    a.dot(b).item() shouldBe b.dot(a).item()
                    a.norm() * a.norm() shouldBe (a.dot(a).item() plusOrMinus 1e-12)
                    (Math.abs(a.dot(b).item()) <= a.norm() * b.norm() + 1e-9) shouldBe true
                }
            }
            test("vectors of different spaces do not mix") {
                shouldThrow<TreeException> { p + Params.of("conv1.weight", Tensor.of(1.0, 2.0)) }.message shouldBe
                    "plus: the two trees must have the same structure; " +
                    "got at tree: Params[conv1.weight, conv1.bias] and Params[conv1.weight]; make the two trees alike"
                shouldThrow<ShapeException> { p - p.with("conv1.bias", Tensor.of(1.0, 2.0)) }.message shouldBe
                    "minus: leaves must have the same type and shape; got conv1.bias: f64[1] and f64[2]; " +
                    "make the two trees alike"
            }
        }

        test("a step down a gradient is written as it is said") {
            val loss = { q: Params -> Core.sum(q.get("conv1.weight").times(q.get("conv1.bias")), intArrayOf(), false) }
            (p - Ad.grad(loss).apply(p) * 0.5).numbers() shouldBe listOf(-0.5, 0.5, 1.5)
        }
    })
