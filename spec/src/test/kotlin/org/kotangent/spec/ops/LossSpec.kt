package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import java.util.Random
import kotlin.math.exp
import kotlin.math.ln
import kotlin.math.ln1p

private const val INF = Double.POSITIVE_INFINITY

private fun labels(seed: Long, classes: Int, vararg dims: Int): Tensor {
    val source = Random(seed)
    val shape = Shape.of(*dims)
    return Tensor.of(shape, *IntArray(shape.size()) { source.nextInt(classes) })
}

class LossSpec :
    FunSpec({
        test("cross-entropy is −ln softmax at the label, for vectors and for fields") {
            checkAll(
                30,
                Arb.element(intArrayOf(5, 4), intArrayOf(3, 4, 6), intArrayOf(2, 4, 3, 2)),
                Arb.element(floating),
            ) {
                    dims,
                    type,
                ->
                val x = random(1, type, *dims)
                val each = x.shape().drop(1)
                val target = labels(2, dims[1], *each.toArray())
                val logs = Nn.logSoftmax(x, 1).toDoubles()
                val inner = x.size() / dims[0] / dims[1]
                val y =
                    tensor(type, each) {
                        -logs[(it / inner * dims[1] + target.toInts()[it]) * inner + it % inner]
                    }
                Loss.softmaxCrossEntropy(x, target).shouldBeNear(y)
                Loss.softmaxCrossEntropy(x, Nn.oneHot(target, dims[1], type)).shouldBeNear(y)
                Loss.meanSoftmaxCrossEntropy(x, target).item() near (y.toDoubles().average() within rounding(type))
            }
        }

        test("its gradient is softmax − one-hot (Boué §3), from labels and from one-hot targets") {
            checkAll(20, Arb.element(floating), Arb.long()) { type, seed ->
                val x = random(seed, type, 6, 5)
                val target = labels(seed, 5, 6)
                val oneHot = Nn.oneHot(target, 5, type)
                val closed = Nn.softmax(x, 1).minus(oneHot).div(6.0)
                Ad.grad<Tensor> { Loss.meanSoftmaxCrossEntropy(it, target) }.apply(x).shouldBeNear(closed)
                Ad.grad<Tensor> { Loss.meanSoftmaxCrossEntropy(it, oneHot) }.apply(x).shouldBeNear(closed)
            }
        }

        test("derivatives to the second order, in scores and in soft targets") {
            checkAll(5, Arb.long()) { seed ->
                val x = random(seed, DType.F64, 3, 4, 2)
                val target = labels(seed, 4, 3, 2)
                shouldObeyCalculus(seed, listOf(x)) { (t) -> Loss.softmaxCrossEntropy(t, target) }
                val soft = Nn.softmax(random(seed + 1, DType.F64, 3, 4, 2), 1).times(1.5)
                shouldObeyCalculus(seed, listOf(x, soft)) { (t, p) -> Loss.softmaxCrossEntropy(t, p) }
            }
        }

        test("stable at ±1e4 and ±∞") {
            for (type in floating) {
                val x = tensor(type, Shape.of(2, 2)) { if (it == 0 || it == 3) 1e4 else -1e4 }
                Loss.softmaxCrossEntropy(x, Tensor.of(0, 0)).shouldHold(0.0, 2e4)
                Ad
                    .grad<Tensor> { sumOf(Loss.softmaxCrossEntropy(it, Tensor.of(0, 0))) }
                    .apply(x)
                    .shouldHold(0.0, 0.0, -1.0, 1.0)
                val impossible = tensor(type, Shape.of(3, 2)) { listOf(-INF, 0.0, -INF, 0.0, INF, 0.0)[it] }
                Loss.softmaxCrossEntropy(impossible, Tensor.of(1, 0, 0)).shouldHold(0.0, INF, 0.0)
                val oneHot = Nn.oneHot(Tensor.of(1, 0, 0), 2, type)
                Loss.softmaxCrossEntropy(impossible, oneHot).shouldHold(0.0, INF, 0.0)
                Ad
                    .grad<Tensor> { sumOf(Loss.softmaxCrossEntropy(it, oneHot)) }
                    .apply(impossible)
                    .shouldHold(0.0, 0.0, -1.0, 1.0, 0.0, 0.0)
            }
        }

        test("numbers of the texts") {
            val scores = tensor(DType.F64, Shape.of(1, 3)) { listOf(-4.0, 8.0, 4.0)[it] }
            Loss.softmaxCrossEntropy(scores, Tensor.of(1)).item() near (0.0181559616 within 1e-10)
            Loss.softmaxCrossEntropy(scores, Tensor.of(2)).item() near (4.0181559616 within 1e-10)
            val two = tensor(DType.F64, Shape.of(1, 2)) { listOf(8.0, 24.0)[it] }
            Loss.softmaxCrossEntropy(two, Tensor.of(1)).item() near (1.1253516838717682e-7 within 1e-22)
            // softmax − one-hot keeps its digits although the label is almost certain.
            val rest = exp(-16.0) / (1 + exp(-16.0))
            val gradient = Ad.grad<Tensor> { Loss.meanSoftmaxCrossEntropy(it, Tensor.of(1)) }.apply(two)
            gradient.toDoubles().zip(listOf(rest, -rest)) { a, b -> a near (b within 1e-22) }
        }

        test("squared error and its mean") {
            for (type in floating) {
                val a = vector(type, 1.0, -2.0, 0.5)
                val b = vector(type, 3.0, -2.0, 1.0)
                Loss.squaredError(a, b).shouldHold(4.0, 0.0, 0.25)
                Loss.meanSquaredError(a, b).item() near (4.25 / 3 within rounding(type))
            }
            shouldObeyCalculus(1, listOf(random(1, DType.F64, 2, 3), random(2, DType.F64, 2, 3))) { (p, t) ->
                Loss.squaredError(p, t)
            }
        }

        test("binary cross-entropy with logits is its definition, with gradient σ(z) − t") {
            for (type in floating) {
                for (z in listOf(-3.0, -0.5, 0.0, 0.5, 3.0)) {
                    for (t in listOf(0.0, 0.25, 1.0)) {
                        val sigma = 1 / (1 + exp(-z))
                        val y = -t * ln(sigma) - (1 - t) * ln1p(-sigma)
                        val target = number(type, t)
                        withClue("z = $z, t = $t") {
                            Loss.binaryCrossEntropyWithLogits(number(type, z), target).item() near
                                (y within rounding(type))
                            slope(number(type, z)) { Loss.binaryCrossEntropyWithLogits(it, target) } near
                                (sigma - t within rounding(type))
                            curvature(number(type, z)) { Loss.binaryCrossEntropyWithLogits(it, target) } near
                                (sigma * (1 - sigma) within 4 * rounding(type))
                            slope(target) { Loss.binaryCrossEntropyWithLogits(number(type, z), it) } near
                                (-z within rounding(type))
                        }
                    }
                }
            }
            shouldObeyCalculus(2, listOf(random(1, DType.F64, 4), random(2, DType.F64, 4))) { (z, t) ->
                Loss.binaryCrossEntropyWithLogits(z, t)
            }
        }

        test("binary cross-entropy is stable at ±1e4 and ±∞, derivatives too") {
            for (type in floating) {
                val z = vector(type, 1e4, -1e4, 1e4, -1e4, INF, -INF, INF, -INF)
                val t = vector(type, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0)
                Loss.binaryCrossEntropyWithLogits(z, t).shouldHold(0.0, 0.0, 1e4, 1e4, 0.0, 0.0, INF, INF)
                val f = { x: Tensor -> sumOf(Loss.binaryCrossEntropyWithLogits(x, t)) }
                Ad.grad<Tensor>(f).apply(z).shouldHold(0.0, 0.0, 1.0, -1.0, 0.0, 0.0, 1.0, -1.0)
                Ad.hvp(f, z, Tensor.ones(type, 8)).shouldHold(*DoubleArray(8))
            }
            Loss.meanBinaryCrossEntropyWithLogits(vector(DType.F64, 0.0, 0.0), vector(DType.F64, 0.0, 1.0)).item() near
                (ln(2.0) within 1e-15)
        }

        test("errors name the operation, the position and the remedy") {
            val scores = Tensor.zeros(DType.F32, 4, 10)
            shouldThrow<DomainException> { Loss.softmaxCrossEntropy(scores, Tensor.of(1, 2, 9, 12)) }.message shouldBe
                "softmaxCrossEntropy: labels must lie in [0, 10); got labels[3]: 12; number the classes from 0"
            shouldThrow<DomainException> {
                Loss.softmaxCrossEntropy(Tensor.zeros(DType.F32, 1, 3, 2), Tensor.of(Shape.of(1, 2), 0, -1))
            }.message shouldBe
                "softmaxCrossEntropy: labels must lie in [0, 3); got labels[0, 1]: -1; number the classes from 0"
            shouldThrow<ShapeException> { Loss.softmaxCrossEntropy(scores, Tensor.of(1, 2)) }.message shouldBe
                "softmaxCrossEntropy: needs one label of type i32 for every example; " +
                "got scores: f32[4, 10], labels: i32[2]; use labels i32[4]"
            shouldThrow<ShapeException> { Loss.softmaxCrossEntropy(scores, Tensor.of(1f, 2f)) }.message shouldBe
                "softmaxCrossEntropy: targets must be labels of type i32 or have the shape of the scores; " +
                "got scores: f32[4, 10], targets: f32[2]; use labels i32[4] or targets [4, 10]"
            shouldThrow<ShapeException> { Loss.softmaxCrossEntropy(Tensor.of(1f), Tensor.of(0)) }.message shouldBe
                "softmaxCrossEntropy: needs scores [n, classes, …]; got scores: [1]; add the missing axes"
            shouldThrow<ShapeException> { Loss.meanSquaredError(Tensor.of(1f), scores) }.message shouldBe
                "squaredError: shapes must be equal; got prediction: [1], target: [4, 10]; reshape one of them"
            shouldThrow<DTypeException> {
                Loss.softmaxCrossEntropy(scores, Tensor.zeros(DType.F64, 4, 10))
            }.message shouldBe
                "softmaxCrossEntropy: operands must have one floating type; " +
                "got scores: f32[4, 10], targets: f64[4, 10]; convert with to(DType.F32)"
        }
    })
