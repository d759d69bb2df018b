package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Core
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.dsl.grad
import org.kotangent.dsl.sgd
import org.kotangent.ops.Axes
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Elementary.leakyRelu
import org.kotangent.ops.Elementary.log
import org.kotangent.ops.Elementary.relu
import org.kotangent.ops.Elementary.sigmoid
import org.kotangent.ops.Elementary.softplus
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Elementary.tanh
import org.kotangent.ops.Linalg.dot
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes
import kotlin.math.exp
import kotlin.math.ln
import kotlin.math.tanh

/** A. Vedaldi, *A deep learning primer* (2022), chapters 2 and 3 but for filters: perceptrons, tensors, activations, losses. */
class VedaldiSpec :
    FunSpec({
        val grid = Tensor.of(*DoubleArray(161) { (it - 80) / 8.0 })

        context("§2.3 learning the perceptron") {
            val x = normal(1, 6, 3)
            val c = vector(1, 0, 0, 1, 1, 0)

            test("equation 2.5: the ridge term adds λw to the gradient, a step of which shrinks w by 1 − ηλ") {
                val w = normal(2, 3)
                val lambda = 0.3

                fun fit(w: Tensor) = Reduce.mean(square(c - matmul(x, w)))
                val ridge = grad(w) { dot(it, it) * (lambda / 2) + fit(it) }
                ridge shouldAgreeWith grad(w, ::fit) + w * lambda
                w - grad(w) { dot(it, it) * (lambda / 2) } * 0.1 shouldAgreeWith w * (1 - 0.1 * lambda)
            }

            test("equation 2.8: the gradient of the cross-entropy by w is (S − c)·x for a perceptron") {
                val w = normal(3, 3)

                fun energy(w: Tensor): Tensor {
                    val y = sigmoid(matmul(x, w))
                    return Reduce.sum(-c * log(y) - (-c + 1.0) * log(-y + 1.0))
                }
                grad(w, ::energy) shouldAgreeWith matmul(sigmoid(matmul(x, w)) - c, x)
            }

            test("§2.3.2: the sigmoid cross-entropy is the logistic loss log(1 + e^(−c̄y)) with c̄ = 2c − 1") {
                val y = matmul(x, normal(4, 3))
                val cross = -c * log(sigmoid(y)) - (-c + 1.0) * log(-sigmoid(y) + 1.0)
                softplus(-(c * 2.0 - 1.0) * y) shouldAgreeWith cross
            }

            test("§2.3.2: the hinge loss max(0, 1 − c̄y) and its subgradient") {
                val y = vector(-2, 0.5, 2)
                for (sign in listOf(1.0, -1.0)) {
                    val hinge = { at: Tensor -> relu(-at * sign + 1.0) }
                    hinge(y).shouldHold(y.list().map { maxOf(0.0, 1 - sign * it) })
                    val slopes = y.list().map { if (1 - sign * it > 0) -sign else 0.0 }
                    grad(y) { Reduce.sum(hinge(it)) }.shouldHold(slopes)
                }
            }

            test("§2.3.2: squared loss and cross-entropy are both least at the true probability") {
                val p = 0.3
                val squared = { y: Tensor -> square(y - 1.0) * p + square(y) * (1 - p) }
                val entropy = { y: Tensor -> -log(y) * p - log(-y + 1.0) * (1 - p) }
                for ((loss, curvature) in listOf(squared to 2.0, entropy to 1 / (p * (1 - p)))) {
                    grad(Tensor.scalar(p), loss).item() shouldBe (0.0 plusOrMinus 1e-14)
                    grad(Tensor.scalar(p), grad(loss)).item() shouldBeNear curvature
                }
            }

            test("§2.3.3: momentum m ← ρm + (1−ρ)∇E, w ← w − ηm is that of sgd at the rate η(1−ρ), and descends") {
                fun energy(w: Params) = Reduce.mean(softplus(-(c * 2.0 - 1.0) * matmul(x, w.get("w"))))
                val start = Params.of("w", normal(5, 3))
                val sgd = sgd(0.5 * (1 - 0.9), momentum = 0.9)
                var (w, m) = start to Trees.zeros(start)
                var (v, state) = start to sgd.init(start)
                repeat(50) {
                    m = m * 0.9 + grad(w, ::energy) * 0.1
                    w -= m * 0.5
                    val update = sgd.update(grad(v, ::energy), state, v)
                    v += update.updates
                    state = update.state
                }
                v.get("w") shouldAgreeWith w.get("w")
                energy(w).item() shouldBeLessThan energy(start).item()
            }
        }

        context("§3.2 tensors") {
            val y = Tensor.of(Shape.of(2, 3, 4), *DoubleArray(24) { it.toDouble() })

            test("§3.2.1: vec in row-major and in column-major order") {
                Shapes.reshape(y, 24).shouldHold(List(24) { it })
                val columns = (0..3).flatMap { k -> (0..2).flatMap { j -> (0..1).map { i -> 12 * i + 4 * j + k } } }
                Core.reshape(Core.transpose(y, 2, 1, 0), Shape.of(24)).shouldHold(columns)
            }

            test("§3.2.2: slices that fix the first, the last, a middle and several indices") {
                Shapes.at(y, 1, 0).shouldHold(List(12) { 12 + it })
                Shapes.at(y, 3, 2).shouldHold(3, 7, 11, 15, 19, 23)
                Shapes.at(y, 1, 1).shouldHold(4, 5, 6, 7, 16, 17, 18, 19)
                Shapes.at(Shapes.at(Shapes.at(y, 1, 0), 2, 0), 0, 0).item() shouldBe 20.0
            }
        }

        context("§3.3.2 activation functions, with their derivatives") {
            class Activation(val f: (Tensor) -> Tensor, val formula: (Double) -> Double, val slope: (Double) -> Double)
            val activations =
                mapOf(
                    "equation 2.1: sigmoid 1/(1 + e⁻ᶻ)" to
                        Activation(::sigmoid, { 1 / (1 + exp(-it)) }, { exp(it) / ((1 + exp(it)) * (1 + exp(it))) }),
                    "equation 3.5: ReLU max(0, z)" to
                        Activation(::relu, { maxOf(0.0, it) }, { if (it > 0) 1.0 else 0.0 }),
                    "equation 3.6: soft ReLU log(1 + eᶻ)" to
                        Activation(::softplus, { ln(1 + exp(it)) }, { 1 / (1 + exp(-it)) }),
                    "equation 3.7: leaky ReLU εz + (1 − ε)max(0, z)" to
                        Activation(
                            { leakyRelu(it, 0.1) },
                            { 0.1 * it + 0.9 * maxOf(0.0, it) },
                            { if (it > 0) 1.0 else 0.1 },
                        ),
                    "equation 3.8: hyperbolic tangent" to
                        Activation(::tanh, { tanh(it) }, { 1 - tanh(it) * tanh(it) }),
                )
            for ((name, activation) in activations) {
                test(name) {
                    activation.f(grid).shouldHold(grid.list().map(activation.formula), 1e-14)
                    grad(grid) { Reduce.sum(activation.f(it)) }.shouldHold(grid.list().map(activation.slope), 1e-14)
                }
            }
        }

        context("§3.3.4 softmax") {
            val x = normal(6, 2, 3, 4, 5)

            fun composed(vararg axes: Int) = exp(x) / Core.broadcastTo(Reduce.sum(exp(x), Axes.keep(*axes)), x.shape())

            test("equations 3.14 to 3.18: over channels, over space, over every set of dimensions") {
                for (set in 1 until 16) {
                    val axes = (0..3).filter { set shr it and 1 == 1 }.toIntArray()
                    Nn.softmax(x, *axes) shouldAgreeWith composed(*axes)
                    exp(Nn.logSoftmax(x, *axes)) shouldAgreeWith composed(*axes)
                }
            }

            test("equation 3.15: shift invariance, which keeps it finite at scores of ±10⁴") {
                Nn.softmax(x + 7.0, 1) shouldAgreeWith Nn.softmax(x, 1)
                Nn.softmax(vector(10_003, 10_000, 10_001), 0) shouldAgreeWith Nn.softmax(vector(3, 0, 1), 0)
                Nn.softmax(vector(-10_000, 10_000), 0).shouldHold(0, 1)
            }

            test("two classes: softmax(x₀, x₁) = (S(x₀ − x₁), S(x₁ − x₀))") {
                val pairs = normal(7, 9, 2)
                val difference = matmul(pairs, vector(1, -1))
                matmul(Nn.softmax(pairs, 1), vector(1, 0)) shouldAgreeWith sigmoid(difference)
                matmul(Nn.softmax(pairs, 1), vector(0, 1)) shouldAgreeWith sigmoid(-difference)
            }
        }

        context("§3.3.5 losses, for samples [N, C] and for fields [N, C, U]") {
            val scores = listOf(normal(14, 5, 3), normal(15, 2, 3, 4))
            val labels =
                listOf(Tensor.of(2, 0, 1, 1, 2), Tensor.of(Shape.of(2, 4), *intArrayOf(0, 1, 2, 2, 1, 0, 0, 1)))

            for ((x, c) in scores.zip(labels)) {
                val (classes, places) = 3 to x.size() / x.dim(0) / 3
                val each = c.toInts().mapIndexed { i, label ->
                    val at = { k: Int -> x.list()[(i / places * classes + k) * places + i % places] }
                    ln((0 until classes).sumOf { exp(at(it)) }) - at(label)
                }

                test("equation 3.20: the multi-class logistic loss of ${x.shape()}, each, summed and averaged") {
                    val loss = Loss.softmaxCrossEntropy(x, c)
                    loss.shape() shouldBe c.shape()
                    loss.shouldHold(each, 1e-14)
                    Reduce.sum(loss).item() shouldBeNear each.sum()
                    Loss.meanSoftmaxCrossEntropy(x, c).item() shouldBeNear each.average()
                }

                test("equation 3.19: the cross-entropy of the probabilities of ${x.shape()} is the same") {
                    val truth = Nn.oneHot(c, classes, x.dtype())
                    val y = Nn.softmax(x, 1)
                    -Reduce.sum(truth * log(y), 1) shouldAgreeWith Loss.softmaxCrossEntropy(x, c)
                    Loss.softmaxCrossEntropy(x, truth) shouldAgreeWith Loss.softmaxCrossEntropy(x, c)
                    grad(x) { Loss.meanSoftmaxCrossEntropy(it, c) } shouldAgreeWith (y - truth) / c.size().toDouble()
                }

                test("the squared loss of ${x.shape()}") {
                    val target = normal(16, *x.shape().toArray())
                    Loss.squaredError(x, target) shouldAgreeWith square(x - target)
                    Loss.meanSquaredError(x, target).item() shouldBeNear square(x - target).list().average()
                }
            }

            test("equation 2.7: the binary cross-entropy on scores, finite where a probability would round to 0 or 1") {
                val (y, c) = vector(-800, -1, 0, 2, 800) to vector(1, 0, 1, 1, 0)
                val expected = listOf(800.0, ln(1 + exp(-1.0)), ln(2.0), ln(1 + exp(-2.0)), 800.0)
                Loss.binaryCrossEntropyWithLogits(y, c).shouldHold(expected, 1e-13)
                grad(y) { Reduce.sum(Loss.binaryCrossEntropyWithLogits(it, c)) } shouldAgreeWith sigmoid(y) - c
            }
        }
    })
