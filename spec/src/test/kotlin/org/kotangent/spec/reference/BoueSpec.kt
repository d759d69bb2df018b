package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Core
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.dsl.grad
import org.kotangent.dsl.jvp
import org.kotangent.dsl.vjp
import org.kotangent.ops.Axes
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Elementary.abs
import org.kotangent.ops.Elementary.relu
import org.kotangent.ops.Elementary.sign
import org.kotangent.ops.Elementary.sqrt
import org.kotangent.ops.Elementary.tanh
import org.kotangent.ops.Linalg.dot
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes

/** L. Boué, *Deep learning for pedestrians* (2018), §2 to §9: the closed form of every layer's backward pass. */
class BoueSpec :
    FunSpec({
        context("§3 softmax") {
            val a = normal(1, 5, 4)
            val labels = Tensor.of(2, 0, 3, 3, 1)
            val truth = Nn.oneHot(labels, 4, a.dtype())
            val predicted = Nn.softmax(a, 1)

            test("equation 12: every row is a distribution") {
                Reduce.sum(predicted, 1).shouldHold(List(5) { 1.0 }, 1e-15)
            }

            test("equation 13: dY = Y∘(dA − Σ Y∘dA)") {
                val dA = normal(2, 5, 4)
                jvp(a, dA) { Nn.softmax(it, 1) }.tangent() shouldAgreeWith
                    predicted * (dA - Reduce.sum(predicted * dA, Axes.keep(1)))
            }

            test(
                "equation 9: with the cross-entropy of a batch, Δ = Y_pred − Y_gt for labels and for one-hot targets",
            ) {
                for (target in listOf(labels, truth)) {
                    grad(a) { Reduce.sum(Loss.softmaxCrossEntropy(it, target)) } shouldAgreeWith predicted - truth
                }
            }

            test("label smoothing: soft targets T give Δ = Y_pred − T") {
                val smoothed = truth * 0.9 + 0.025
                grad(a) { Reduce.sum(Loss.softmaxCrossEntropy(it, smoothed)) } shouldAgreeWith predicted - smoothed
            }
        }

        test("§4, equation 16: Δ₋ = Δ∘g′(A), with ReLU′(0) = 0 by our convention") {
            val a = vector(-1.5, 0, 2)
            val (_, pullback) = vjp(a) { relu(it) }
            pullback(vector(7, 8, 9)).shouldHold(0, 0, 9)
        }

        test("§5, equations 18 to 20: fully connected, Δ₋ = Δwᵗ, ∂w = AᵗΔ, ∂b = ΣΔ") {
            val (a, w, b) = Triple(normal(3, 6, 4), normal(4, 4, 3), normal(5, 3))
            val delta = normal(6, 6, 3)
            val (toA, toW, toB) = vjp(listOf(a, w, b)) { (x, weights, bias) ->
                Nn.linear(x, weights, bias)
            }.pullback().apply(delta)
            toA shouldAgreeWith matmul(delta, transposed(w))
            toW shouldAgreeWith matmul(transposed(a), delta)
            toB shouldAgreeWith Reduce.sum(delta, 0)
        }

        test("§6, equation 22: max pooling routes each error to the place of its maximum") {
            val a = normal(7, 2, 3, 4, 6)
            val delta = normal(8, 2, 3, 2, 3)
            val routed = DoubleArray(a.size())
            delta.list().forEachIndexed { at, error ->
                val (plane, row, column) = Triple(at / 6, at % 6 / 3, at % 3)
                val patch = (0..3).map { plane * 24 + (2 * row + it / 2) * 6 + 2 * column + it % 2 }
                routed[patch.maxBy { a.list()[it] }] += error
            }
            val (_, pullback) = vjp(a) { Nn.maxPool2d(it, Pool2d.of(2)) }
            pullback(delta) shouldAgreeWith Tensor.of(a.shape(), *routed)
        }

        test("§7, equations 23 and 24: flattening folds the error back") {
            val a = normal(9, 2, 3, 4, 4)
            val (flat, pullback) = vjp(a) { Shapes.flatten(it, 1) }
            flat.shape().toArray().toList() shouldBe listOf(2, 48)
            pullback(flat).shouldHold(a.list())
        }

        context("§8 convolution") {
            for ((stride, padding) in listOf(1 to 0, 1 to 1, 2 to 0, 2 to 1)) {
                val (n, depth, size, filters, k) = listOf(2, 3, 7, 4, 3)
                val a = normal(10, n, depth, size, size)
                val w = normal(11, filters, depth, k, k)
                val b = normal(12, filters)
                val conv = Conv2d.standard().stride(stride).padding(padding)
                val out = (size + 2 * padding - k) / stride + 1
                val delta = normal(13, n, filters, out, out)
                val (y, pullback) = vjp(listOf(a, w, b)) { (x, weights, bias) -> Nn.conv2d(x, weights, bias, conv) }
                val (toA, toW, toB) = pullback(delta)

                /** φ(A): a column for each patch, [depth·k·k, n·out·out]. */
                val patches =
                    Tensor.of(
                        Shape.of(depth * k * k, n * out * out),
                        *DoubleArray(depth * k * k * n * out * out) { at ->
                            val (term, patch) = at / (n * out * out) to at % (n * out * out)
                            val i = patch % (out * out) / out * stride + term % (k * k) / k - padding
                            val j = patch % out * stride + term % k - padding
                            val plane = patch / (out * out) * depth + term / (k * k)
                            if (i in 0 until size && j in 0 until size) a.list()[(plane * size + i) * size + j] else 0.0
                        },
                    )

                /** f₂d: [n, d, r, r] → [d, n·r·r]. */
                fun flat(x: Tensor) = Core.transpose(x, 1, 0, 2, 3).reshaped(x.dim(1), x.dim(0) * x.dim(2) * x.dim(3))

                context("stride $stride, padding $padding") {
                    test("appendix A, equation 45: the size of the output") {
                        y.shape().toArray().toList() shouldBe listOf(n, filters, out, out)
                    }

                    test("equations 25 to 28: the forward pass is a product with im2col") {
                        flat(y) shouldAgreeWith
                            matmul(w.reshaped(filters, depth * k * k), patches) + b.reshaped(filters, 1)
                    }

                    test("∂w = roll(f(Δ)·φ(A)ᵗ) and ∂b = ΣΔ") {
                        toW.reshaped(filters, depth * k * k) shouldAgreeWith matmul(flat(delta), transposed(patches))
                        toB shouldAgreeWith Reduce.sum(delta, 0, 2, 3)
                    }

                    test("equation 31: Δ₋ is the fractionally strided convolution of Δ with the turned filters") {
                        val spread = (out - 1) * stride + 1
                        val dilated =
                            Tensor.of(
                                Shape.of(n, filters, spread, spread),
                                *DoubleArray(n * filters * spread * spread) { at ->
                                    val (i, j) = at % (spread * spread) / spread to at % spread
                                    val plane = at / (spread * spread)
                                    val inside = i % stride == 0 && j % stride == 0
                                    if (inside) delta.list()[(plane * out + i / stride) * out + j / stride] else 0.0
                                },
                            )
                        val turned =
                            Tensor.of(
                                Shape.of(depth, filters, k, k),
                                *DoubleArray(w.size()) { at ->
                                    val (c, f, p) = Triple(at / (filters * k * k), at / (k * k) % filters, at % (k * k))
                                    w.list()[(f * depth + c) * k * k + k * k - 1 - p]
                                },
                            )
                        val before = k - 1 - padding
                        val after = size + padding - spread
                        toA shouldAgreeWith
                            Nn.conv2d(dilated, turned, Conv2d.standard().padding(before, after, before, after))
                    }
                }
            }
        }

        context("§9 batch normalisation") {
            for (shape in listOf(intArrayOf(6, 3), intArrayOf(2, 3, 4, 5))) {
                val a = normal(14, *shape) * 2.0 + 1.0
                val (w, b) = normal(15, 3) to normal(16, 3)
                val epsilon = 1e-5
                val delta = normal(17, *shape)
                val over = (0 until shape.size).filter { it != 1 }.toIntArray()
                val n = a.size() / 3.0
                val mean = Reduce.mean(a, Axes.keep(*over))
                val sigma = sqrt(Reduce.mean((a - mean) * (a - mean), Axes.keep(*over)) + epsilon)
                val normalised = (a - mean) / sigma

                fun perFeature(v: Tensor) = v.reshaped(*IntArray(shape.size - 1) { if (it == 0) 3 else 1 })

                context("of ${shape.toList()}") {
                    val pulled =
                        vjp(listOf(a, w, b)) { (x, scale, shift) -> Nn.batchNorm(x, scale, shift, epsilon).y() }

                    test("equations 35 to 39: the population's mean and deviation, then w and b") {
                        val batch = Nn.batchNorm(a, w, b, epsilon)
                        batch.y() shouldAgreeWith normalised * perFeature(w) + perFeature(b)
                        perFeature(batch.mean()) shouldAgreeWith perFeature(Reduce.mean(a, *over))
                        perFeature(batch.variance()) shouldAgreeWith
                            perFeature(Reduce.mean((a - mean) * (a - mean), *over))
                    }

                    test("equations 41 to 43: Δ₋, ∂w and ∂b") {
                        val (toA, toW, toB) = pulled.pullback().apply(delta)
                        val scaled = delta * perFeature(w)
                        val sums = Reduce.sum(scaled, Axes.keep(*over))
                        val correlations = Reduce.sum(normalised * scaled, Axes.keep(*over))
                        toA shouldAgreeWith (scaled * n - sums - normalised * correlations) / (sigma * n)
                        toW shouldAgreeWith Reduce.sum(normalised * delta, *over)
                        toB shouldAgreeWith Reduce.sum(delta, *over)
                    }

                    test("w = σ and b = μ give back what was normalised") {
                        val (scale, shift) = sigma.reshaped(3) to mean.reshaped(3)
                        Nn.batchNorm(a, scale, shift, epsilon).y() shouldAgreeWith a
                    }

                    test("inference uses the statistics it is given, those of the population") {
                        val (m, v) = vector(1, 2, 3) to vector(4, 9, 16)
                        Nn.batchNorm(a, w, b, m, v, 0.0) shouldAgreeWith
                            (a - perFeature(m)) / perFeature(sqrt(v)) * perFeature(w) + perFeature(b)
                    }
                }
            }
        }

        test("§2, skip connections: the error of x + F(x) over two layers is Δ plus what F pulls back") {
            val (w1, w2) = normal(18, 4, 4) to normal(19, 4, 4)
            val x = normal(20, 3, 4)
            val f = { at: Tensor -> matmul(tanh(matmul(at, w1)), w2) }
            val delta = normal(21, 3, 4)
            val (_, through) = vjp(x, f)
            val (_, skipped) = vjp(x) { it + f(it) }
            skipped(delta) shouldAgreeWith delta + through(delta)
        }

        test("§1, regularisers: the gradient of λ‖w‖₁ is λ·sign(w), that of λ/2·‖w‖² is λw") {
            val w = vector(-2, 0, 3)
            grad(w) { Reduce.sum(abs(it)) * 0.5 } shouldAgreeWith sign(w) * 0.5
            grad(w) { dot(it, it) * 0.25 } shouldAgreeWith w * 0.5
        }
    })
