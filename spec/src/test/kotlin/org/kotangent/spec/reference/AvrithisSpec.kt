package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.dsl.grad
import org.kotangent.dsl.jvp
import org.kotangent.dsl.vjp
import org.kotangent.ops.Elementary
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Elementary.greater
import org.kotangent.ops.Elementary.relu
import org.kotangent.ops.Elementary.sin
import org.kotangent.ops.Elementary.softplus
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Linalg.dot
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Reduce
import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.ln
import kotlin.math.pow

/** Every number and claim of Y. Avrithis, *Differentiation* (2018), of values, gradients and steps. */
class AvrithisSpec :
    FunSpec({
        test("analytical computation: y = e^(wx+b) at (2, 3, −4) and its three derivatives") {
            data class Point(val w: Tensor, val x: Tensor, val b: Tensor)
            val at = Point(Tensor.scalar(2.0), Tensor.scalar(3.0), Tensor.scalar(-4.0))

            fun y(p: Point) = exp(p.w * p.x + p.b)
            y(at).item() shouldBe (7.3890560989 plusOrMinus 5e-11)
            val gradient = grad(at, ::y)
            gradient.b.item() shouldBe (7.3890560989 plusOrMinus 5e-11)
            gradient.x.item() shouldBe (14.7781121979 plusOrMinus 5e-11)
            gradient.w.item() shouldBe (22.1671682968 plusOrMinus 5e-11)
        }

        context("gradient computation: the symmetric difference of x³ and its relative error") {
            val x = 3.0
            val derivative = grad(Tensor.scalar(x)) { it * it * it }.item()

            fun error(delta: Double): Double {
                val cube = { at: Double -> (Tensor.scalar(at) * square(Tensor.scalar(at))).item() }
                return abs((cube(x + delta) - cube(x - delta)) / (2 * delta) - derivative) / derivative
            }

            test("the derivative is 3x²") {
                derivative shouldBe 27.0
            }

            test("for δ ∈ [1e-10, 1e-5] the difference confirms it") {
                for (k in 5..10) error(10.0.pow(-k)) shouldBeLessThan 1e-5
            }

            test("the curve falls as δ²/(3x²) while truncation dominates") {
                for (k in 1..4) {
                    val delta = 10.0.pow(-k)
                    error(delta) shouldBe (delta * delta / 27 plusOrMinus 0.01 * delta * delta / 27)
                }
            }

            test("and rises again when rounding does") {
                val best = (1..15).minOf { error(10.0.pow(-it)) }
                best shouldBeLessThan 1e-10
                best shouldBeLessThan error(1e-2)
                best shouldBeLessThan error(1e-12)
            }
        }

        context("the logistic unit: ℓ(x) = ln(1 + e⁻ˣ) without overflow") {
            val values =
                listOf(
                    -1.0 to 1.3132616875,
                    -2.0 to 2.1269280110,
                    -5.0 to 5.0067153485,
                    -10.0 to 10.0000453989,
                    -20.0 to 20.0000000021,
                    -50.0 to 50.0,
                    -100.0 to 100.0,
                    -200.0 to 200.0,
                    -500.0 to 500.0,
                    -1000.0 to 1000.0,
                    -2000.0 to 2000.0,
                )
            for ((x, loss) in values) {
                test("ℓ($x) = $loss, with slope −σ(−x)") {
                    val at = Tensor.scalar(x)
                    softplus(-at).item() shouldBe (loss plusOrMinus 5e-11)
                    grad(at) { softplus(-it) }.item() shouldBe (-1 / (1 + exp(at).item()) plusOrMinus 1e-15)
                }
            }
        }

        context("units") {
            val x = normal(1, 4, 3)
            val w = normal(2, 3, 5)
            val b = normal(3, 5)

            test("affine: dW = XᵀdA, db = Σ₀dA, dX = dA·Wᵀ") {
                val (_, pullback) = vjp(listOf(x, w, b)) { (x, w, b) -> matmul(x, w) + b }
                val dA = normal(4, 4, 5)
                val (dX, dW, db) = pullback(dA)
                dW shouldAgreeWith matmul(transposed(x), dA)
                db shouldAgreeWith Reduce.sum(dA, 0)
                dX shouldAgreeWith matmul(dA, transposed(w))
            }

            test("logistic: softmax and mean cross-entropy pull back to (Y − T)/m") {
                val t = matrix(row(0, 1, 0), row(1, 0, 0), row(0, 0, 1), row(0, 1, 0))
                grad(x) { Loss.meanSoftmaxCrossEntropy(it, t) } shouldAgreeWith (Nn.softmax(x, 1) - t) / 4.0
            }

            fun open(z: Tensor) = greater(z, z.like(0.0)).to(DType.F64)

            test("relu: the cotangent passes where Z > 0") {
                val (z, pullback) = vjp(x, ::relu)
                val dZ = normal(5, 4, 3)
                pullback(dZ) shouldAgreeWith dZ * open(z)
            }

            test("decay: the gradient of λ/2·Σ‖w‖² over a list of matrices is λ·w for each") {
                val weights = listOf(w, normal(6, 5, 2))
                val gradient = grad(weights) { all -> all.map { Reduce.sum(square(it)) }.reduce(Tensor::plus) * 0.05 }
                gradient.zip(weights).forEach { (g, v) -> g shouldAgreeWith v * 0.1 }
            }

            test("add: both terms receive the cotangent of the sum") {
                val (_, pullback) = vjp(x to b) { (p, q) -> Reduce.sum(p) + Reduce.sum(q) }
                val (dx, db) = pullback(Tensor.scalar(3.0))
                (dx.list() + db.list()).toSet() shouldBe setOf(3.0)
            }

            test("a two-layer model and its loss are those of the written-out backward pass") {
                val t = matrix(row(0, 1), row(1, 0), row(1, 0), row(0, 1))
                val p = listOf(w, b, normal(7, 5, 2), normal(8, 2))
                val lambda = 0.1

                fun loss(p: List<Tensor>): Tensor {
                    val (w1, b1, w2, b2) = p
                    val scores = matmul(relu(matmul(x, w1) + b1), w2) + b2
                    return Loss.meanSoftmaxCrossEntropy(scores, t) +
                        (Reduce.sum(square(w1)) + Reduce.sum(square(w2))) * (lambda / 2)
                }
                val (w1, b1, w2, b2) = p
                val a1 = matmul(x, w1) + b1
                val dA2 = (Nn.softmax(matmul(relu(a1), w2) + b2, 1) - t) / 4.0
                val dZ = matmul(dA2, transposed(w2))
                val dA1 = open(a1) * dZ
                val gradient = grad(p, ::loss)
                gradient[0] shouldAgreeWith matmul(transposed(x), dA1) + w1 * lambda
                gradient[1] shouldAgreeWith Reduce.sum(dA1, 0)
                gradient[2] shouldAgreeWith matmul(transposed(relu(a1)), dA2) + w2 * lambda
                gradient[3] shouldAgreeWith Reduce.sum(dA2, 0)
            }
        }

        context("sharing, tuples, splitting") {
            val x = normal(9, 4)

            test("splitter: dx = dy₁ + dy₂") {
                val (_, pullback) = vjp(x) { it to it }
                pullback(vector(1, 2, 3, 4) to vector(10, 20, 30, 40)).shouldHold(11, 22, 33, 44)
            }

            test("tuples: the Jacobian of (g(x₁), g(x₂)) is block diagonal") {
                val (_, pullback) = vjp(x to normal(10, 4)) { (p, q) -> sin(p) to sin(q) }
                val (dp, dq) = pullback(vector(1, 1, 1, 1) to vector(0, 0, 0, 0))
                dp shouldAgreeWith Elementary.cos(x)
                dq.shouldHold(0, 0, 0, 0)
            }

            test("element-wise functions have diagonal Jacobians") {
                val j = jacobian(x, ::square).list()
                for (i in 0 until 16) j[i] shouldBe if (i % 5 == 0) 2 * x.list()[i / 5] else 0.0
            }

            test("squared norm, Hadamard and dot product: 2xᵀ, diag(y), yᵀ") {
                val y = normal(11, 4)
                grad(x) { dot(it, it) } shouldAgreeWith x * 2.0
                grad(x) { Reduce.sum(square(it)) } shouldAgreeWith x * 2.0
                jacobian(x) { it * y } shouldAgreeWith diagonal(y)
                grad(x) { dot(it, y) } shouldAgreeWith y
            }

            test("splitting the input: a derivative for each part") {
                val (dp, dq) = grad(vector(2, 3) to vector(5, 7)) { (p, q) -> dot(p, square(q)) }
                dp.shouldHold(25, 49)
                dq.shouldHold(20, 42)
            }

            test("splitting the output: the derivatives of the parts are summed") {
                val (_, pullback) = vjp(x) { listOf(it * 2.0, it * it) }
                pullback(listOf(vector(1, 1, 1, 1), vector(1, 1, 1, 1))) shouldAgreeWith x * 2.0 + 2.0
            }
        }

        context("automatic differentiation in general: dynamic control flow") {
            fun power(x: Tensor, n: Int): Tensor {
                var y = x
                repeat(n - 1) { y = y * x }
                return y
            }

            test("a loop whose length depends on an argument") {
                for (n in 1..6) grad(Tensor.scalar(2.0)) { power(it, n) }.item() shouldBe n * 2.0.pow(n - 1)
            }

            test("a branch that depends on the value") {
                val f = { x: Tensor -> if (x.item() > 1) square(x) else -x }
                grad(Tensor.scalar(3.0), f).item() shouldBe 6.0
                grad(Tensor.scalar(0.5), f).item() shouldBe -1.0
            }

            test("forward accumulation gives the derivatives of many variables by one input in one pass") {
                val (y, dy) = jvp(Tensor.scalar(2.0), Tensor.scalar(1.0)) { t -> List(5) { power(t, it + 1) } }
                y.map { it.item() } shouldBe listOf(2.0, 4.0, 8.0, 16.0, 32.0)
                dy.map { it.item() } shouldBe listOf(1.0, 4.0, 12.0, 32.0, 80.0)
            }
        }

        context("Robbins and Monro") {
            fun epsilon(step: Int) = 1.0 / step

            test("1/τ tends to 0, its sum grows without bound and that of its squares does not") {
                epsilon(1_000_000) shouldBeLessThan 1e-5
                val sums = listOf(1_000, 1_000_000).map { n -> (1..n).sumOf(::epsilon) }
                val squares = listOf(1_000, 1_000_000).map { n -> (1..n).sumOf { epsilon(it).pow(2) } }
                sums[1] - sums[0] shouldBe (ln(1_000.0) plusOrMinus 1e-3)
                squares[1] - squares[0] shouldBe (1e-3 plusOrMinus 1e-5)
                squares[1] shouldBeLessThan PI * PI / 6
            }

            test("online gradient descent on ½(x − zᵢ)² with these steps is the running mean, and finds the root") {
                val z = normal(15, 1000) + 3.0
                val samples = z.list()
                var x = Tensor.scalar(0.0)
                samples.forEachIndexed { i, sample -> x -= grad(x) { square(it - sample) * 0.5 } * epsilon(i + 1) }
                x.item() shouldBe (samples.average() plusOrMinus 1e-12)
                x.item() shouldBe (3.0 plusOrMinus 0.1)
            }
        }
    })
