package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg
import org.kotangent.ops.Random

private fun sum(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun noise(seed: Long, vararg dims: Int) = Random.normal(Key.of(seed), DType.F32, *dims)

/** What plans carry out, as they explain it. */
class ExplainSpec :
    FunSpec({
        fun explain(f: (Tensor) -> Any) = Ad.compile<Tensor, Any> { f(it) }.explain(noise(1, 2, 3))

        test("a chain of elementwise operations is one loop") {
            val text = explain { x -> Elementary.exp(x * 2.0 + 1.0) - x }
            text shouldContain "fused[sub(exp(add(mul(x0, 2.0), 1.0)), x0)]"
            text shouldContain "1 operations"
        }
        test("what is cheap and made of what is stored anyway is not stored, but computed where it is read") {
            fun loss(w: Tensor): Tensor {
                val y = Elementary.relu(Linalg.matmul(noise(2, 4, 2), w))
                return sum(Elementary.square(Linalg.matmul(y, noise(3, 3, 3))))
            }
            val text = Ad.compile<Tensor, Tensor>(Ad.grad(::loss)).explain(noise(1, 2, 3))
            // The mask of the rectifier is part of the backward loop, and no result of the first product.
            text shouldContain Regex("matmul\\S* then fused\\[\\[.*], \\[max\\(x0, 0.0\\)]]")
            text shouldContain "select(less(0.0, x"
        }
        test("what is cheap is computed by each loop that reads it, if it reads one array at most") {
            // The sums keep the loops apart: the second needs that of the first.
            fun twice(x: Tensor, cheap: (Tensor) -> Tensor): Tensor {
                val c = cheap(x)
                val scale = Core.sum(c * c, intArrayOf(0), true)
                return Elementary.exp(c * scale)
            }
            explain { x -> twice(x) { it - 3.0 } }.let {
                it shouldContain "fused[sum[0](t0 = sub(x0, 3.0); mul(t0, t0))]"
                it shouldContain "fused[exp(mul(sub(x0, 3.0), x1))]"
            }
            explain { x -> twice(x) { Elementary.sin(it) } } shouldContain "fused[sin(x0), sum[0]("
            val y = noise(9, 2, 3)
            explain { x -> twice(x) { it - y } } shouldContain "fused[sub(x0, x1), sum[0]("
        }
        test("a chain of any length is a loop for each hundred operations, about") {
            fun chain(x: Tensor) = (1..6_000).fold(x) { y, _ -> y * 1.01 + 0.1 }
            val x = noise(1, 2, 3)
            val plan = Ad.compile<Tensor, Tensor>(::chain)
            plan.explain(x) shouldContain "\n125 operations"
            plan.apply(x).contentEquals(chain(x)) shouldBe true
        }
        test("what several results need is computed once") {
            explain { x -> listOf(Elementary.sin(x) * 2.0, Elementary.sin(x) * 3.0) } shouldContain "1 operations"
            explain { x ->
                listOf(Linalg.matmul(x, x, false, true), Linalg.matmul(x, x, false, true))
            } shouldContain
                "1 operations"
        }
        test("what no result needs is not computed") {
            explain { x ->
                Elementary.exp(x)
                sum(x)
            } shouldNotContain "exp"
        }
        test("a product transposes by itself") {
            fun transposed(x: Tensor) = Core.transpose(x, 1, 0)
            val text = explain { x -> Linalg.matmul(transposed(x), transposed(transposed(x))) }
            text shouldContain "matmul[aᵀ, b](f32[2, 3], f32[2, 3])"
            text shouldContain "1 operations"
            explain { x -> Linalg.matmul(transposed(x), transposed(x), true, false) } shouldContain "matmul[a, bᵀ]"
        }
        test("what is elementwise about a product, and alone reads it, is done with it") {
            fun affine(x: Tensor) = Linalg.matmul(x, noise(2, 3, 4)) + noise(3, 4)
            val text = explain { x -> Elementary.relu(affine(x)) }
            text shouldContain "matmul then fused"
            text shouldContain "1 operations"
            explain { x -> affine(x).let { listOf(it, Elementary.relu(it)) } } shouldContain "then fused"
            explain { x -> Linalg.matmul(x, noise(2, 3, 4)).let { listOf(it, Elementary.relu(it)) } } shouldContain
                "2 operations"
        }
        test("what changes nothing is left out") {
            explain { x -> -(-(x * 1.0 / 1.0 - 0.0)) } shouldContain "0 operations"
            explain { x -> Core.transpose(Core.transpose(x, 1, 0), 1, 0) } shouldContain "0 operations"
            explain { x -> Core.reshape(Core.reshape(x, Shape.of(6)), Shape.of(2, 3)) } shouldContain "0 operations"
            explain { x -> Core.stack(Core.unstack(x).reversed()) } shouldContain "2 operations"
            explain { x -> Core.unstack(Core.stack(listOf(x, x * 2.0)))[1] } shouldContain "1 operations"
        }
        test("x + 0 is computed, because −0 + 0 is 0") {
            explain { x -> x + 0.0 } shouldContain "add"
            val zero = Ad.compile<Tensor, Tensor> { it + 0.0 }.apply(Tensor.of(-0.0))
            (1 / zero.item()) shouldBe Double.POSITIVE_INFINITY
        }
        test("constants are computed beforehand") {
            val c = noise(7, 3, 3)
            explain { x -> Linalg.matmul(x, Elementary.exp(c) * 2.0) } shouldContain "1 operations"
        }
        test("buffers are used over and over") {
            fun chain(x: Tensor) = (1..20).fold(x) { y, _ -> Linalg.matmul(Elementary.tanh(y), noise(3, 3, 3)) }
            explain(::chain) shouldContain Regex("arena of [12] buffers with (24|48) B")
        }
        test("with the time of each operation") {
            Ad.compile<Tensor, Any> { Elementary.exp(it) }.profile(noise(1, 2, 3)) shouldContain "µs"
        }
    })
