package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Core
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.grad
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Elementary.relu
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Linalg.dot
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Linalg.outer
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d
import org.kotangent.ops.Reduce

/** Every number and claim of F. Fleuret, *EE-559 4a: DAG networks, autograd, convolution layers* (2018). */
class FleuretSpec :
    FunSpec({
        test("slides 15 and 16: the norm of (1, 2, 2) is 3 and its gradient (1/3, 2/3, 2/3)") {
            val x = vector(1, 2, 2)
            Reduce.norm(x).item() shouldBe 3.0
            grad(x) { Reduce.norm(it) }.shouldHold(listOf(1 / 3.0, 2 / 3.0, 2 / 3.0), 1e-15)
        }

        test("slide 23: the gradient of ‖x‖ + x·(−10, 10) at (3, 4) is (−9.4, 10.8), in one pass and accumulated") {
            val x = vector(3, 4)
            val c = vector(-10, 10)
            val once = grad(x) { Reduce.norm(it) + dot(it, c) }
            val accumulated = grad(x) { Reduce.norm(it) } + grad(x) { dot(it, c) }
            once.shouldHold(listOf(-9.4, 10.8), 1e-14)
            accumulated shouldAgreeWith once
        }

        test("slide 25: a gradient of a function of a gradient") {
            val x = vector(1, 2, 3)

            fun g1(at: Tensor) = grad(at) { Reduce.sum(square(it)) }
            g1(x).shouldHold(2, 4, 6)
            val s2 = { at: Tensor -> dot(exp(g1(at)), vector(1, 0, -1)) }
            grad(x, s2).shouldHold(listOf(14.7781121979, 0.0, -806.8575869855), 5e-11)
        }

        context("slides 10, 17 and 27: the graph x¹ = w¹x⁰, x² = x⁰ + w²x¹, x³ = w¹(x¹ + x²), q = ‖x³‖") {
            data class Weights(val w1: Tensor, val w2: Tensor)
            val x0 = normal(3, 5)
            val w = Weights(normal(1, 5, 5), normal(2, 5, 5))

            fun x1(w1: Tensor) = matmul(w1, x0)

            fun x2(w: Weights) = x0 + matmul(w.w2, x1(w.w1))

            fun x3(w: Weights) = matmul(w.w1, x1(w.w1) + x2(w))

            fun q(w: Weights) = Reduce.norm(x3(w))

            test("the gradients are those of the backward pass of slides 6 and 7") {
                val g3 = x3(w) / q(w)
                val g2 = matmul(transposed(w.w1), g3)
                val g1 = g2 + matmul(transposed(w.w2), g2)
                val gradient = grad(w, ::q)
                gradient.w1 shouldAgreeWith outer(g1, x0) + outer(g3, x1(w.w1) + x2(w))
                gradient.w2 shouldAgreeWith outer(g2, x1(w.w1))
            }

            test("the gradient of the shared w¹ is the sum over its two uses") {
                data class Copies(val first: Tensor, val last: Tensor)
                val copies =
                    grad(Copies(w.w1, w.w1)) { (first, last) ->
                        Reduce.norm(matmul(last, x1(first) + x0 + matmul(w.w2, x1(first))))
                    }
                copies.first + copies.last shouldAgreeWith grad(w, ::q).w1
            }
        }

        test("slide 28: a siamese network's gradient is the sum over the two copies of the sub-network") {
            val (a, b) = normal(4, 3) to normal(5, 3)

            fun branch(w: Tensor, x: Tensor) = relu(matmul(w, x))
            val w = normal(6, 4, 3)
            val siamese = grad(w) { Reduce.norm(branch(it, a) - branch(it, b)) }
            val left = grad(w) { Reduce.norm(branch(it, a) - branch(w, b)) }
            val right = grad(w) { Reduce.norm(branch(w, a) - branch(it, b)) }
            siamese shouldAgreeWith left + right
        }

        context("convolution in one dimension") {
            fun convolve(signal: Tensor, kernel: Tensor) =
                Nn.conv2d(signal.reshaped(1, 1, 1, signal.size()), kernel.reshaped(1, 1, 1, kernel.size()))

            test("slide 33: (1, 2, 3, 4) ⊛ (3, 2) = (7, 12, 17)") {
                convolve(vector(1, 2, 3, 4), vector(3, 2)).shouldHold(7, 12, 17)
            }

            test("slide 34: (−1, 1) differentiates (0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 4)") {
                convolve(
                    vector(0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 4),
                    vector(-1, 1),
                ).shouldHold(0, 0, 0, 1, 1, 1, 1, 0, 0, 0)
            }
        }

        test("slide 36: D filters of C×h×w make D×(H−h+1)×(W−w+1) of C×H×W") {
            val y = Nn.conv2d(normal(7, 1, 3, 8, 9), normal(8, 5, 3, 2, 4))
            y.shape().toArray().toList() shouldBe listOf(1, 5, 7, 6)
        }

        test("slides 41 to 43: pooling by two in one dimension, and its invariance to permutations inside a cell") {
            val pool = Pool2d.of(1, 2)
            val signal = vector(1, 3, 2, 2, 7, 0).reshaped(1, 1, 1, 6)
            val permuted = vector(3, 1, 2, 2, 0, 7).reshaped(1, 1, 1, 6)
            for (x in listOf(signal, permuted)) {
                Nn.maxPool2d(x, pool).shouldHold(3, 2, 7)
                Nn.avgPool2d(x, pool).shouldHold(2, 2, 3.5)
            }
        }

        test("slide 31: a linear layer from and to 256×256 RGB images has 3.87e+10 parameters") {
            val size = Shape.of(3, 256, 256).size().toDouble()
            size * size shouldBe (3.87e10 plusOrMinus 0.005e10)
        }
    })
