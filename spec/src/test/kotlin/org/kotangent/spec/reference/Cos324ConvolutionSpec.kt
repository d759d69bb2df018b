package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeGreaterThan
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.grad
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.dsl.sgd
import org.kotangent.dsl.times
import org.kotangent.dsl.vjp
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Elementary.relu
import org.kotangent.ops.Elementary.sigmoid
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg.dot
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d
import org.kotangent.ops.Random
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes
import kotlin.math.sqrt

/** Every number of the COS 324 notes, chapter 12: convolutional networks. */
class Cos324ConvolutionSpec :
    FunSpec({
        context("§12.1 convolution in one dimension") {
            fun convolve(x: Tensor, w: Tensor) = Nn.conv2d(x.reshaped(1, 1, 1, x.size()), w.reshaped(1, 1, 1, w.size()))

            val x = vector(2, 1, 1, 7, -1, 2, 3, 1)

            test("example 12.1.2: (2, 1, 1, 7, −1, 2, 3, 1) with (3, 2, −1) gives (7, −2, 18, 17, −2, 11)") {
                convolve(x, vector(3, 2, -1)).shouldHold(7, -2, 18, 17, -2, 11)
            }

            test("example 12.1.1: the moving average of three") {
                val means = x.list().windowed(3).map { it.average() }
                convolve(x, vector(1 / 3.0, 1 / 3.0, 1 / 3.0)).shouldHold(means, 1e-15)
            }

            test("problem 12.1.3: the filter of y_t = 2x_{t−1} − x_{t+1} is (2, 0, −1)") {
                val expected = x.list().windowed(3).map { 2 * it[0] - it[2] }
                convolve(x, vector(2, 0, -1)).shouldHold(expected)
            }
        }

        context("§12.2 images") {
            val x =
                matrix(
                    row(1, 1, 1, 0, 0),
                    row(0, 1, 1, 1, 0),
                    row(0, 0, 1, 1, 1),
                    row(0, 0, 1, 1, 0),
                    row(0, 1, 1, 0, 0),
                )

            test("example 12.2.3: a 3×3 filter over a 5×5 image") {
                val w = matrix(row(1, 0, 1), row(0, 1, 0), row(1, 0, 1))
                filter(x, w).shouldHold(4, 3, 4, 2, 4, 3, 2, 3, 4)
            }

            test("problem 12.2.4: a 5×5 filter makes 6×6 of 10×10") {
                filter(normal(1, 10, 10), normal(2, 5, 5)).spatial() shouldBe listOf(6, 6)
            }

            val photo = normal(3, 9, 9)
            val box = matrix(row(1, 1, 1), row(1, 1, 1), row(1, 1, 1)) / 9.0
            val identity = matrix(row(0, 0, 0), row(0, 1, 0), row(0, 0, 0))

            test("example 12.2.1: blurring replaces a pixel by the mean of its neighbourhood") {
                filter(photo, box) shouldAgreeWith Nn.avgPool2d(photo.reshaped(1, 1, 9, 9), Pool2d.of(3).stride(1))
            }

            test("example 12.2.2: sharpening is the pixel less the blur") {
                filter(photo, identity - box) shouldAgreeWith inner(photo, 1) - filter(photo, box)
            }

            val binomial3 = vector(1, 2, 1)
            val binomial5 = vector(1, 4, 6, 4, 1)

            test("figure 12.5: the Gaussian blurs are separable and keep a constant image") {
                for ((w, total) in listOf(binomial3 to 16.0, binomial5 to 256.0)) {
                    val n = w.size()
                    val gaussian = w.reshaped(n, 1) * w.reshaped(1, n) / total
                    val down = Nn.conv2d(photo.reshaped(1, 1, 9, 9), w.reshaped(1, 1, n, 1))
                    val both = Nn.conv2d(down, w.reshaped(1, 1, 1, n))
                    filter(photo, gaussian) shouldAgreeWith both / total
                    filter(Tensor.ones(DType.F64, 9, 9), gaussian).list().toSet() shouldBe setOf(1.0)
                }
            }

            test("figure 12.5: unsharp masking is twice the image less its Gaussian blur") {
                val gaussian = binomial5.reshaped(5, 1) * binomial5.reshaped(1, 5)
                val centre = Tensor.of(gaussian.shape(), *DoubleArray(25) { if (it == 12) 512.0 else 0.0 })
                val mask = (gaussian - centre) / -256.0
                mask.list()[12] shouldBe 476 / 256.0
                filter(photo, mask) shouldAgreeWith inner(photo, 2) * 2.0 - filter(photo, gaussian / 256.0)
            }

            test(
                "§12.2.2: zero padding adds a black frame, edge padding repeats the nearest pixel; both keep the size",
            ) {
                val image = photo.reshaped(1, 1, 9, 9)
                val clamped = Tensor.of(*IntArray(11) { (it - 1).coerceIn(0, 8) })
                val repeated = Shapes.gather(Shapes.gather(image, clamped, 2), clamped, 3)
                val w = box.reshaped(1, 1, 3, 3)
                val zeros = Nn.conv2d(image, w, Conv2d.standard().padding(1))
                val edges = Nn.conv2d(repeated, w)
                zeros.spatial() shouldBe listOf(9, 9)
                edges.spatial() shouldBe listOf(9, 9)
                inner(zeros, 1) shouldAgreeWith inner(edges, 1)
                val p = photo.list()
                zeros.list()[0] shouldBeNear (p[0] + p[1] + p[9] + p[10]) / 9
                edges.list()[0] shouldBeNear (4 * p[0] + 2 * p[1] + 2 * p[9] + p[10]) / 9
            }

            test("example 12.2.5: 5×5 with padding 1, a 3×3 filter and stride 2 gives 3×3") {
                val conv = Conv2d.standard().padding(1).stride(2)
                Nn.conv2d(x.reshaped(1, 1, 5, 5), box.reshaped(1, 1, 3, 3), conv).spatial() shouldBe listOf(3, 3)
            }

            test("example 12.2.6: 6 channels to 3 with 5×5 filters are 450 weights") {
                val w = normal(4, 3, 6, 5, 5)
                w.size() shouldBe 450
                Nn.conv2d(normal(5, 1, 6, 7, 8), w).shape().toArray().toList() shouldBe listOf(1, 3, 3, 4)
            }

            test("equation 12.3: an output channel sums over the input channels") {
                val images = normal(6, 1, 2, 5, 5)
                val w = normal(7, 3, 2, 3, 3)
                val y = Nn.conv2d(images, w)
                for (v in 0..2) {
                    val parts = (0..1).map { u -> filter(channel(images, 0, u), channel(w, v, u)) }
                    channel(y, 0, v) shouldAgreeWith (parts[0] + parts[1]).reshaped(3, 3)
                }
            }

            test("example 12.2.7: 6×6 pooled by 2 gives 3×3, maxima and means") {
                val grid = Tensor.of(*DoubleArray(36) { it.toDouble() }).reshaped(1, 1, 6, 6)
                Nn.maxPool2d(grid, Pool2d.of(2)).shouldHold(7, 9, 11, 19, 21, 23, 31, 33, 35)
                Nn.avgPool2d(grid, Pool2d.of(2)).shouldHold(3.5, 5.5, 7.5, 15.5, 17.5, 19.5, 27.5, 29.5, 31.5)
            }
        }

        context("§12.2.8: hand-set detectors on 8×8 images") {
            fun detect(image: Tensor, w: Tensor, bias: Double): Double {
                val y = relu(filter(image, w) + bias)
                val (height, width) = y.spatial()
                return sigmoid(filter(y, Tensor.ones(DType.F64, height, width) * 10.0) - 5.0).item()
            }

            fun image(bright: List<Pair<Int, Int>>): Tensor {
                val pixels = DoubleArray(64) { (it * 37 % 255).toDouble() }
                bright.forEach { (i, j) -> pixels[8 * i + j] = 255.0 }
                return Tensor.of(*pixels).reshaped(8, 8)
            }

            test("example 12.2.8: a pixel of value 255 anywhere") {
                fun present(image: Tensor) = detect(image, matrix(row(1)), -254.0)
                present(image(emptyList())) shouldBeLessThan 0.01
                for (at in 0 until 64) present(image(listOf(at / 8 to at % 8))) shouldBeGreaterThan 0.99
                present(image(listOf(0 to 0, 7 to 7))) shouldBeGreaterThan 0.99
            }

            test("example 12.2.9: a bright cross anywhere, and nothing for four of its five pixels") {
                fun present(image: Tensor) = detect(image, matrix(row(0, 1, 0), row(1, 1, 1), row(0, 1, 0)), -1274.0)

                fun cross(i: Int, j: Int) = listOf(i to j, i - 1 to j, i + 1 to j, i to j - 1, i to j + 1)
                present(image(emptyList())) shouldBeLessThan 0.01
                for (centre in 0 until 36) {
                    val pixels = cross(1 + centre / 6, 1 + centre % 6)
                    present(image(pixels)) shouldBeGreaterThan 0.99
                    for (missing in pixels) present(image(pixels - missing)) shouldBeLessThan 0.01
                }
            }
        }

        context("§12.3 backpropagation") {
            test("figure 12.15: the gradient of a shared weight is the sum over its copies") {
                val x = vector(2, 3, 5)
                val v = normal(8, 4)

                fun output(copies: Tensor) = dot(v, copies * Shapes.gather(x, Tensor.of(0, 1, 1, 2), 0))
                val shared = grad(Tensor.scalar(0.7)) { w -> output(w * vector(1, 1, 1, 1)) }
                shared.item() shouldBeNear grad(vector(0.7, 0.7, 0.7, 0.7), ::output).list().sum()
            }

            val x = normal(9, 6, 6)
            val w = normal(10, 3, 3)
            val gy = normal(11, 4, 4)
            val pulled = vjp(listOf(x, w)) { (image, weights) ->
                filter(image, weights)
            }.pullback().apply(gy.reshaped(1, 1, 4, 4))

            test("equation 12.5: ∂ℓ/∂W is the convolution of X with ∂ℓ/∂Y") {
                pulled[1] shouldAgreeWith filter(x, gy).reshaped(3, 3)
            }

            test("equation 12.6: ∂ℓ/∂X is the convolution of ∂ℓ/∂Y with the filter turned by 180°") {
                val turned = Tensor.of(*w.list().reversed().toDoubleArray()).reshaped(1, 1, 3, 3)
                val full = Nn.conv2d(gy.reshaped(1, 1, 4, 4), turned, Conv2d.standard().padding(2))
                pulled[0] shouldAgreeWith full.reshaped(6, 6)
            }
        }

        context("§12.4 the ConvNet for 32×32 colour images") {
            val net = network(input(3, 32, 32), DType.F64) {
                conv(3, kernel = 5); relu(); maxPool(2)
                conv(16, kernel = 5); relu(); avgPool(2)
                flatten()
                dense(120); relu()
                dense(10)
            }.orThrow()
            val p = net.init(Key.of(13)) * sqrt(1 / 6.0) // U(±√(6/fan)) becomes U(±1/√fan), as the program draws them

            test("400 features become 120, then 10 scores for each of a batch of 8") {
                net.summary().rows.map { it.output.size() }.takeLast(4) shouldBe listOf(400, 120, 120, 10)
                net(p, normal(12, 8, 3, 32, 32)).shape() shouldBe Shape.of(8, 10)
            }

            test("a step of SGD 0.01 down ‖out − 1‖² on one image lowers it") {
                val image = Random.uniform(Key.of(14), -1.0, 1.0, DType.F64, 1, 3, 32, 32)

                fun loss(params: Params) = Reduce.sum(square(net(params, image) - 1.0))
                val sgd = sgd(0.01)
                val next = p + sgd.update(grad(p, ::loss), sgd.init(p), p).updates
                next.contentEquals(p + -0.01 * grad(p, ::loss)) shouldBe true
                loss(next).item() shouldBeLessThan loss(p).item()
            }
        }
    })

/** One filter over one image, [h, w] → [1, 1, h′, w′]; an image may also come with its two leading axes. */
private fun filter(image: Tensor, w: Tensor): Tensor =
    Nn.conv2d(image.reshaped(1, 1, image.dim(-2), image.dim(-1)), w.reshaped(1, 1, w.dim(-2), w.dim(-1)))

/** The image without a frame, as [1, 1, h′, w′]. */
private fun inner(image: Tensor, frame: Int): Tensor {
    val (h, w) = image.spatial()
    val p = image.list()
    val inside = (frame until h - frame).flatMap { i -> (frame until w - frame).map { j -> p[i * w + j] } }
    return Tensor.of(*inside.toDoubleArray()).reshaped(1, 1, h - 2 * frame, w - 2 * frame)
}

private fun channel(x: Tensor, n: Int, c: Int): Tensor =
    Shapes.gather(Shapes.gather(x, Tensor.of(n), 0), Tensor.of(c), 1).reshaped(x.dim(2), x.dim(3))

private fun Tensor.spatial(): List<Int> = listOf(dim(-2), dim(-1))
