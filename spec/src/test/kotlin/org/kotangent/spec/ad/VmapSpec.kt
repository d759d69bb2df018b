package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.BatchAxes
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DomainException
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.TreeException
import org.kotangent.ad.UnknownNumberException
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.dsl.grad
import org.kotangent.dsl.jvp
import org.kotangent.dsl.sum
import org.kotangent.dsl.times
import org.kotangent.dsl.vmap
import org.kotangent.ops.Elementary.sin
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Elementary.where
import org.kotangent.ops.Linalg.matmul
import org.kotangent.ops.Nn
import org.kotangent.ops.Shapes
import org.kotangent.spec.laws.Sampler
import org.kotangent.spec.laws.requireSameBits
import org.kotangent.spec.seed
import kotlin.random.Random

private data class Point(val x: Tensor, val weights: List<Tensor>, val name: String)

/** What a function sees of its arguments, inside and outside of vmap. */
class VmapSpec :
    FunSpec({
        val sampler = Sampler(Random(seed))
        val x = sampler.tensor(4, 3)
        val w = sampler.tensor(3, 2)

        fun same(actual: Tensor, expected: Tensor) = requireSameBits("vmap", listOf(actual), listOf(expected))

        context("axes") {
            test("axis 0 of everything, unless said otherwise") {
                same(vmap(x) { row -> row.also { it.shape() shouldBe Shape.of(3) } * 2 }, x * 2)
                same(vmap(listOf(x, x)) { (a, b) -> sum(a * b) }, Core.sum(x * x, intArrayOf(1), false))
            }

            test("another axis, counted from either end") {
                for (axis in listOf(1, -1)) {
                    same(vmap(x, along = BatchAxes.of(axis)) { sum(it) }, Core.sum(x, intArrayOf(0), false))
                }
                val y = vmap(x, BatchAxes.of(1), BatchAxes.of(-1)) { it * 2 }
                same(y, x * 2)
            }

            test("of a path and what is below it, the longest that fits") {
                val model = mapOf("a" to listOf(x, x), "b" to listOf(w, w))
                val axes = BatchAxes.of(0).at("a", 1).without("b").at("b[1]", 0)
                vmap(model, axes) { m ->
                    m.getValue("a").map { it.shape() } shouldBe List(2) { Shape.of(4) }
                    m.getValue("b").map { it.shape() } shouldBe listOf(Shape.of(3, 2), Shape.of(2))
                    m.getValue("b")[1]
                }.shape() shouldBe Shape.of(3, 2)
            }

            test("of the results, too") {
                val out = BatchAxes.of(0).at("second", -1).without("first")
                val (same, rows) = vmap(x to w, BatchAxes.of(0).without("second"), out) { (row, m) ->
                    m to
                        matmul(row, m)
                }
                same(same, w)
                same(rows, Shapes.transpose(matmul(x, w)))
            }

            test("a result that is the same throughout is repeated") {
                same(vmap(x) { _ -> w }, Core.broadcastTo(w, Shape.of(4, 3, 2)))
            }
        }

        context("errors") {
            test("an axis that does not exist") {
                shouldThrow<ShapeException> { vmap(mapOf("a" to x, "b" to Tensor.scalar(1.0))) { it } }.message shouldBe
                    "vmap: every batched tensor needs its batch axis; got b: 0 axes, batch axis: 0; " +
                    "choose another axis, or none by BatchAxes.without"
                shouldThrow<ShapeException> { vmap(x, out = BatchAxes.of(2)) { sum(it) } }.message shouldBe
                    "vmap: every batched tensor needs its batch axis; got tree: 1 axes, batch axis: 2; " +
                    "choose another axis, or none by BatchAxes.without"
            }

            test("batches of different sizes") {
                shouldThrow<ShapeException> { vmap(x to w) { it } }.message shouldBe
                    "vmap: all batch axes must have one size; got first: 4, second: 3; " +
                    "make them equal, or exclude one by BatchAxes.without"
            }

            test("no batch at all") {
                shouldThrow<TreeException> { vmap(mapOf("b" to w), BatchAxes.of(0).without("bb").at("ww", 1)) { it } }
                    .message shouldBe
                    "vmap: there must be a tensor at or below the path; got \"bb\"; use one of [b]"
                shouldThrow<TreeException> { vmap(mapOf("b" to w), out = BatchAxes.of(0).at("y", 1)) { it } }
                    .message shouldBe
                    "vmap: there must be a tensor at or below the path; got \"y\"; use one of [b]"
                shouldThrow<ShapeException> { vmap(listOf(x), BatchAxes.of(0).without("[0]")) { it } }.message shouldBe
                    "vmap: there must be a batch axis; got none for [[0]]; give an argument one"
            }

            test("a result without a batch axis that depends on the batch") {
                shouldThrow<ShapeException> {
                    vmap(x, out = BatchAxes.of(0).without("")) { sum(it) }
                }.message shouldBe
                    "vmap: a result that is to have no batch axis may not depend on the batch; " +
                    "got tree: f64[]; give it an axis, or reduce it outside of vmap"
            }

            test("a request for a number") {
                shouldThrow<UnknownNumberException> { vmap(x) { row -> row * sum(row).item() } }.message shouldBe
                    "vmap: inside a batched function a value is many numbers and cannot steer control flow; " +
                    "got a request for the number of a batched f64[]; " +
                    "choose with where, loop with scan, or compute it outside of vmap"
            }

            test("a wrong shape is that of one element") {
                shouldThrow<ShapeException> { vmap(x) { matmul(it, Tensor.zeros(DType.F64, 2, 2)) } }.message shouldBe
                    "matmul: inner dimensions must agree; got a: [3], b: [2, 2] (3 ≠ 2); transpose or reshape one of them"
            }

            test("a wrong index is that of one element") {
                shouldThrow<DomainException> {
                    vmap(x to Tensor.of(0, -3, 3, 1)) { (row, i) -> Shapes.gather(row, i, 0) }
                }.message shouldBe
                    "gather: an index must lie in [-3, 3), the size of axis 0; " +
                    "got 3 at position 2 of indices: i32[4]; correct the indices"
            }
        }

        context("sizes") {
            test("a batch of one") {
                val one = Shapes.slice(x, 0, 1, 0)
                same(vmap(one) { matmul(it, w) }, matmul(one, w))
            }

            test("a batch of none gives results of none, and no derivative") {
                val none = Tensor.zeros(DType.F64, 0, 1, 4, 4)
                val filters = sampler.tensor(2, 1, 3, 3)
                vmap(none) { image -> Nn.conv2d(Shapes.expandDims(image, 0), filters) }.shape() shouldBe
                    Shape.of(0, 1, 2, 2, 2)
                vmap(none) { image -> grad(image) { sum(sin(it)) } }.shape() shouldBe none.shape()
                same(
                    grad(filters) { f -> sum(vmap(none) { sum(Nn.conv2d(Shapes.expandDims(it, 0), f)) }) },
                    Tensor.zeros(filters.spec()),
                )
            }

            test("a batch of batches") {
                val table = vmap(x) { a -> vmap(x) { b -> sum(a * b) } }
                same(table, vmap(x) { b -> vmap(x) { a -> sum(a * b) } })
                for (i in 0 until 4) {
                    for (j in 0 until 4) {
                        Shapes.at(Shapes.at(table, i, 0), j, 0).item() shouldBe
                            sum(Shapes.at(x, i, 0) * Shapes.at(x, j, 0)).item()
                    }
                }
            }
        }

        context("what a function may be") {
            test("of integers and truth values") {
                val labels = Tensor.of(2, 0, 1, 2)
                val mask = Tensor.of(true, false, false, true)
                val picked = vmap(listOf(x, labels, mask)) { (row, label, m) ->
                    where(m, Shapes.gather(row, label, 0), row.like(0.0))
                }
                picked.toDoubles() shouldBe
                    DoubleArray(4) { if (it % 3 == 0) x.toDoubles()[3 * it + labels.toInts()[it]] else 0.0 }
                vmap(labels) { it.plus(1.0) }.toInts() shouldBe intArrayOf(3, 1, 2, 3)
            }

            test("of data classes, whose other fields stay what they are") {
                val point = Point(x, listOf(w, w), "p")
                val doubled = vmap(point, BatchAxes.of(0).without("weights")) { p ->
                    p.name shouldBe "p"
                    p.copy(x = matmul(p.x, p.weights[1]))
                }
                same(doubled.x, matmul(x, w))
                same(doubled.weights[0], Core.broadcastTo(w, Shape.of(4, 3, 2)))
                doubled.name shouldBe "p"
            }

            test("closed over values that are being differentiated") {
                val slope = grad(w) { m -> sum(vmap(x) { row -> square(matmul(row, m)) }) }
                same(slope, grad(w) { m -> sum(square(matmul(x, m))) })
                val (_, tangent) = jvp(w, w) { m -> vmap(x) { row -> matmul(row, m) } }
                same(tangent, matmul(x, w))
            }

            test("a derivative along directions that are batched, at a point that is not") {
                val basis = Tensor.of(Shape.of(3, 3), 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
                val at = Shapes.at(x, 0, 0)
                val columns = vmap(basis) { e -> jvp(at, e) { v -> matmul(sin(v), w) }.tangent() }
                same(columns, Shapes.expandDims(grad(at) { sum(sin(it)) }, 1) * w)
            }
        }

        test("a gradient for every example of a batch, of parameters that are the same for all") {
            val p = Params.of("w", w).with("b", sampler.tensor(2))
            val each = vmap(x) { row -> grad(p) { q -> sum(square(Nn.linear(row, q.get("w"), q.get("b")))) } }
            each.get("w").shape() shouldBe Shape.of(4, 3, 2)
            for (k in 0 until 4) {
                val alone = grad(p) { q -> sum(square(Nn.linear(Shapes.at(x, k, 0), q.get("w"), q.get("b")))) }
                same(Shapes.at(each.get("w"), k, 0), alone.get("w"))
                same(Shapes.at(each.get("b"), k, 0), alone.get("b"))
            }
        }
    })
