package org.kotangent.spec.ad

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg
import org.kotangent.ops.Random

private fun sum(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun noise(seed: Long, vararg dims: Int) = Random.normal(Key.of(seed), DType.F32, *dims)

private val x = noise(1, 8, 8)

/** How many operations the plan of a function has. */
private fun operations(f: (Tensor) -> Tensor): Int = Ad
    .compile<Tensor, Tensor> { f(it) }
    .explain(x)
    .lines()
    .last()
    .substringBefore(" ")
    .toInt()

/** Functions of a tensor in a number of steps, or with as many terms. */
private val unrolled: Map<String, (Tensor, Int) -> Tensor> =
    mapOf(
        "an elementwise recurrence" to { w, n -> sum((1..n).fold(w) { y, _ -> y + Elementary.sin(y) * w * 0.01 }) },
        "a recurrence of two" to { w, n ->
            val (p, q) = (1..n).fold(w to w * 0.5) { (p, q), _ ->
                val v = q - Elementary.sin(p) * w * 0.01
                p + v * 0.01 to v
            }
            sum(p * q)
        },
        "a recurrence with a product" to { w, n ->
            sum((1..n).fold(noise(2, 4, 8)) { y, _ -> y + Elementary.tanh(Linalg.matmul(y, w)) * 0.01 })
        },
        "recurrences that feed each other" to { w, n ->
            val end = (1..n).fold(List(3) { w }) { (p, q, r), _ ->
                val first = p + Elementary.tanh(Linalg.matmul(p, w)) * 0.01
                val second = q + Elementary.sin(Linalg.matmul(first + q, w)) * 0.01
                listOf(first, second, r + Elementary.sin(second * r) * 0.01)
            }
            sum(end[2])
        },
        "sums of different functions" to { w, n ->
            (1..n).map { Elementary.square(sum(Elementary.sin(w * (1 + it / 1000.0)))) }.reduce(Tensor::plus)
        },
    )

/** What is fused does not depend on how large a program is. */
class FusionSpec :
    FunSpec({
        context("eight times the steps are eight times the operations, in the gradient of") {
            for ((name, f) in unrolled) {
                test(name) {
                    val few = operations(Ad.grad { w: Tensor -> f(w, 250) }::apply)
                    operations(Ad.grad { w: Tensor -> f(w, 2_000) }::apply) shouldBeLessThanOrEqual 8 * few + 8
                }
            }
        }

        context("two thousand steps have the bits they have without a plan, in the gradient of") {
            for ((name, f) in unrolled) {
                test(name) {
                    val gradient = Ad.grad { w: Tensor -> f(w, 2_000) }
                    val plan = Ad.compile<Tensor, Tensor>(gradient)
                    plan.apply(x).contentEquals(gradient.apply(x)) shouldBe true
                }
            }
        }

        context("with five thousand products on the way, a function and what multiplies by it are") {
            val m = noise(3, 8, 8)

            fun far(y: Tensor) = (1..5_000).fold(y) { z, _ -> Linalg.matmul(z, m) }

            fun loops(f: (Tensor) -> Tensor) =
                Ad.compile<Tensor, Tensor> { f(it) }.explain(x).lines().filter { "fused[" in it || "exp(" in it }

            test("one, where these lead to the product alone") {
                val lines = loops { Elementary.exp(it) * far(it) }
                withClue(lines) { lines.size shouldBe 1 }
                lines.first() shouldContain "mul(exp("
            }
            test("two, where they lead from the function to the product") {
                val lines = loops { y -> Elementary.exp(y).let { it * far(it) } }
                withClue(lines) { lines.size shouldBe 2 }
            }
        }
    })
