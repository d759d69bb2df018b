package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThanOrEqual
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.boolean
import io.kotest.property.arbitrary.choice
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import org.kotangent.ad.AdException
import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Activation
import org.kotangent.dsl.AvgPool
import org.kotangent.dsl.BatchNorm
import org.kotangent.dsl.Chain
import org.kotangent.dsl.Context
import org.kotangent.dsl.Conv
import org.kotangent.dsl.Dense
import org.kotangent.dsl.Dropout
import org.kotangent.dsl.Fans
import org.kotangent.dsl.Flatten
import org.kotangent.dsl.Initialiser
import org.kotangent.dsl.Layer
import org.kotangent.dsl.LeakyRelu
import org.kotangent.dsl.MaxPool
import org.kotangent.dsl.Outline
import org.kotangent.dsl.Place
import org.kotangent.dsl.Relu
import org.kotangent.dsl.Residual
import org.kotangent.dsl.Sigmoid
import org.kotangent.dsl.Sliding
import org.kotangent.dsl.Softmax
import org.kotangent.dsl.Softplus
import org.kotangent.dsl.Tanh
import org.kotangent.dsl.Window
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.ops.Random
import kotlin.math.abs
import kotlin.math.sqrt

class LayerSpec :
    FunSpec({
        val key = Key.of(1)
        val place = Place("network.layer", "network.input")

        fun normal(vararg sizes: Int) = Random.normal(Key.of(2), DType.F64, *sizes)

        /** The layer's value with its initial parameters. */
        fun Layer.of(x: Tensor, context: Context = Context.inference): Tensor {
            val input = x.shape().drop(0)
            return apply(init(key, input, DType.F64), initState(input, DType.F64), x, context).y
        }

        infix fun Tensor.shouldBeNear(other: Tensor) {
            shape() shouldBe other.shape()
            toDoubles().zip(other.toDoubles()).forEach { (a, b) -> a shouldBe (b plusOrMinus 1e-12) }
        }

        val window = windows(size = 4, stride = 3, padding = 2, dilation = 3)
        val filter: Arb<Layer> = Arb.choice(
            arbitrary { Conv(Arb.int(1..4).bind(), window.bind(), Arb.int(1..3).bind(), Arb.boolean().bind()) },
            arbitrary { MaxPool(window.bind()) },
            arbitrary { AvgPool(window.bind(), Arb.boolean().bind()) },
        )
        val layer: Arb<Layer> = Arb.choice(
            filter,
            arbitrary { Dense(Arb.int(1..4).bind(), Arb.boolean().bind()) },
            arbitrary { BatchNorm() },
            arbitrary { Flatten },
            arbitrary { Softmax(Arb.list(Arb.int(0..2), 1..3).bind()) },
            arbitrary { Residual(Chain.of(Conv(Arb.int(1..4).bind(), window.bind()))) },
            arbitrary { Dropout(0.5) },
            arbitrary { listOf(Relu, LeakyRelu(), Sigmoid, Tanh, Softplus)[Arb.int(0..4).bind()] },
        )
        val image = arbitrary { Shape.of(*Arb.list(Arb.int(1..7), 3..3).bind().toIntArray()) }
        val shape = arbitrary { Shape.of(*Arb.list(Arb.int(1..7), 1..3).bind().toIntArray()) }

        test("a layer whose check finds nothing computes, and gives the shape the check says") {
            var accepted = 0
            checkAll(2000, layer, shape) { any, input ->
                val (errors, output) = any.check(Outline.of(input), place)
                if (errors.isEmpty()) {
                    accepted++
                    for (context in listOf(Context.inference, Context.training(key))) {
                        any.of(normal(2, *input.toArray()), context).shape() shouldBe output.shape()!!.insert(0, 2)
                    }
                }
            }
            accepted shouldBeGreaterThan 500
        }

        test("a check refuses no image that a filter could be used on") {
            checkAll(1000, filter, image) { any, input ->
                val (errors, _) = any.check(Outline.of(input), place)
                if (errors.isNotEmpty()) shouldThrow<AdException> { any.of(normal(2, *input.toArray())) }
            }
        }

        test("what a check says without knowing the input holds for every input it accepts") {
            checkAll(500, layer, shape) { any, input ->
                val known = any.check(Outline.of(input), place)
                if (known.errors.isEmpty()) {
                    val hidden = Outline.Sizes(List(input.rank()) { null })
                    for (less in listOf(Outline.Unknown, hidden)) {
                        val (errors, output) = any.check(less, place)
                        errors shouldBe emptyList()
                        output.mayEqual(known.output) shouldBe true
                    }
                }
            }
        }

        test("dense is x·W + b with W: [in, out]") {
            val x = normal(3, 5)
            val params = Params.of(mapOf("weight" to normal(5, 2), "bias" to normal(2)))
            Dense(2).apply(params, Params.of(), x, Context.inference).y shouldBeNear
                (Linalg.matmul(x, params["weight"]) + params["bias"])
            Dense(2, bias = false).init(key, Shape.of(5), DType.F64).paths() shouldBe listOf("weight")
        }

        test("conv pads each side by itself") {
            val x = normal(2, 4, 6, 7)
            val layer =
                Conv(6, Window(Sliding(3, stride = 2, before = 1), Sliding(2, after = 2, dilation = 3)), groups = 2)
            val params = layer.init(key, Shape.of(4, 6, 7), DType.F64)
            params["weight"].shape() shouldBe Shape.of(6, 2, 3, 2)
            val sliding = Conv2d.standard().stride(2, 1).padding(1, 0, 0, 2).dilation(1, 3).groups(2)
            layer.of(x).contentEquals(Nn.conv2d(x, params["weight"], sliding) + 0.0) shouldBe true
        }

        test("pools move by the size of their window unless told otherwise") {
            lenet().summary().rows.first { it.path == "maxPool1" }.output shouldBe Shape.of(6, 12, 12)
            val x = Tensor.of(Shape.of(1, 1, 2, 4), 1.0, 2.0, 5.0, 6.0, 3.0, 4.0, 7.0, 9.0)
            MaxPool(Window(2, stride = 2)).of(x).toDoubles() shouldBe doubleArrayOf(4.0, 9.0)
            AvgPool(Window(2, stride = 2)).of(x).toDoubles() shouldBe doubleArrayOf(2.5, 6.75)
            MaxPool(Window(2)).of(x).shape() shouldBe Shape.of(1, 1, 1, 3)
        }

        test("activations are the functions they are named for") {
            val x = Tensor.of(Shape.of(1, 3), -1.0, 0.0, 2.0)
            fun at(f: Activation, vararg expected: Double) =
                f.of(x).toDoubles().zip(expected.toList()).forEach { (a, b) -> a shouldBe (b plusOrMinus 1e-12) }
            at(Relu, 0.0, 0.0, 2.0)
            at(LeakyRelu(0.1), -0.1, 0.0, 2.0)
            at(Sigmoid, 0.2689414213699951, 0.5, 0.8807970779778823)
            at(Tanh, -0.7615941559557649, 0.0, 0.9640275800758169)
            at(Softplus, 0.31326168751822286, 0.6931471805599453, 2.1269280110429727)
        }

        test("softmax is a distribution over features, or over the chosen axes") {
            val x = normal(2, 3, 4)
            Softmax().of(x) shouldBeNear Nn.softmax(x, 1)
            Softmax(listOf(0, 1)).of(x) shouldBeNear Nn.softmax(x, 1, 2)
        }

        context("batch normalisation") {
            val layer = BatchNorm(momentum = 0.25)
            val x = normal(6, 3, 4, 5) * 2.0 + 1.0
            val input = Shape.of(3, 4, 5)
            val params = layer.init(key, input, DType.F64)
            val statistics = Nn.batchNorm(x, params["scale"], params["shift"], 1e-5)

            test("starts as the identity up to eps") {
                layer.of(x) shouldBeNear x / sqrt(1 + 1e-5)
            }
            test("uses the statistics of the batch in training") {
                layer.of(x, Context.training(key)).contentEquals(statistics.y()) shouldBe true
            }
            test("moves its state towards the batch by the momentum, with the population variance") {
                val before = Params.of(mapOf("mean" to normal(3), "variance" to normal(3) + 5.0))
                val (_, after) = layer.apply(params, before, x, Context.training(key))
                after["mean"] shouldBeNear (before["mean"] * 0.75 + statistics.mean() * 0.25)
                after["variance"] shouldBeNear (before["variance"] * 0.75 + statistics.variance() * 0.25)
            }
            test("uses its state in inference, and in the limit normalises a batch seen again and again") {
                val steps = generateSequence(layer.initState(input, DType.F64)) { state ->
                    layer.apply(params, state, x, Context.training(key)).state
                }
                val settled = steps.elementAt(200)
                layer.apply(params, settled, x, Context.inference).y shouldBeNear statistics.y()
            }
            test("normalises each feature of a vector") {
                val y = layer.of(normal(100, 2), Context.training(key))
                val (first, second) = y.toDoubles().toList().chunked(2).let { rows ->
                    rows.map { it[0] } to
                        rows.map { it[1] }
                }
                for (feature in listOf(first, second)) {
                    feature.average() shouldBe (0.0 plusOrMinus 1e-12)
                    feature.sumOf { it * it } / 100 shouldBe (1.0 plusOrMinus 1e-4)
                }
            }
        }

        context("dropout") {
            val x = Tensor.ones(DType.F64, 100, 100)
            val layer = Dropout(0.3)
            test("is the identity in inference") { layer.of(x).contentEquals(x) shouldBe true }
            test("drops by the key in training and keeps the mean") {
                val y = layer.of(x, Context.training(key))
                y.toDoubles().forEach { it shouldBeIn listOf(0.0, 1 / 0.7) }
                y.toDoubles().average() shouldBe (1.0 plusOrMinus 0.02)
                layer.of(x, Context.training(key)).contentEquals(y) shouldBe true
                layer.of(x, Context.training(Key.of(2))).contentEquals(y) shouldBe false
            }
            test("drops something else in every layer of a network") {
                val twice = Chain.of(Dropout(0.5), Dropout(0.5)).of(x, Context.training(key))
                twice.toDoubles().count { it != 0.0 }.toDouble() shouldBe (2500.0 plusOrMinus 200.0)
            }
        }

        test("a residual adds its body to x, or to what the shortcut makes of it") {
            val x = normal(2, 3)
            val body = Chain.of(Dense(3))
            val params = Residual(body).init(key, Shape.of(3), DType.F64)
            Residual(body).of(x) shouldBeNear (x + Nn.linear(x, params["dense1.weight"], params["dense1.bias"]))
            val wide = Residual(Chain.of(Dense(4)), Chain.of(Dense(4, bias = false)))
            val both = wide.init(key, Shape.of(3), DType.F64)
            both.paths() shouldBe listOf("dense1.weight", "dense1.bias", "shortcut.dense1.weight")
            wide.of(x) shouldBeNear
                (
                    Nn.linear(x, both["dense1.weight"], both["dense1.bias"]) +
                        Linalg.matmul(x, both["shortcut.dense1.weight"])
                    )
        }

        test("initialisers draw with the variance they promise") {
            val spec = Spec.of(DType.F64, 300, 200)
            val fans = Fans(input = 300, output = 200)
            for ((initialiser, variance, bound) in listOf(
                Triple(Initialiser.fanInUniform, 1.0 / 900, sqrt(1.0 / 300)),
                Triple(Initialiser.heUniform, 2.0 / 300, sqrt(6.0 / 300)),
                Triple(Initialiser.heNormal, 2.0 / 300, Double.MAX_VALUE),
                Triple(Initialiser.glorotUniform, 2.0 / 500, sqrt(6.0 / 500)),
                Triple(Initialiser.glorotNormal, 2.0 / 500, Double.MAX_VALUE),
            )) {
                val numbers = initialiser.sample(key, spec, fans).toDoubles()
                numbers.average() shouldBe (0.0 plusOrMinus 0.001)
                numbers.sumOf { it * it } / numbers.size shouldBe (variance plusOrMinus variance / 30)
                numbers.forEach { abs(it) shouldBeLessThanOrEqual bound }
            }
        }

        test("weights start by the numbers they connect, biases at zero") {
            val params = Conv(8, Window(5), groups = 2).init(key, Shape.of(4, 9, 9), DType.F64)
            val bound = sqrt(1.0 / (5 * 5 * 2))
            params["weight"].toDoubles().maxOf { abs(it) } shouldBe (bound plusOrMinus bound / 50)
            params["bias"].toDoubles().toSet() shouldBe setOf(0.0)
        }
    })
