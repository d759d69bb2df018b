package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.ReceptiveField
import org.kotangent.dsl.Sliding
import org.kotangent.dsl.Span
import org.kotangent.dsl.Window
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.dsl.vjp
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Elementary.sqrt
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d
import kotlin.math.sqrt

/** A. Vedaldi, *A deep learning primer* (2022), §3.3.1, §3.3.3 and §3.4: convolution, pooling, receptive fields. */
class VedaldiFiltersSpec :
    FunSpec({
        /** Input size I, filter size F, padding (P₋, P₊), stride S and dilation D along one axis. */
        data class Axis(
            val i: Int,
            val f: Int,
            val before: Int = 0,
            val after: Int = 0,
            val s: Int = 1,
            val d: Int = 1,
        ) {
            /** Equation 3.4. */
            val o = 1 + Math.floorDiv(i + after + before - d * (f - 1) - 1, s)

            /** Whether no window lies in the padding alone. */
            val touchesEverywhere = before < f && after < f
        }

        /** Sizes 5 to 9 under asymmetric padding, stride and dilation, where at least one window fits. */
        val axes =
            buildList {
                for (i in listOf(5, 8)) {
                    for (f in 1..3) {
                        for ((before, after) in listOf(0 to 0, 1 to 0, 0 to 2, 1 to 1)) {
                            for (s in 1..3) for (d in 1..2) add(Axis(i, f, before, after, s, d))
                        }
                    }
                }
            }.filter { it.i + it.before + it.after >= it.d * (it.f - 1) + 1 }
        val line = Axis(1, 1)

        /** Rows vary fastest through the list, columns by a different stride, so that pairs differ. */
        val planes = axes.indices.map { axes[it] to axes[it * 7 % axes.size] }

        fun conv(rows: Axis, columns: Axis) = Conv2d
            .standard()
            .stride(rows.s, columns.s)
            .padding(rows.before, rows.after, columns.before, columns.after)
            .dilation(rows.d, columns.d)

        fun pool(rows: Axis, columns: Axis) = Pool2d
            .of(rows.f, columns.f)
            .stride(rows.s, columns.s)
            .padding(rows.before, rows.after, columns.before, columns.after)
            .dilation(rows.d, columns.d)

        /** The numbers that window (v, w) reads, with [outside] for the padding. */
        fun window(x: List<Double>, rows: Axis, columns: Axis, v: Int, w: Int, outside: Double) =
            (0 until rows.f).flatMap { r ->
                (0 until columns.f).map { c ->
                    val i = rows.d * r + rows.s * v - rows.before
                    val j = columns.d * c + columns.s * w - columns.before
                    if (i in 0 until rows.i && j in 0 until columns.i) x[i * columns.i + j] else outside
                }
            }

        /** A filter written out by equation 3.13. */
        fun byDefinition(x: Tensor, rows: Axis, columns: Axis, outside: Double = 0.0, f: (List<Double>) -> Double) =
            Tensor.of(
                Shape.of(1, 1, rows.o, columns.o),
                *DoubleArray(rows.o * columns.o) {
                    f(window(x.list(), rows, columns, it / columns.o, it % columns.o, outside))
                },
            )

        fun image(rows: Axis, columns: Axis) = normal(1, 1, 1, rows.i, columns.i)

        context("§3.3.1 linear convolution: size by equation 3.4, numbers by equation 3.3") {
            fun check(rows: Axis, columns: Axis) {
                val x = image(rows, columns)
                val w = normal(2, 1, 1, rows.f, columns.f)
                val expected = byDefinition(x, rows, columns) { it.zip(w.list()) { a, b -> a * b }.sum() }
                Nn.conv2d(x, w, conv(rows, columns)) shouldAgreeWith expected
            }

            test("in one dimension") {
                axes.forEach { check(line, it) }
            }

            test("in two dimensions with different rows and columns") {
                planes.forEach { (rows, columns) -> check(rows, columns) }
            }

            test("equation 3.2 sums over channels, for every sample and filter") {
                val x = normal(3, 2, 3, 6, 7)
                val w = normal(4, 4, 3, 2, 3)
                val y = Nn.conv2d(x, w)
                y.shape() shouldBe Shape.of(2, 4, 5, 5)
                val (p, q) = x.list() to w.list()
                val expected =
                    DoubleArray(y.size()) { at ->
                        val (n, k) = at / 100 to at / 25 % 4
                        val (v1, v2) = at % 25 / 5 to at % 5
                        (0 until 18).sumOf { t ->
                            val (c, u1, u2) = Triple(t / 6, t % 6 / 3, t % 3)
                            q[k * 18 + t] * p[((n * 3 + c) * 6 + v1 + u1) * 7 + v2 + u2]
                        }
                    }
                y shouldAgreeWith Tensor.of(y.shape(), *expected)
            }
        }

        context("§3.3.3 pooling by equation 3.13, padded by −∞ for maxima and by 0 else") {
            val shapes = planes.filter { (rows, columns) -> rows.touchesEverywhere && columns.touchesEverywhere }

            test("equation 3.9: maxima") {
                shapes.forEach { (rows, columns) ->
                    val x = image(rows, columns)
                    Nn.maxPool2d(x, pool(rows, columns)) shouldAgreeWith
                        byDefinition(x, rows, columns, Double.NEGATIVE_INFINITY) { it.max() }
                }
            }

            test("equation 3.11: averages") {
                shapes.forEach { (rows, columns) ->
                    val x = image(rows, columns)
                    Nn.avgPool2d(x, pool(rows, columns)) shouldAgreeWith byDefinition(x, rows, columns) { it.average() }
                }
            }

            test("equations 3.10 and 3.12: sums, and square roots of sums of squares") {
                shapes.forEach { (rows, columns) ->
                    val x = image(rows, columns)
                    val (pool, count) = pool(rows, columns) to (rows.f * columns.f).toDouble()
                    Nn.avgPool2d(x, pool) * count shouldAgreeWith byDefinition(x, rows, columns) { it.sum() }
                    sqrt(Nn.avgPool2d(square(x), pool) * count) shouldAgreeWith
                        byDefinition(x, rows, columns) { window -> sqrt(window.sumOf { it * it }) }
                }
            }
        }

        context("§3.4 receptive fields, as the inputs that a single output pulls back to") {
            val chain =
                listOf(
                    Axis(40, 3, 1, 1),
                    Axis(40, 2, s = 2),
                    Axis(20, 3, 2, 2, d = 2),
                    Axis(20, 2, s = 2),
                    Axis(10, 3, 1, 0),
                )

            fun field(layers: List<Axis>, output: Int): IntRange {
                val x = Tensor.ones(DType.F64, 1, 1, 1, layers.first().i)
                val (y, pullback) =
                    vjp(x) { at ->
                        layers.fold(at) { h, axis ->
                            Nn.conv2d(h, Tensor.ones(DType.F64, 1, 1, 1, axis.f), conv(line, axis))
                        }
                    }
                val seen = pullback(basis(y.size(), output).reshaped(1, 1, 1, y.size())).list()
                return seen.indexOfFirst { it != 0.0 }..seen.indexOfLast { it != 0.0 }
            }

            fun dilated(axis: Axis) = axis.d * (axis.f - 1) + 1

            fun stride(layers: List<Axis>) = layers.fold(1) { product, axis -> product * axis.s }

            /** R₀ = 1 + Σᵢ (Πⱼ₍ⱼ<ᵢ₎ Sⱼ)(F̂ᵢ − 1). */
            fun size(layers: List<Axis>) =
                1 + layers.indices.sumOf { stride(layers.take(it)) * (dilated(layers[it]) - 1) }

            /** μᵥ = v·ΠSⱼ + Σᵢ (Πⱼ₍ⱼ<ᵢ₎ Sⱼ)((F̂ᵢ − 1)/2 − Pᵢ₋). */
            fun centre(layers: List<Axis>, v: Int) = v * stride(layers) +
                layers.indices.sumOf { stride(layers.take(it)) * ((dilated(layers[it]) - 1) / 2.0 - layers[it].before) }

            test("§3.4.3: size, centre and stride of the output in the input") {
                for (v in 3..6) {
                    val seen = field(chain, v)
                    seen.last - seen.first + 1 shouldBe size(chain)
                    (seen.last + seen.first) / 2.0 shouldBe centre(chain, v)
                }
                field(chain, 4).first - field(chain, 3).first shouldBe stride(chain)
            }

            test("'of' and 'in': of each layer in the input, and of the output in each layer") {
                for (i in 1..chain.size) {
                    val (below, above) = chain.take(i) to chain.drop(i - 1)
                    for (part in listOf(below, above)) {
                        val middle = part.last().o / 2
                        val seen = field(part, middle)
                        seen.last - seen.first + 1 shouldBe size(part)
                        (seen.last + seen.first) / 2.0 shouldBe centre(part, middle)
                    }
                }
            }

            test("a network says so of its layers") {
                val net = network(input(1, 1, chain.first().i)) {
                    for ((_, f, before, after, s, d) in chain) {
                        conv(
                            1,
                            Window(Sliding(1), Sliding(f, s, before, after, d)),
                        )
                    }
                }.orThrow()
                net.summary().rows.forEachIndexed { i, row ->
                    val below = chain.take(i + 1)
                    val expected = Span(size(below).toLong(), stride(below).toLong(), centre(below, 0))
                    row.receptiveField shouldBe ReceptiveField.Area(listOf(Span(1, 1, 0.0), expected))
                }
            }
        }
    })
