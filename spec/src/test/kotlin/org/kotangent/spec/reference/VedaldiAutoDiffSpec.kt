package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Arr
import org.kotangent.ad.Primitive
import org.kotangent.ad.Residuals
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.dsl.grad
import org.kotangent.dsl.vjp
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Elementary.tanh
import org.kotangent.ops.Linalg.dot
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Reduce
import kotlin.math.exp
import kotlin.math.tanh

/** A. Vedaldi, *A deep learning primer* (2022), chapter 4: automatic differentiation. */
class VedaldiAutoDiffSpec :
    FunSpec({
        context("§4.3 using AutoDiff") {
            val x = normal(8, 4)
            val w = normal(9, 4)

            test("gradients are taken for a chosen subset of the variables; the others are constants") {
                val f = { a: Tensor, b: Tensor -> Reduce.sum(tanh(a * b)) }
                val (both, _) = grad(listOf(x, w)) { (a, b) -> f(a, b) }
                grad(x) { f(it, w) } shouldAgreeWith both
            }

            test("the gradient of a sum of outputs is the sum of their gradients") {
                val z1 = { a: Tensor -> Reduce.sum(exp(a)) }
                val z2 = { a: Tensor -> dot(a, w) }
                grad(x) { z1(it) + z2(it) } shouldAgreeWith grad(x, z1) + grad(x, z2)
            }

            test("a variable name that is assigned again is a new variable") {
                val value =
                    grad(Tensor.scalar(2.0)) {
                        var y = it
                        repeat(3) { y = square(y) }
                        y
                    }
                value.item() shouldBe 8 * 128.0
            }
        }

        context("§4.4 backpropagation") {
            val x = normal(10, 4)

            test("lemma 2: p·df/dx is the derivative of the projected function ⟨p, f⟩") {
                val p = normal(11, 3)
                val a = normal(12, 3, 4)
                val f = { at: Tensor -> tanh(matmul(a, at)) }
                val (_, pullback) = vjp(x, f)
                pullback(p) shouldAgreeWith matmul(p, jacobian(x, f))
                pullback(p) shouldAgreeWith grad(x) { dot(p, f(it)) }
            }

            test("equation 4.6: a layer of one's own needs only y = f(x) and p′ = f^BP(x, p)") {
                val cube =
                    object : Primitive() {
                        override fun name() = "cube"

                        override fun infer(inputs: Array<Spec>) = inputs

                        override fun kernel(inputs: Array<Arr>, outputs: Array<Arr>) {
                            val (from, to) = inputs[0].f64() to outputs[0].f64()
                            for (i in 0 until inputs[0].size()) to[i] = from[i] * from[i] * from[i]
                        }

                        override fun vjp(r: Residuals, gy: Array<Tensor?>): Array<Tensor?> =
                            arrayOf(gy[0]?.let { it * square(r.x(0)) * 3.0 })
                    }
                val f = { at: Tensor -> Reduce.sum(cube.apply(at)) }
                grad(x, f) shouldAgreeWith square(x) * 3.0
                grad(x) { Reduce.sum(grad(it, f)) } shouldAgreeWith x * 6.0
                jacobian(x) { cube.apply(it) } shouldAgreeWith jacobian(x) { it * it * it }
            }
        }
    })
