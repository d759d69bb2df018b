package org.kotangent.spec.ad

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.property.Arb
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.BatchAxes
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Axes
import org.kotangent.ops.Elementary
import org.kotangent.ops.Linalg
import org.kotangent.ops.Reduce
import kotlin.math.sin

/** Numbers of either sign whose sum depends on the order in which they are added. */
private fun numbers(dtype: DType, seed: Int, vararg dims: Int): Tensor {
    val shape = Shape.of(*dims)
    val scale = if (dtype == DType.I32) 1000.0 else 1.0 + 1e6 * (seed % 2)
    return Tensor.of(shape, *DoubleArray(shape.size()) { scale * sin(12.9898 * (it + 1) + 78.233 * seed) }).to(dtype)
}

private fun squares(x: Tensor, vararg axes: Int) = Core.sum(x * x, axes, false)

private fun requireSame(x: List<Tensor>, f: (List<Tensor>) -> List<Tensor>) {
    val plan = Ad.compile<List<Tensor>, List<Tensor>> { f(it) }
    val expected = f(x)
    repeat(2) {
        val found = plan.apply(x)
        withClue({ plan.explain(x) }) {
            expected.indices.forEach { j -> found[j].contentEquals(expected[j]) shouldBe true }
        }
    }
}

/** All that is summed and what becomes of it: left alone, handed out, read by others, in place. */
private fun summed(x: List<Tensor>, axes: IntArray, keep: Boolean): List<Tensor> {
    val terms = x[0] * x[1] + x[2]
    val first = Core.sum(terms, axes, keep)
    val both = listOf(Core.sum(terms * x[0], axes, keep), Core.sum(x[0] * 2.0 - terms, axes, true))
    val read = x[1] * 3.0 - x[0]
    val others = listOf(Core.stack(listOf(read, x[0])), Core.sum(read, axes, keep), terms - Core.sum(terms, axes, true))
    val means = if (terms.dtype().isFloating) listOf(Reduce.mean(terms, Axes.keep(*axes))) else listOf()
    return listOf(first) + both + others + means
}

private fun explain(x: Tensor, f: (Tensor) -> Any) = Ad.compile<Tensor, Any> { f(it) }.explain(x)

class FusedSumSpec :
    FunSpec({
        context("sums of what is computed have the same bits") {
            fun over(dtype: DType, dims: List<Int>, axisBits: Int, stretchBits: Int) {
                val axes = dims.indices.filter {
                    axisBits shr it and 1 == 1
                }.ifEmpty { dims.indices.toList() }.toIntArray()
                val stretched = dims.mapIndexed { a, d -> if (stretchBits shr a and 1 == 1) 1 else d }
                val x = listOf(dims, dims, stretched).mapIndexed { k, d -> numbers(dtype, k, *d.toIntArray()) }
                withClue("$dtype$dims over ${axes.toList()}, one operand $stretched") {
                    requireSame(x) { summed(it, axes, axisBits % 2 == 0) }
                }
            }

            test("over any axes of small tensors") {
                val dims = Arb.list(Arb.int(0..5), 1..4)
                checkAll(150, dims, Arb.int(0..15), Arb.int(0..15), Arb.element(DType.F32, DType.F64, DType.I32)) {
                        d,
                        a,
                        s,
                        t,
                    ->
                    over(t, d, a, s)
                }
            }
            test("over any axes of large ones, on one thread and three") {
                val before = Parallel.threads()
                val large =
                    listOf(
                        listOf(100_003),
                        listOf(70_001, 3),
                        listOf(3, 70_001),
                        listOf(301, 513),
                        listOf(5, 3001, 7),
                        listOf(2, 4097, 9),
                        listOf(7, 20, 31, 33),
                        listOf(600, 9, 8, 8),
                    )
                try {
                    for (threads in listOf(1, 3)) {
                        Parallel.use(threads)
                        for (dims in large) {
                            for (axes in 1 until (1 shl dims.size)) {
                                over(DType.F32, dims, axes, axes)
                                over(DType.F64, dims, axes, 2)
                            }
                            over(DType.I32, dims, 1, 0)
                        }
                    }
                } finally {
                    Parallel.use(before)
                }
            }
            test("where truth values are counted") {
                requireSame(listOf(numbers(DType.F32, 1, 301, 7))) { (x) ->
                    val negative = Elementary.less(x, x.like(0.0))
                    listOf(Core.sum(negative.to(DType.I32), intArrayOf(0), false), Reduce.mean(negative.to(DType.F32)))
                }
            }
            test("in derivatives of any order, and in batches") {
                val f = { x: Tensor ->
                    Core.sum(squares(Elementary.tanh(x), 0) * squares(x * 0.5, 0), intArrayOf(), false)
                }
                val x = numbers(DType.F32, 2, 300, 5)
                requireSame(listOf(x, x * 0.25)) { (a, b) ->
                    listOf(
                        Ad.grad<Tensor>(f).apply(a),
                        Ad.hvp<Tensor>(f, a, b),
                        Ad.vmap(Ad.grad<Tensor>(f), BatchAxes.of(0)).apply(Core.stack(listOf(a, b))),
                        Ad.jvp(f, a, b).tangent(),
                    )
                }
            }
            test("where a number is not finite") {
                val x = Tensor.of(*FloatArray(9000) { if (it == 7000) Float.NaN else 1f / (it - 8000) })
                requireSame(listOf(x, x * 0.0)) { (a, b) -> listOf(squares(a), squares(a - b), Reduce.mean(a + b)) }
            }
        }

        context("what is carried out") {
            val x = numbers(DType.F32, 2, 300, 50)

            test("is one step that touches its operands and the sums") {
                val text = explain(x) { squares(it) }
                text shouldContain "fused[sum[0, 1](mul(x0, x0))](f32[300, 50]) → f32[1, 1]"
                text shouldContain "30 kFLOP"
                text shouldContain "60 kB"
                text shouldContain "1 operations"
                Ad.compile<Tensor, Any> { squares(it) }.profile(x) shouldContain "µs"
            }
            test("is one step for several sums over the same axes") {
                explain(x) { listOf(squares(it, 0), Core.sum(it * it * it, intArrayOf(0), false)) } shouldContain
                    "fused[sum[0](mul(x0, x0)), sum[0](mul(mul(x0, x0), x0))]"
                explain(x) { listOf(squares(it, 0), squares(it, 1)) } shouldContain "2 operations"
            }
            test("is one step for the channels of images") {
                explain(numbers(DType.F32, 1, 16, 9, 8, 8)) { squares(it, 0, 2, 3) } shouldContain
                    "fused[sum[0, 2, 3](mul(x0, x0))]"
            }
            test("stores what others read while it adds") {
                explain(x) { y -> (y * 2.0).let { listOf(it, Reduce.mean(it)) } } shouldContain
                    "fused[mul(x0, 2.0), mean[0, 1](y0)]"
            }
            test("is two steps where the numbers that are added lie apart by few, and where a mean reads them twice") {
                explain(numbers(DType.F32, 1, 40, 6, 20)) { squares(it, 0, 2) } shouldNotContain "fused"
                explain(x.to(DType.F64)) { Reduce.mean(it * it) } shouldNotContain "fused"
            }
            test("needs no memory for what is only added") {
                val w = numbers(DType.F32, 1, 50, 400)
                fun arena(f: (Tensor) -> Any) = Regex("arena of .*").find(explain(x, f))!!.value
                arena { squares(Linalg.matmul(it, w)) } shouldBe
                    arena { Core.sum(Linalg.matmul(it, w), intArrayOf(), false) }
                arena { squares(it) } shouldBe "arena of 0 buffers with 0 B"
                // In place of the product, with another buffer for the sums alone.
                arena { a ->
                    val h = Linalg.matmul(a, w) * 2.0
                    Linalg.matmul(h, Core.sum(h, intArrayOf(0), false).let { Core.reshape(it, Shape.of(400, 1)) })
                } shouldBe "arena of 2 buffers with 481 kB"
            }
        }
    })
