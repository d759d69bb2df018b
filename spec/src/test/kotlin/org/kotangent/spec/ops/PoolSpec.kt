package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.boolean
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.filter
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d

private const val INF = Double.POSITIVE_INFINITY

/** Windows of which every one touches the image. */
private val windows =
    Sliding.arb.filter { s -> (0 until s.out).all { o -> (0 until s.taps).any { s.source(o, it) != null } } }

/** Numbers of one plane that each window looks at, by window. */
private fun seen(rows: Sliding, columns: Sliding): List<List<Int>> = (0 until rows.out * columns.out).map { window ->
    (0 until rows.taps).flatMap { i ->
        (0 until columns.taps).mapNotNull { j ->
            rows.source(window / columns.out, i)?.let { row ->
                columns.source(window % columns.out, j)?.let { row * columns.size + it }
            }
        }
    }
}

class PoolSpec :
    FunSpec({
        test("max pooling takes the largest number of each window and sends the gradient back to it") {
            checkAll(80, windows, windows, Arb.element(floating)) { rows, columns, type ->
                val plane = rows.size * columns.size
                val x = random(1, type, 2, 3, rows.size, columns.size)
                val xs = x.toDoubles()
                val vjp = Ad.vjp({ t: Tensor -> Nn.maxPool2d(t, pool(rows, columns)) }, x)
                val gy = random(2, type, 2, 3, rows.out, columns.out)
                val gx = DoubleArray(xs.size)
                val y =
                    tensor(type, Shape.of(2, 3, rows.out, columns.out)) { at ->
                        val windows = rows.out * columns.out
                        val best =
                            seen(rows, columns)[at % windows].map { at / windows * plane + it }.maxBy { xs[it] }
                        gx[best] += gy.toDoubles()[at]
                        xs[best]
                    }
                vjp.value().contentEquals(y) shouldBe true
                distance(vjp.pullback().apply(gy), tensor(type, x.shape()) { gx[it] }) shouldBeLessThan rounding(type)
            }
        }

        test("average pooling divides by the window, or by what of it lies in the image") {
            checkAll(80, windows, windows, Arb.boolean(), Arb.element(floating)) { rows, columns, count, type ->
                val plane = rows.size * columns.size
                val x = random(1, type, 2, 3, rows.size, columns.size)
                val y =
                    tensor(type, Shape.of(2, 3, rows.out, columns.out)) { at ->
                        val numbers = seen(rows, columns)[at % (rows.out * columns.out)]
                        val sum = numbers.sumOf { x.toDoubles()[at / (rows.out * columns.out) * plane + it] }
                        sum / if (count) rows.taps * columns.taps else numbers.size
                    }
                distance(Nn.avgPool2d(x, pool(rows, columns).countPadding(count)), y) shouldBeLessThan rounding(type)
            }
        }

        test("derivatives to the second order, whatever the leading axes") {
            checkAll(10, windows, windows, Arb.boolean()) { rows, columns, count ->
                val x = listOf(random(1, DType.F64, 2, rows.size, columns.size))
                shouldObeyCalculus(3, x) { (t) -> Nn.avgPool2d(t, pool(rows, columns).countPadding(count)) }
                val apart = listOf(spaced(2, 2, rows.size, columns.size))
                shouldObeyCalculus(4, apart) { (t) -> Nn.maxPool2d(t, pool(rows, columns)) }
            }
            Nn.maxPool2d(random(1, DType.F32, 4, 6), Pool2d.of(2)).shape() shouldBe Shape.of(2, 3)
            Nn.avgPool2d(random(1, DType.F32, 5, 2, 3, 4, 6), Pool2d.of(2)).shape() shouldBe Shape.of(5, 2, 3, 2, 3)
        }

        test("of equal numbers the first in the window gets the gradient; NaN is the maximum") {
            for (type in floating) {
                val x = tensor(type, Shape.of(1, 1, 2, 4)) { listOf(1.0, 7.0, 0.0, -0.0, 7.0, 2.0, -0.0, 0.0)[it] }
                val gradient = Ad.grad<Tensor> { sumOf(Nn.maxPool2d(it, Pool2d.of(2))) }.apply(x)
                gradient.shouldHold(0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
                val nan = tensor(type, Shape.of(1, 4)) { listOf(3.0, Double.NaN, INF, Double.NaN)[it] }
                Nn.maxPool2d(nan, Pool2d.of(1, 4)).item().isNaN() shouldBe true
                Ad.grad<Tensor> { sumOf(Nn.maxPool2d(it, Pool2d.of(1, 4))) }.apply(nan).shouldHold(0.0, 1.0, 0.0, 0.0)
                val low = tensor(type, Shape.of(2, 2)) { -INF }
                Nn.maxPool2d(low, Pool2d.of(2).padding(1, 0, 0, 0).stride(1)).shouldHold(-INF, -INF)
            }
        }

        test("rounding the number of windows up keeps a last, shorter one") {
            val x = tensor(DType.F64, Shape.of(1, 5)) { it + 1.0 }
            val pool = Pool2d.of(1, 2)
            Nn.maxPool2d(x, pool).shouldHold(2.0, 4.0)
            Nn.maxPool2d(x, pool.ceil(true)).shouldHold(2.0, 4.0, 5.0)
            Nn.avgPool2d(x, pool.ceil(true)).shouldHold(1.5, 3.5, 5.0)
            Nn.avgPool2d(x, Pool2d.of(1, 3).ceil(true).padding(0, 0, 0, 2)).shouldHold(2.0, 3.0)
            Nn.avgPool2d(x, Pool2d.of(1, 3).stride(1, 2).ceil(true).padding(0, 0, 0, 1)).shouldHold(2.0, 4.0, 2.5)
            // No window starts in the padding behind the image.
            Nn.maxPool2d(x, Pool2d.of(1, 2).ceil(true).padding(0, 0, 0, 2)).shape() shouldBe Shape.of(1, 3)
            shouldObeyCalculus(5, listOf(x)) { (t) -> Nn.avgPool2d(t, pool.ceil(true)) }
        }

        test("the same bits with one thread and with two") {
            val x = random(1, DType.F32, 16, 8, 20, 20)
            shouldNotDependOnThreads {
                listOf(Pool2d.of(2), Pool2d.of(3).stride(2).padding(1)).flatMap { pool ->
                    val max = Ad.vjp({ t: Tensor -> Nn.maxPool2d(t, pool) }, x)
                    val mean = Ad.vjp({ t: Tensor -> Nn.avgPool2d(t, pool) }, x)
                    listOf(max, mean).flatMap { listOf(it.value(), it.pullback().apply(it.value())) }
                }
            }
        }

        test("errors name the operation, the shapes and the remedy") {
            shouldThrow<ShapeException> { Nn.maxPool2d(Tensor.of(1f, 2f), Pool2d.of(2)) }.message shouldBe
                "maxPool2d: needs images [*, h, w]; got x: [2]; reshape x to have rows and columns"
            shouldThrow<ShapeException> {
                Nn.avgPool2d(Tensor.zeros(DType.F32, 3, 4, 1), Pool2d.of(2))
            }.message shouldBe
                "avgPool2d: the window must fit into the padded image; " +
                "got x: [3, 4, 1], width of the window: 2 (2 > 1); use a smaller window or more padding"
            shouldThrow<ShapeException> {
                Nn.maxPool2d(Tensor.zeros(DType.F32, 4, 4), Pool2d.of(2).padding(2, 0, 0, 0))
            }.message shouldBe
                "maxPool2d: every window must touch the image; " +
                "got x: [4, 4], window: 2×2, padding: Padding[top=2, bottom=0, left=0, right=0]; use less padding"
            shouldThrow<DTypeException> { Nn.maxPool2d(Tensor.zeros(DType.I32, 4, 4), Pool2d.of(2)) }.message shouldBe
                "maxPool2d: needs floating numbers; got x: i32[4, 4]; convert with to(DType.F32)"
            shouldThrow<DomainException> { Pool2d.of(0) }.message shouldBe
                "pool2d: window must be at least 1; got window: [0, 0]; use 1 or more"
        }
    })
