package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Core
import org.kotangent.ad.Tensor
import org.kotangent.dsl.grad
import org.kotangent.dsl.jvp
import org.kotangent.dsl.vjp
import org.kotangent.ops.Elementary.relu
import org.kotangent.ops.Elementary.sigmoid
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Elementary.tanh
import org.kotangent.ops.Linalg.dot
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Linalg.outer
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Reduce

/** Every number of the COS 324 notes, chapters 10 and 11: neurons, feedforward networks, backpropagation. */
class Cos324Spec :
    FunSpec({
        context("§10.2 neurons") {
            val z = dot(vector(-2, -1, 0, 1, 2), vector(1, 1, 1, 1, 1))

            test("example 10.2.1: the sigmoid neuron gives ½, the ReLU neuron 0") {
                sigmoid(z).item() shouldBe 0.5
                relu(z).item() shouldBe 0.0
            }

            test("problem 10.2.2: the two ReLU outputs are 0 and 4 with weights (1, 1, 5, 1, 1)") {
                val w = vector(1, 1, 5, 1, 1)
                relu(dot(w, vector(-2, -2, 0, 1, 2))).item() shouldBe 0.0
                relu(dot(w, vector(2, -1, 0, 1, 2))).item() shouldBe 4.0
            }

            test("equation 10.3: tanh(z) = 2σ(2z) − 1") {
                val grid = Tensor.of(*DoubleArray(81) { (it - 40) / 4.0 })
                tanh(grid) shouldAgreeWith sigmoid(grid * 2.0) * 2.0 - 1.0
            }
        }

        context("§10.3.1 XOR") {
            val inputs = matrix(row(0, 0), row(0, 1), row(1, 0), row(1, 1))
            val table = vector(0, 1, 1, 0)

            fun network(hidden: Tensor, bias: Tensor, output: Tensor) =
                relu(matmul(relu(matmul(inputs, hidden) + bias), output))

            test("problem 10.3.3: the hand-set network gives the truth table exactly") {
                network(matrix(row(1, 1), row(1, 1)), vector(0, -1), vector(1, -2)).shouldHold(0, 1, 1, 0)
            }

            test("XOR is learnable: gradient descent from random weights reaches it") {
                data class Weights(val hidden: Tensor, val bias: Tensor, val output: Tensor)

                fun scores(w: Weights) = matmul(tanh(matmul(inputs, w.hidden) + w.bias), w.output)
                var w = Weights(normal(1, 2, 8), normal(2, 8), normal(3, 8))
                repeat(300) {
                    val g = grad(w) { Reduce.mean(square(scores(it) - table)) }
                    w = Weights(w.hidden - g.hidden * 0.3, w.bias - g.bias * 0.3, w.output - g.output * 0.3)
                }
                scores(w).shouldHold(table.list(), 0.1)
            }
        }

        context("§10.4 softmax") {
            val expected = listOf(0.8437947345, 0.0420100661, 0.1141951994)

            test("example 10.4.1: softmax(3, 0, 1)") {
                Nn.softmax(vector(3, 0, 1), 0).shouldHold(expected, 5e-11)
            }

            test("example 10.4.2: softmax(5, 2, 3) is the same") {
                Nn.softmax(vector(5, 2, 3), 0).shouldHold(expected, 5e-11)
            }
        }

        context("§11.1 and §11.3: the network of figure 11.2") {
            val w1 = matrix(row(2, -3, 0), row(-1, 1, 2))
            val w2 = matrix(row(1, 2), row(2, -2))
            val wo = matrix(row(-1, 2), row(2, 1), row(1, 2))

            fun hidden1(x: Tensor, w: Tensor = w1) = relu(matmul(w, x))

            fun hidden2(x: Tensor, w: Tensor = w1) = relu(matmul(w2, hidden1(x, w)))

            fun output(x: Tensor, w: Tensor = w1) = matmul(wo, hidden2(x, w))

            test("it has 16 weights") {
                w1.size() + w2.size() + wo.size() shouldBe 16
            }

            test("examples 11.1.1 to 11.1.3: forward from (1, 1, 1)") {
                val x = vector(1, 1, 1)
                hidden1(x).shouldHold(0, 2)
                hidden2(x).shouldHold(4, 0)
                output(x).shouldHold(-4, 8, 4)
                val p = Nn.softmax(output(x), 0).list()
                p[0] shouldBe (6.03e-6 plusOrMinus 5e-9)
                p[1] shouldBe (0.9820078649 plusOrMinus 5e-11)
                p[2] shouldBe (0.0179861014 plusOrMinus 5e-11)
            }

            test("example 11.1.1: the squared error of o₁ against 0 is 16") {
                square(dot(basis(3, 0), output(vector(1, 1, 1)))).item() shouldBe 16.0
            }

            test("§11.2: the cross-entropy is 0.0181559616 for class 2 and 4.0181559616 for class 3 (printed 4.02)") {
                val scores = output(vector(1, 1, 1)).reshaped(1, 3)
                Loss.meanSoftmaxCrossEntropy(scores, Tensor.of(1)).item() shouldBe (0.0181559616 plusOrMinus 5e-11)
                Loss.meanSoftmaxCrossEntropy(scores, Tensor.of(2)).item() shouldBe (4.0181559616 plusOrMinus 5e-11)
            }

            test("example 11.3.1: forward from (3, 1, 2)") {
                val x = vector(3, 1, 2)
                hidden1(x).shouldHold(3, 2)
                hidden2(x).shouldHold(7, 2)
                output(x).shouldHold(-3, 16, 11)
            }

            test("example 11.3.1: ∂h¹, ∂h² and ∂o by the weight w⁽¹⁾₂₂ are (0, 1), (2, −2) and (−6, 2, −2)") {
                val x = vector(3, 1, 2)
                val at22 = matrix(row(0, 0, 0), row(0, 1, 0))
                jvp(w1, at22) { hidden1(x, it) }.tangent().shouldHold(0, 1)
                jvp(w1, at22) { hidden2(x, it) }.tangent().shouldHold(2, -2)
                jvp(w1, at22) { output(x, it) }.tangent().shouldHold(-6, 2, -2)
                val pullback = vjp(w1) { output(x, it) }.pullback()
                List(3) { pullback.apply(basis(3, it)).list()[4] } shouldBe listOf(-6.0, 2.0, -2.0)
            }

            test("example 11.3.2 and problem 11.3.3: ∂o₁/∂h² = (−1, 2), and the chain rule through h²") {
                val x = vector(3, 1, 2)
                val toOutput = grad(hidden2(x)) { dot(basis(3, 0), matmul(wo, it)) }
                toOutput.shouldHold(-1, 2)
                dot(toOutput, vector(2, -2)).item() shouldBe -6.0
            }

            test("problem 11.3.4: ∂h²/∂h¹₂ = (2, −2) and the chain rule through h¹") {
                val toSecond = jacobian(hidden1(vector(3, 1, 2))) { relu(matmul(w2, it)) }
                toSecond.shouldHold(1, 2, 2, -2)
                matmul(matmul(matrix(row(-1, 2)), toSecond), vector(0, 1)).shouldHold(-6)
            }
        }

        context("§11.4 Jacobians and backpropagation") {
            val a = normal(4, 4, 3)
            val x = normal(5, 3)

            test("example 11.4.1: J(Ax) = A") {
                jacobian(x) { matmul(a, it) } shouldAgreeWith a
            }

            test("problem 11.4.2: the Jacobian of (2x₁ − x₂ + 3x₃, −x₁ + 2x₃)") {
                val m = matrix(row(2, -1, 3), row(-1, 0, 2))
                jacobian(x) { matmul(m, it) }.shouldHold(2, -1, 3, -1, 0, 2)
            }

            test("examples 11.4.3 and 11.4.5: J(ReLU(Ax)) = diag(1[Ax > 0])·A, and 0 where Ax = 0") {
                val open = matmul(a, x).list().map { if (it > 0) 1 else 0 }
                jacobian(x) { relu(matmul(a, it)) } shouldAgreeWith a * vector(open).reshaped(4, 1)
                jacobian(vector(1, 0, -1), ::relu).shouldHold(1, 0, 0, 0, 0, 0, 0, 0, 0)
            }

            test("equation 11.11: the Jacobian of a composition is the product of the Jacobians") {
                val f = { v: Tensor -> tanh(matmul(a, v)) }
                val g = { v: Tensor -> Nn.softmax(v, 0) }
                jacobian(x) { g(f(it)) } shouldAgreeWith matmul(jacobian(f(x), g), jacobian(x, f))
            }

            test("equations 11.14 to 11.18: output, hidden and weight gradients of a network with cross-entropy") {
                data class Weights(val hidden: Tensor, val output: Tensor)
                val w = Weights(a, normal(6, 2, 4))
                val z = matmul(w.hidden, x)
                val h = relu(z)
                val toScores = Nn.softmax(matmul(w.output, h), 0) - vector(0, 1)
                val open = vector(z.list().map { if (it > 0) 1 else 0 })
                val toZ = open * matmul(toScores, w.output)
                val gradient =
                    grad(w) {
                        Loss.meanSoftmaxCrossEntropy(
                            matmul(it.output, relu(matmul(it.hidden, x))).reshaped(1, 2),
                            Tensor.of(1),
                        )
                    }
                gradient.output shouldAgreeWith outer(toScores, h)
                gradient.hidden shouldAgreeWith outer(toZ, x)
            }

            test("equation 11.19 and problem 11.4.7: σ′ = σ(1 − σ) and tanh′ = 1 − tanh²") {
                val z = normal(7, 9)
                grad(z) { Reduce.sum(sigmoid(it)) } shouldAgreeWith sigmoid(z) * (-sigmoid(z) + 1.0)
                grad(z) { Reduce.sum(tanh(it)) } shouldAgreeWith -square(tanh(z)) + 1.0
            }
        }

        context("§11.5 the program") {
            data class Net(val hidden1: Tensor, val hidden2: Tensor, val hidden3: Tensor)
            val net =
                Net(
                    matrix(row(-2, 1), row(3, -1)),
                    matrix(row(0, 1), row(2, -1), row(1, 2)),
                    matrix(row(-1, 2, 1), row(3, 0, 0)),
                )

            fun forward(net: Net) =
                matmul(net.hidden3, relu(matmul(net.hidden2, relu(matmul(net.hidden1, vector(3, 1))))))

            fun loss(net: Net) = Loss.meanSoftmaxCrossEntropy(forward(net).reshaped(1, 2), Tensor.of(1))

            test("the predicted scores are (8, 24)") {
                forward(net).shouldHold(8, 24)
            }

            test("the cross-entropy against class index 1") {
                loss(net).item() shouldBe (1.1253516838717682e-7 plusOrMinus 1e-22)
            }

            test("its gradients for W¹ and W²") {
                val gradient = grad(net, ::loss)
                gradient.hidden1.shouldHold(listOf(0.0, 0.0, -6.7521097e-7, -2.2507032e-7), 5e-15)
                gradient.hidden2.shouldHold(listOf(0.0, -3.6011252e-6, 0.0, 0.0, 0.0, 9.0028130e-7), 5e-14)
            }

            test("backward twice accumulates: the gradient of the sum of two losses is the sum of their gradients") {
                val once = grad(net, ::loss).hidden1
                grad(net) { loss(it) + loss(it) }.hidden1 shouldAgreeWith Core.add(once, once)
            }
        }
    })
