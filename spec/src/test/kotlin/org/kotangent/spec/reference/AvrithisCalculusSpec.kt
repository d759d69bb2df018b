package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import org.kotangent.ad.Core
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.grad
import org.kotangent.dsl.hvp
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Linalg.dot
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Reduce

/** Every number and claim of Y. Avrithis, *Differentiation* (2018), of Hessians and of matrix calculus. */
class AvrithisCalculusSpec :
    FunSpec({
        context("higher order") {
            val a = normal(12, 4, 4)
            val symmetric = a + Core.transpose(a, 1, 0)

            fun f(x: Tensor) = dot(x, matmul(a, x)) + Reduce.sum(exp(x * 0.3))

            test("multiplication by the Hessian (R-operator) is forward over reverse") {
                val (x, v) = normal(13, 4) to normal(14, 4)
                val hessian = symmetric + diagonal(exp(x * 0.3) * 0.09)
                jacobian(x) { grad(it, ::f) } shouldAgreeWith hessian
                hvp(x, v, ::f) shouldAgreeWith matmul(hessian, v)
            }

            test("Newton's method with columns of the Hessian reaches the root of the gradient in six steps") {
                fun energy(x: Tensor) = Reduce.sum(exp(x)) + dot(x, matrix(row(3, 1), row(1, 2)).let { matmul(it, x) })
                var x = vector(1, -1)
                repeat(6) {
                    val (h00, h10) = hvp(x, vector(1, 0), ::energy).list()
                    val (h01, h11) = hvp(x, vector(0, 1), ::energy).list()
                    val determinant = h00 * h11 - h01 * h10
                    x -= matmul(matrix(row(h11, -h01), row(-h10, h00)), grad(x, ::energy)) / determinant
                }
                Reduce.norm(grad(x, ::energy)).item() shouldBeLessThan 1e-12
            }
        }

        context("matrix calculus that products reach") {
            val a = normal(16, 3, 3)
            val x = normal(17, 3)

            fun kronecker(p: Tensor, q: Tensor) = Tensor.of(
                Shape.of(p.dim(0) * q.dim(0), p.dim(1) * q.dim(1)),
                *DoubleArray(p.size() * q.size()) {
                    val (r, c) = it / (p.dim(1) * q.dim(1)) to it % (p.dim(1) * q.dim(1))
                    p.list()[r / q.dim(0) * p.dim(1) + c / q.dim(1)] * q.list()[r % q.dim(0) * q.dim(1) + c % q.dim(1)]
                },
            )

            fun vec(m: Tensor) = Core.reshape(Core.transpose(m, 1, 0), Shape.of(m.size()))

            fun unvec(v: Tensor, rows: Int) = Core.transpose(v.reshaped(v.size() / rows, rows), 1, 0)

            test("∂Ax/∂x = A") {
                jacobian(x) { matmul(a, it) } shouldAgreeWith a
            }

            test("∂xᵀAx/∂x = xᵀ(A + Aᵀ)") {
                grad(x) { dot(it, matmul(a, it)) } shouldAgreeWith matmul(x, a + Core.transpose(a, 1, 0))
            }

            test("∂vec(xᵀAx)/∂vec A = xᵀ ⊗ xᵀ") {
                val row = x.reshaped(1, 3)
                jacobian(vec(a)) { dot(x, matmul(unvec(it, 3), x)).reshaped(1) } shouldAgreeWith kronecker(row, row)
            }

            test("∂AXB/∂X = Bᵀ ⊗ A") {
                val b = normal(18, 4, 2)
                jacobian(vec(normal(19, 3, 4))) { vec(matmul(matmul(a, unvec(it, 3)), b)) } shouldAgreeWith
                    kronecker(Core.transpose(b, 1, 0), a)
            }

            test("∂tr(AX)/∂X = vec(Aᵀ)ᵀ") {
                val eye = diagonal(vector(1, 1, 1))
                grad(vec(normal(20, 3, 3))) { Reduce.sum(matmul(a, unvec(it, 3)) * eye) } shouldAgreeWith
                    vec(Core.transpose(a, 1, 0))
            }
        }
    })
