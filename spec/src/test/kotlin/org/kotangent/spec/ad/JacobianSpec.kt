package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Jacobian
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.Tree
import org.kotangent.ad.TreeException
import org.kotangent.ad.Trees
import org.kotangent.dsl.grad
import org.kotangent.dsl.hessian
import org.kotangent.dsl.hvp
import org.kotangent.dsl.jacobian
import org.kotangent.dsl.sum
import org.kotangent.dsl.times
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Elementary.pow
import org.kotangent.ops.Elementary.sin
import org.kotangent.ops.Elementary.sqrt
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Nn
import org.kotangent.ops.Shapes
import org.kotangent.spec.laws.Sampler
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose
import org.kotangent.spec.seed
import kotlin.random.Random

private data class Weights(val a: Tensor, val b: Tensor)

private data class Results(val product: Tensor, val norm: Tensor, val unused: Tensor)

private const val EXACT = 1e-13

/** Blocks of first and second derivatives. */
class JacobianSpec :
    FunSpec({
        val sampler = Sampler(Random(seed))
        val at = Weights(sampler.tensor(2, 3), sampler.tensor(3))

        fun f(w: Weights) = Results(sin(matmul(w.a, w.b)), sum(exp(w.b) * w.a), Tensor.scalar(7.0))

        /** The element k of the tensors of a tree set to 1, all others to 0. */
        fun <T : Any> unit(tree: T, k: Int): T {
            var next = 0
            return Trees.map(tree) { t ->
                Tensor.generate(t.spec()) { out -> repeat(out.size()) { out.set(it, if (next++ == k) 1.0 else 0.0) } }
            }
        }

        fun flat(tree: Any) = numbers(Tree.of(tree).leaves())

        for (mode in Jacobian.Mode.entries) {
            context("$mode") {
                val j = jacobian(at, mode, ::f)

                test("the value is that of the function") {
                    flat(j.value()) shouldBe flat(f(at))
                }

                test("columns are tangents, rows are cotangents") {
                    val matrix = j.matrix()
                    matrix.shape() shouldBe Shape.of(4, 9)
                    for (k in 0 until 9) {
                        val tangent = Ad.jvp(::f, at, unit(at, k)).tangent()
                        requireClose("column $k", Shapes.at(matrix, k, 1).toDoubles(), flat(tangent), EXACT)
                    }
                    val pullback = Ad.vjp(::f, at).pullback()
                    for (i in 0 until 4) {
                        val cotangent = pullback.apply(unit(f(at), i))
                        requireClose("row $i", Shapes.at(matrix, i, 0).toDoubles(), flat(cotangent), EXACT)
                    }
                }

                test("blocks have the axes of the result and then of the argument") {
                    j.block("product", "a").shape() shouldBe Shape.of(2, 2, 3)
                    j.block("product", "b").shape() shouldBe Shape.of(2, 3)
                    j.block("norm", "a").shape() shouldBe Shape.of(2, 3)
                    j.block("norm", "a").toDoubles() shouldBe grad(at.a) { a -> f(at.copy(a = a)).norm }.toDoubles()
                    j.block("unused", "b").toDoubles() shouldBe DoubleArray(3)
                }
            }
        }

        test("what a result does not depend on is exactly zero beside an infinite slope") {
            val x = listOf(Tensor.scalar(1.0), Tensor.scalar(0.0))
            for (mode in Jacobian.Mode.entries) {
                val wide = Ad.jacobian({ (a, b): List<Tensor> -> listOf(a, sqrt(b)) }, x, mode)
                wide.matrix().toDoubles() shouldBe doubleArrayOf(1.0, 0.0, 0.0, Double.POSITIVE_INFINITY)
                val tall = Ad.jacobian({ (a, b): List<Tensor> -> listOf(a, sqrt(b), a.times(a)) }, x, mode)
                tall.matrix().toDoubles() shouldBe doubleArrayOf(1.0, 0.0, 0.0, Double.POSITIVE_INFINITY, 2.0, 0.0)
            }
            val power = Ad.hessian({ (a, b): List<Tensor> -> a.times(a).plus(pow(b, 1.5)) }, x)
            power.matrix().toDoubles() shouldBe doubleArrayOf(2.0, 0.0, 0.0, Double.POSITIVE_INFINITY)
        }

        test("a function of one tensor has one block") {
            val x = sampler.tensor(3)
            val j = jacobian(x) { sin(it) }.tensor()
            val expected = DoubleArray(9) { if (it % 4 == 0) Math.cos(x.toDoubles()[it / 4]) else 0.0 }
            requireClose("cos on the diagonal", j.toDoubles(), expected, EXACT)
        }

        test("of a convolution, forward and reverse") {
            val image = sampler.tensor(1, 2, 4, 4)
            val filters = sampler.tensor(2, 2, 3, 3)
            for (g in listOf<(Tensor) -> Tensor>({ Nn.conv2d(image, it) }, { Nn.conv2d(image, it * it) })) {
                val (forward, reverse) = listOf(Jacobian.Mode.FORWARD, Jacobian.Mode.REVERSE).map {
                    jacobian(filters, it, g).tensor()
                }
                forward.shape() shouldBe Shape.of(1, 2, 2, 2, 2, 2, 3, 3)
                requireClose("reverse", reverse.toDoubles(), forward.toDoubles(), EXACT)
            }
        }

        test("errors") {
            val j = jacobian(at, f = ::f)
            shouldThrow<TreeException> { j.block("c", "a") }.message shouldBe
                "jacobian: there must be a floating tensor at the path; got \"c\"; use one of [product, norm, unused]"
            shouldThrow<TreeException> { j.block("norm", "") }.message shouldBe
                "jacobian: there must be a floating tensor at the path; got \"\"; use one of [a, b]"
            shouldThrow<TreeException> { j.tensor() }.message shouldBe
                "jacobian: only a function of one tensor to one tensor has a single block; " +
                "got [a, b] to [product, norm, unused]; ask for one by block(y, x), or for all by matrix()"
            shouldThrow<TreeException> { jacobian(at) { Tensor.of(1) }.matrix() }.message shouldBe
                "jacobian: the result must have a floating tensor for a matrix; got [a, b] to []; " +
                "let the function return one, such as by to(DType.F64)"
            shouldThrow<ShapeException> {
                jacobian(listOf(Tensor.scalar(1.0), Tensor.scalar(1f))) { it }.matrix()
            }.message shouldBe
                "stack: types and shapes must be equal; got f64[2] and f32[2]; convert, reshape or pad one of them"
        }

        context("hessian") {
            fun s(w: Weights): Tensor = sum(
                sin(matmul(w.a, w.b)) * exp(w.b.times(0.3)).let {
                    Shapes.slice(it, 0, 2, 0)
                },
            )

            test("columns are Hessian-vector products, and it is symmetric") {
                val h = hessian(at, ::s)
                flat(h.value()) shouldBe flat(grad(at, ::s))
                val matrix = h.matrix()
                for (k in 0 until 9) {
                    val product = flat(hvp(at, unit(at, k), ::s))
                    requireClose("column $k", Shapes.at(matrix, k, 1).toDoubles(), product, EXACT)
                    requireClose("row $k", Shapes.at(matrix, k, 0).toDoubles(), product, EXACT)
                }
                h.block("a", "b").shape() shouldBe Shape.of(2, 3, 3)
            }

            test("is the Jacobian of the Jacobian") {
                val x = sampler.tensor(3)
                val g = { z: Tensor -> sum(sin(z) * Core.mul(z, z)) }
                for (outer in Jacobian.Mode.entries) {
                    for (inner in Jacobian.Mode.entries) {
                        val nested = jacobian(x, outer) { z -> jacobian(z, inner) { g(it) }.tensor() }.tensor()
                        requireClose("$outer of $inner", nested.toDoubles(), hessian(x, g).tensor().toDoubles(), EXACT)
                    }
                }
            }
        }
    })
