package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.ad.Jacobian
import org.kotangent.ad.Params
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.TreeException
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.dsl.component3
import org.kotangent.dsl.div
import org.kotangent.dsl.gnvp
import org.kotangent.dsl.grad
import org.kotangent.dsl.hessian
import org.kotangent.dsl.hvp
import org.kotangent.dsl.jacobian
import org.kotangent.dsl.jvp
import org.kotangent.dsl.linearize
import org.kotangent.dsl.minus
import org.kotangent.dsl.nthDerivative
import org.kotangent.dsl.plus
import org.kotangent.dsl.pow
import org.kotangent.dsl.sum
import org.kotangent.dsl.times
import org.kotangent.dsl.valueAndGrad
import org.kotangent.dsl.valueGradAux
import org.kotangent.dsl.vjp
import org.kotangent.dsl.wrt
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Elementary.sin
import org.kotangent.ops.Elementary.square
import kotlin.math.cos
import kotlin.math.sin

/** Derivatives and arithmetic as Kotlin writes them. */
class DerivativesSpec :
    FunSpec({
        val two = Tensor.scalar(2.0)
        val p = Params.of("a", Tensor.of(1.0, 2.0)).with("b", Tensor.scalar(3.0))

        fun energy(q: Params) = sum(square(q.get("a"))) * q.get("b")

        test("grad, at a point and as a function") {
            grad(two) { it pow 3 }.item() shouldBe 12.0
            grad { x: Tensor -> x pow 3 }(two).item() shouldBe 12.0
        }

        test("the gradient of parameters has their paths") {
            val slope = grad(p) { energy(it) }
            slope.paths() shouldBe p.paths()
            slope.get("a").toDoubles() shouldBe doubleArrayOf(6.0, 12.0)
            slope.get("b").item() shouldBe 5.0
        }

        test("functions of functions differentiate to any order") {
            val derivatives = generateSequence({ x: Tensor -> sin(x) }) { f -> grad(f) }.take(9).map { it(two).item() }
            val expected = listOf(sin(2.0), cos(2.0), -sin(2.0), -cos(2.0))
            derivatives.forEachIndexed { n, d -> d shouldBe (expected[n % 4] plusOrMinus 1e-15) }
        }

        test("a derivative inside a derivative is not confused with it") {
            // d/dx x·(d/dy (x + y) at y = 1) = 1 (Siskind and Pearlmutter 2005)
            grad(two) { x -> x * grad(Tensor.scalar(1.0)) { y -> x + y } }.item() shouldBe 1.0
        }

        test("results come apart in order") {
            val (value, slope) = valueAndGrad(p) { energy(it) }
            value.item() shouldBe 15.0
            slope.contentEquals(grad(p) { energy(it) }) shouldBe true

            val (same, slopes, extra) = valueGradAux(p) { energy(it) to listOf(it, "aux") }
            same.item() shouldBe 15.0
            slopes.contentEquals(slope) shouldBe true
            (extra[0] as Params).contentEquals(p) shouldBe true
            wrt(p, p.paths().last()).valueGradAux {
                energy(it) to 7
            }.let { (_, g, seven) -> g.paths().size to seven } shouldBe
                (1 to 7)

            val (y, dy) = jvp(two, Tensor.scalar(1.0)) { listOf(square(it), exp(it)) }
            y[0].item() shouldBe 4.0
            dy[0].item() shouldBe 4.0
            dy[1].contentEquals(y[1]) shouldBe true

            val (z, pullback) = vjp(two) { listOf(square(it), 5 * it) }
            z[1].item() shouldBe 10.0
            pullback(listOf(Tensor.scalar(1.0), Tensor.scalar(0.0))).item() shouldBe 4.0
            pullback(listOf(Tensor.scalar(0.0), Tensor.scalar(1.0))).item() shouldBe 5.0
        }

        test("hvp is the Hessian times the direction") {
            val v = Params.of("a", Tensor.of(1.0, 0.0)).with("b", Tensor.scalar(1.0))
            val product = hvp(p, v) { energy(it) }
            product.get("a").toDoubles() shouldBe doubleArrayOf(8.0, 4.0) // 2b·v_a + 2a·v_b
            product.get("b").item() shouldBe 2.0 // 2a·v_a
        }

        test("gnvp leaves out the curvature of the model") {
            // ℓ(y) = y², y(x) = x²: JᵀHJ = 2x·2·2x, while the Hessian-vector product is 12x².
            val product = gnvp(two, Tensor.scalar(1.0), loss = { y -> square(y) }) { square(it) }
            product.item() shouldBe 32.0
            hvp(two, Tensor.scalar(1.0)) { square(square(it)) }.item() shouldBe 48.0
        }

        test("jacobian and hessian, by block or as a matrix") {
            jacobian(Tensor.of(1.0, 2.0)) { square(it) }.tensor().toDoubles() shouldBe doubleArrayOf(2.0, 0.0, 0.0, 4.0)
            val rows = jacobian(p, Jacobian.Mode.REVERSE) { listOf(energy(it), it.get("b")) }
            rows.block("[0]", "a").toDoubles() shouldBe doubleArrayOf(6.0, 12.0)
            rows.matrix().toDoubles() shouldBe doubleArrayOf(6.0, 12.0, 5.0, 0.0, 0.0, 1.0)
            hessian(p) { energy(it) }.block("a", "b").toDoubles() shouldBe doubleArrayOf(2.0, 4.0)
        }

        test("linearize gives a map for many directions") {
            val (y, map) = linearize(Tensor.of(1.0, 2.0)) { square(it) }
            y.toDoubles() shouldBe doubleArrayOf(1.0, 4.0)
            map(Tensor.of(1.0, 0.0)).toDoubles() shouldBe doubleArrayOf(2.0, 0.0)
            map(Tensor.of(1.0, 1.0)).toDoubles() shouldBe doubleArrayOf(2.0, 4.0)
        }

        test("the n-th derivative") {
            (0..4).map { nthDerivative(two, it) { x -> x pow 3 }.item() } shouldBe listOf(8.0, 12.0, 12.0, 6.0, 0.0)
        }

        test("wrt chooses what to differentiate with respect to") {
            val chosen = wrt(p, "a")
            chosen.grad { energy(it) }.paths() shouldBe listOf("a")
            val (value, slope) = chosen.valueAndGrad { energy(it) }
            value.item() shouldBe 15.0
            slope.get("a").toDoubles() shouldBe doubleArrayOf(6.0, 12.0)
            shouldThrow<TreeException> { wrt(p, "c") }
        }

        test("a function that is not a scalar has no gradient") {
            shouldThrow<ShapeException> { grad(Tensor.of(1.0, 2.0)) { it } }
        }

        test("numbers of any type stand on either side") {
            val x = Tensor.of(1.0, 2.0)
            listOf(x + 1, 1 + x, x - 1, 1 - x, x * 3L, 3f * x, x / 2, 2 / x).map { it.toDoubles().toList() } shouldBe
                listOf(
                    listOf(2.0, 3.0),
                    listOf(2.0, 3.0),
                    listOf(0.0, 1.0),
                    listOf(0.0, -1.0),
                    listOf(3.0, 6.0),
                    listOf(3.0, 6.0),
                    listOf(0.5, 1.0),
                    listOf(2.0, 1.0),
                )
            (0.1 * Tensor.of(1f)).dtype() shouldBe DType.F32
            grad(two) { 1 / it + 3 * it - (5 - it) }.item() shouldBe 3.75
        }

        test("parameters are a vector space") {
            (2 * p).contentEquals(p + p) shouldBe true
            (p * 2 / 2).contentEquals(p) shouldBe true
            (p - 1.0 * p).norm() shouldBe 0.0
        }
    })
