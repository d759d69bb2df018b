package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d

/**
 * The closed forms of Boué 2018 for the layers of LeNet-5. Those of batch normalisation, eq. 41–43, are in
 * [BatchNormSpec], that of softmax with cross-entropy in [LossSpec].
 */
class PedestrianSpec :
    FunSpec({
        test("fully connected: y = a·w + b, and its gradients are eq. 18–20") {
            val a = random(1, DType.F64, 5, 4)
            val w = random(2, DType.F64, 4, 3)
            val b = random(3, DType.F64, 3)
            val delta = random(4, DType.F64, 5, 3)
            val vjp = Ad.vjp({ (x, p, q): List<Tensor> -> Nn.linear(x, p, q) }, listOf(a, w, b))
            distance(vjp.value(), Linalg.matmul(a, w).plus(b)) shouldBeLessThan 1e-15
            val (ga, gw, gb) = vjp.pullback().apply(delta)
            distance(ga, Linalg.matmul(delta, Core.transpose(w, 1, 0))) shouldBeLessThan 1e-14
            distance(gw, Linalg.matmul(Core.transpose(a, 1, 0), delta)) shouldBeLessThan 1e-14
            distance(gb, Core.sum(delta, intArrayOf(0), false)) shouldBeLessThan 1e-14
        }

        test("max pooling of figure 10's kind: the error goes where the maximum was, eq. 22") {
            val a = tensor(DType.F64, Shape.of(1, 1, 4, 4)) { (it * 7 % 16).toDouble() }
            val delta = tensor(DType.F64, Shape.of(1, 1, 2, 2)) { it + 1.0 }
            val vjp = Ad.vjp({ x: Tensor -> Nn.maxPool2d(x, Pool2d.of(2)) }, a)
            val y = Core.reshape(vjp.value(), Shape.of(2, 2)).toDoubles()
            val upsampled = { i: Int -> i / 8 * 2 + i % 4 / 2 }
            val closed =
                tensor(DType.F64, a.shape()) {
                    if (a.toDoubles()[it] == y[upsampled(it)]) delta.toDoubles()[upsampled(it)] else 0.0
                }
            distance(vjp.pullback().apply(delta), closed) shouldBeLessThan 1e-300
        }

        test("convolution: the error is the fractionally strided convolution with rotated weights, eq. 31") {
            val (k, stride) = 3 to 2
            val x = random(1, DType.F64, 2, 3, 9, 9)
            val w = random(2, DType.F64, 4, 3, k, k)
            val vjp = Ad.vjp({ t: Tensor -> Nn.conv2d(t, w, Conv2d.standard().stride(stride)) }, x)
            val delta = randomLike(3, vjp.value())
            val r = delta.dim(2)
            val ds = delta.toDoubles()
            // Stride 1/s: zeros between the errors.
            val spread = stride * (r - 1) + 1
            val dilated =
                tensor(DType.F64, Shape.of(2, 4, spread, spread)) {
                    val (plane, row, column) = Triple(it / (spread * spread), it / spread % spread, it % spread)
                    val hit = row % stride == 0 && column % stride == 0
                    if (hit) ds[(plane * r + row / stride) * r + column / stride] else 0.0
                }
            // Depths transposed, weights rotated by half a turn.
            val rotated =
                tensor(DType.F64, Shape.of(3, 4, k, k)) {
                    val (c, f, p, q) = listOf(it / (4 * k * k), it / (k * k) % 4, it / k % k, it % k)
                    w.toDoubles()[((f * 3 + c) * k + k - 1 - p) * k + k - 1 - q]
                }
            val closed = Nn.conv2d(dilated, rotated, Conv2d.standard().padding(k - 1))
            distance(vjp.pullback().apply(delta), closed) shouldBeLessThan 1e-14
        }

        test("the shapes of LeNet-5, table 1") {
            val x = Tensor.zeros(DType.F32, 2, 1, 28, 28)
            val first = Nn.conv2d(x, Tensor.zeros(DType.F32, 6, 1, 5, 5))
            first.shape() shouldBe Shape.of(2, 6, 24, 24)
            val pooled = Nn.maxPool2d(first, Pool2d.of(2))
            pooled.shape() shouldBe Shape.of(2, 6, 12, 12)
            val second = Nn.conv2d(pooled, Tensor.zeros(DType.F32, 16, 6, 5, 5))
            second.shape() shouldBe Shape.of(2, 16, 8, 8)
            Nn.maxPool2d(second, Pool2d.of(2)).shape() shouldBe Shape.of(2, 16, 4, 4)
        }

        test("an affine map of the wrong size is refused by name") {
            shouldThrow<ShapeException> {
                Nn.linear(
                    Tensor.zeros(DType.F32, 2, 3),
                    Tensor.zeros(DType.F32, 4, 5),
                    Tensor.zeros(DType.F32, 5),
                )
            }.message shouldBe
                "linear: needs x [*, in], w [in, out] and b [out]; got x: [2, 3], w: [4, 5], b: [5]; " +
                "flatten x or give weights for its last axis"
        }
    })
