package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Nn
import org.kotangent.ops.Padding
import org.kotangent.ops.Reduce

private data class Case(
    val images: Int,
    val channels: Int,
    val filters: Int,
    val groups: Int,
    val rows: Sliding,
    val columns: Sliding,
) {
    val conv get() = conv(rows, columns, groups)
    val inputShape get() = Shape.of(images, channels * groups, rows.size, columns.size)
    val weightShape get() = Shape.of(filters * groups, channels, rows.taps, columns.taps)
    val outputShape get() = Shape.of(images, filters * groups, rows.out, columns.out)

    fun input(type: DType) = random(1, type, *inputShape.toArray())

    fun weights(type: DType) = random(2, type, *weightShape.toArray())

    fun output(type: DType) = random(3, type, *outputShape.toArray())

    /** Every product in the definition: positions of y, of x and of w. */
    fun forEachProduct(visit: (Int, Int, Int) -> Unit) {
        for (n in 0 until images) {
            for (f in 0 until filters * groups) {
                for (i in 0 until rows.out) {
                    for (j in 0 until columns.out) {
                        for (c in 0 until channels) {
                            for (p in 0 until rows.taps) {
                                for (q in 0 until columns.taps) {
                                    val row = rows.source(i, p) ?: continue
                                    val column = columns.source(j, q) ?: continue
                                    val image = n * channels * groups + f / filters * channels + c
                                    visit(
                                        ((n * filters * groups + f) * rows.out + i) * columns.out + j,
                                        (image * rows.size + row) * columns.size + column,
                                        ((f * channels + c) * rows.taps + p) * columns.taps + q,
                                    )
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fun sum(type: DType, shape: Shape, term: (DoubleArray, Int, Int, Int) -> Unit): Tensor {
        val sums = DoubleArray(shape.size())
        forEachProduct { y, x, w -> term(sums, y, x, w) }
        return tensor(type, shape) { sums[it] }
    }
}

private val cases: Arb<Case> =
    arbitrary {
        Case(
            Arb.int(0..3).bind(),
            Arb.int(1..3).bind(),
            Arb.int(1..5).bind(),
            Arb.int(1..3).bind(),
            Sliding.arb.bind(),
            Sliding.arb.bind(),
        )
    }

private fun error(type: DType) = if (type == DType.F32) 3e-6 else 1e-13

private fun message(x: Shape, w: Shape, conv: Conv2d = Conv2d.standard()) =
    shouldThrow<ShapeException> { Nn.conv2d(tensor(DType.F32, x) { 0.0 }, tensor(DType.F32, w) { 0.0 }, conv) }.message

class ConvSpec :
    FunSpec({
        test("without filters or images there is nothing to compute, forward and back") {
            for ((images, filters) in listOf(1 to 0, 0 to 2, 0 to 0)) {
                val x = Tensor.ones(DType.F32, images, 2, 3, 3)
                val w = Tensor.ones(DType.F32, filters, 2, 2, 2)
                Nn.conv2d(x, w).shape() shouldBe Shape.of(images, filters, 2, 2)
                val gradient = Ad.grad { v: Tensor -> Reduce.sum(Nn.conv2d(v, w)) }.apply(x)
                gradient.contentEquals(Tensor.zeros(DType.F32, images, 2, 3, 3)) shouldBe true
            }
        }

        test("forward and both gradients are the sums of the definition") {
            checkAll(150, cases, Arb.element(floating)) { case, type ->
                val x = case.input(type)
                val w = case.weights(type)
                val gy = case.output(type)
                val (xs, ws, gys) = listOf(x, w, gy).map { it.toDoubles() }
                val vjp = Ad.vjp({ (p, q): List<Tensor> -> Nn.conv2d(p, q, case.conv) }, listOf(x, w))
                val (gx, gw) = vjp.pullback().apply(gy)
                val y = case.sum(type, case.outputShape) { s, i, j, k -> s[i] += xs[j] * ws[k] }
                distance(vjp.value(), y) shouldBeLessThan error(type)
                distance(gx, case.sum(type, case.inputShape) { s, i, j, k -> s[j] += gys[i] * ws[k] }) shouldBeLessThan
                    error(type)
                distance(gw, case.sum(type, case.weightShape) { s, i, j, k -> s[k] += gys[i] * xs[j] }) shouldBeLessThan
                    error(type)
            }
        }

        test("images larger than a panel, filters with more weights and gradients over blocks of images") {
            val wide = Sliding(300, 3, 1, 1, 1, 1)
            val square = Sliding(28, 5, 1, 1, 0, 0)
            val cases =
                listOf(
                    Case(1, 1, 2, 1, Sliding(5, 3, 1, 1, 1, 0), wide),
                    Case(2, 30, 4, 1, Sliding(9, 3, 2, 1, 1, 1), Sliding(20, 3, 1, 2, 0, 1)),
                    Case(40, 1, 6, 1, square, square),
                    Case(2, 2, 300, 1, Sliding(4, 2, 1, 1, 0, 0), Sliding(4, 2, 1, 1, 0, 0)),
                )
            for (case in cases) {
                val x = case.input(DType.F64)
                val w = case.weights(DType.F64)
                val gy = case.output(DType.F64)
                val (xs, ws, gys) = listOf(x, w, gy).map { it.toDoubles() }
                val vjp = Ad.vjp({ (p, q): List<Tensor> -> Nn.conv2d(p, q, case.conv) }, listOf(x, w))
                val (gx, gw) = vjp.pullback().apply(gy)
                withClue(case) {
                    val y = case.sum(DType.F64, case.outputShape) { s, i, j, k -> s[i] += xs[j] * ws[k] }
                    distance(vjp.value(), y) shouldBeLessThan 1e-12
                    val wantedX = case.sum(DType.F64, case.inputShape) { s, i, j, k -> s[j] += gys[i] * ws[k] }
                    distance(gx, wantedX) shouldBeLessThan 1e-12
                    val wantedW = case.sum(DType.F64, case.weightShape) { s, i, j, k -> s[k] += gys[i] * xs[j] }
                    distance(gw, wantedW) shouldBeLessThan 1e-12
                }
            }
        }

        test("derivatives to the second order, for any stride, dilation, padding and groups") {
            checkAll(15, cases, Arb.int()) { case, seed ->
                val small = case.copy(images = 2, channels = 1 + case.channels % 2, filters = 2)
                shouldObeyCalculus(seed.toLong(), listOf(small.input(DType.F64), small.weights(DType.F64))) { (x, w) ->
                    Nn.conv2d(x, w, small.conv)
                }
            }
        }

        test("a bias per filter is added, and its gradient sums over images and positions") {
            val x = random(1, DType.F64, 2, 3, 5, 5)
            val w = random(2, DType.F64, 4, 3, 3, 3)
            val b = random(3, DType.F64, 4)
            val conv = Conv2d.standard().padding(1)
            val difference = Nn.conv2d(x, w, b, conv).minus(Nn.conv2d(x, w, conv)).toDoubles()
            difference.forEachIndexed { i, d -> d near (b.toDoubles()[i / 25 % 4] within 1e-14) }
            val gradient = Ad.grad<Tensor> { sumOf(Nn.conv2d(x, w, it, conv)) }.apply(b)
            gradient.shouldHold(50.0, 50.0, 50.0, 50.0)
        }

        test("the same bits with one thread and with two, forward and backward") {
            for (type in floating) {
                val x = random(1, type, 40, 4, 20, 20)
                val w = random(2, type, 8, 4, 5, 5)
                shouldNotDependOnThreads {
                    val vjp = Ad.vjp({ (p, q): List<Tensor> -> Nn.conv2d(p, q) }, listOf(x, w))
                    vjp.pullback().apply(vjp.value()) + vjp.value()
                }
            }
        }

        test("the setting changes one thing at a time") {
            val conv =
                Conv2d
                    .standard()
                    .stride(2, 3)
                    .padding(1, 2, 3, 4)
                    .dilation(5, 6)
                    .groups(7)
            conv shouldBe Conv2d(2, 3, Padding(1, 2, 3, 4), 5, 6, 7)
            Conv2d.standard().stride(2).dilation(3).padding(1) shouldBe Conv2d(2, 2, Padding.of(1), 3, 3, 1)
        }

        test("errors name the operation, the shapes and the remedy") {
            message(Shape.of(2, 3, 8, 8), Shape.of(4, 2, 3, 3)) shouldBe
                "conv2d: channels must agree; got x: [2, 3, 8, 8], w: [4, 2, 3, 3] (3 ≠ 2); " +
                "give filters for the channels of x"
            message(Shape.of(2, 4, 8, 8), Shape.of(4, 4, 3, 3), Conv2d.standard().groups(2)) shouldBe
                "conv2d: channels must agree; got x: [2, 4, 8, 8], w: [4, 4, 3, 3], groups: 2 (4 ≠ 8); " +
                "give filters for the channels of x"
            message(Shape.of(2, 4, 8, 8), Shape.of(3, 2, 3, 3), Conv2d.standard().groups(2)) shouldBe
                "conv2d: groups must divide the filters; got x: [2, 4, 8, 8], w: [3, 2, 3, 3], groups: 2; " +
                "use a multiple of 2 filters"
            message(Shape.of(3, 8, 8), Shape.of(4, 3, 3, 3)) shouldBe
                "conv2d: needs images [n, c, h, w] and filters [filters, c/groups, height, width]; " +
                "got x: [3, 8, 8], w: [4, 3, 3, 3]; reshape the one with other axes"
            message(Shape.of(1, 6, 3, 9), Shape.of(16, 6, 5, 5), Conv2d.standard().padding(0, 1, 0, 0)) shouldBe
                "conv2d: the window must fit into the padded image; " +
                "got x: [1, 6, 3, 9], height of the window: 5 (5 > 4); use a smaller window or more padding"
            shouldThrow<DTypeException> {
                Nn.conv2d(Tensor.zeros(DType.F32, 1, 1, 2, 2), Tensor.zeros(DType.F64, 1, 1, 2, 2))
            }.message shouldBe
                "conv2d: operands must have one floating type; got x: f32[1, 1, 2, 2], w: f64[1, 1, 2, 2]; " +
                "convert with to(DType.F32)"
            shouldThrow<DomainException> { Conv2d.standard().stride(0, 1) }.message shouldBe
                "conv2d: stride must be at least 1; got stride: [0, 1]; use 1 or more"
            shouldThrow<DomainException> { Padding(0, -1, 0, 0) }.message shouldBe
                "padding: must not be negative; got top: 0, bottom: -1, left: 0, right: 0; crop with slice instead"
            shouldThrow<ShapeException> {
                val x = Tensor.zeros(DType.F32, 1, 1, 2, 2)
                Nn.conv2d(x, x, Tensor.zeros(DType.F32, 2), Conv2d.standard())
            }.message shouldBe
                "conv2d: b must have one number per filter; got w: [1, 1, 2, 2], b: [2]; use shape [1]"
        }
    })
