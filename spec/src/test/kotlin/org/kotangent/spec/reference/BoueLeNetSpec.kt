package org.kotangent.spec.reference

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Context
import org.kotangent.dsl.grad
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.dsl.times
import org.kotangent.ops.Key
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Random
import org.kotangent.ops.Reduce

/** L. Boué, *Deep learning for pedestrians* (2018), §1: tables 1 and 2, and training as a left fold. */
class BoueLeNetSpec :
    FunSpec({
        val lenet =
            network(input(1, 28, 28)) {
                conv(6, kernel = 5); relu(); batchNorm(); maxPool(2)
                conv(16, kernel = 5); relu(); batchNorm(); maxPool(2)
                flatten()
                dense(120); relu(); batchNorm()
                dense(84); relu(); batchNorm()
                dense(10)
            }.orThrow()

        test("table 1: the shape after every layer") {
            val (first, pooled1) = Shape.of(6, 24, 24) to Shape.of(6, 12, 12)
            val (second, pooled2) = Shape.of(16, 8, 8) to Shape.of(16, 4, 4)
            lenet.summary().rows.map { it.output } shouldBe
                listOf(first, first, first, pooled1, second, second, second, pooled2) +
                listOf(256, 120, 120, 120, 84, 84, 84, 10).map { Shape.of(it) }
        }

        test("table 1: a batch of n images gives n distributions over 10 classes") {
            val images = Random.normal(Key.of(1), DType.F32, 5, 1, 28, 28)
            val predicted = Nn.softmax(lenet(lenet.init(Key.of(2)), lenet.state(), images), 1)
            predicted.shape() shouldBe Shape.of(5, 10)
            Reduce.sum(predicted, 1).shouldHold(List(5) { 1.0 }, 1e-6)
        }

        test("table 2: 156 + 12 + 2,416 + 32 + 30,840 + 240 + 10,164 + 168 + 850 = 44,878 parameters") {
            val expected = listOf<Long>(156, 12, 2_416, 32, 30_840, 240, 10_164, 168, 850)
            val params = lenet.init(Key.of(1))
            params.paths().map { it.substringBefore('.') }.distinct().map { params.under(it).count() } shouldBe expected
            lenet.summary().rows.map { it.parameters }.filter { it > 0 } shouldBe expected
            listOf(params.count(), lenet.parameterCount, lenet.summary().parameters).toSet() shouldBe setOf(44_878L)
        }

        context("training is foldl (\\P D → P − λ·B(P, D)) P_initial D_training") {
            val batches =
                List(6) { i ->
                    val images = Random.normal(Key.of(10L + i), DType.F32, 4, 1, 28, 28)
                    images to Tensor.of(i % 10, (i + 3) % 10, (i + 6) % 10, (i + 9) % 10)
                }

            fun loss(p: Params, batch: Pair<Tensor, Tensor>): Tensor {
                val scores = lenet.apply(p, lenet.state(), batch.first, Context.training(Key.of(0))).y
                return Loss.meanSoftmaxCrossEntropy(scores, batch.second)
            }
            val rate = 0.05
            val initial = lenet.init(Key.of(3))

            fun train(start: Params, data: List<Pair<Tensor, Tensor>>) =
                data.fold(start) { p, batch -> p - rate * grad(p) { loss(it, batch) } }

            test("a step lowers the loss of its batch") {
                val after = train(initial, batches.take(1))
                loss(after, batches[0]).item() shouldBeLessThan loss(initial, batches[0]).item()
            }

            test("folding over xs ++ ys is folding over ys what folding over xs gave, bit for bit") {
                train(train(initial, batches.take(2)), batches.drop(2)).contentEquals(train(initial, batches)) shouldBe
                    true
            }

            test(
                "equation 2: the gradient of a batch is the mean of the gradients of its samples, without batch statistics",
            ) {
                val plain = network(input(6), DType.F64) { dense(5); relu(); dense(4) }.orThrow()
                val p = plain.init(Key.of(4))
                val x = Random.normal(Key.of(5), DType.F64, 3, 6)
                val labels = listOf(2, 0, 3)

                fun gradient(rows: Tensor, target: List<Int>) = grad(p) {
                    Loss.meanSoftmaxCrossEntropy(plain(it, plain.state(), rows), Tensor.of(*target.toIntArray()))
                }
                val each = (0..2).map { gradient(matrix(x.list().subList(6 * it, 6 * it + 6)), listOf(labels[it])) }
                val mean = (each[0] + each[1] + each[2]) * (1 / 3.0)
                gradient(x, labels).tensors().zip(mean.tensors()).forEach { (a, b) -> a shouldAgreeWith b }
            }
        }
    })
