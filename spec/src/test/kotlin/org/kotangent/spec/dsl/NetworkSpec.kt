package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Applied
import org.kotangent.dsl.Checked
import org.kotangent.dsl.Context
import org.kotangent.dsl.Initialiser
import org.kotangent.dsl.Layer
import org.kotangent.dsl.NetworkScope
import org.kotangent.dsl.Outline
import org.kotangent.dsl.Parameter
import org.kotangent.dsl.Place
import org.kotangent.dsl.chain
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.ops.Key
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Random
import org.kotangent.ops.Shapes

class NetworkSpec :
    FunSpec({
        val key = Key.of(1)

        /** A small network with every kind of layer that has parameters, state or a key. */
        val small: NetworkScope.() -> Unit = {
            conv(3, kernel = 3); relu(); batchNorm(); maxPool(2)
            residual { conv(3, kernel = 3, padding = 1); batchNorm(); tanh() }
            flatten()
            dropout(0.25)
            dense(4)
        }
        val net = network(input(2, 8, 8), DType.F64, small).orThrow()
        val params = net.init(key)
        val images = Random.normal(Key.of(2), DType.F64, 5, 2, 8, 8)

        test("the LeNet-5 variant of Boué 2018 has 44,878 parameters") {
            val lenet = lenet()
            lenet.parameterCount shouldBe 44_878
            lenet.init(key).count() shouldBe 44_878
            val layers = lenet.summary().rows
            layers.map { it.parameters }.filter { it > 0 } shouldBe
                listOf<Long>(156, 12, 2_416, 32, 30_840, 240, 10_164, 168, 850)
            layers.filter { Regex("(conv|maxPool|flatten|dense).*").matches(it.path) }.map { it.output } shouldBe
                listOf(
                    Shape.of(6, 24, 24),
                    Shape.of(6, 12, 12),
                    Shape.of(16, 8, 8),
                    Shape.of(16, 4, 4),
                    Shape.of(256),
                    Shape.of(120),
                    Shape.of(84),
                    Shape.of(10),
                )
        }

        test("parameters and state are named by the paths of the layers") {
            val lenet = lenet()
            lenet.init(key).paths() shouldBe listOf(
                "conv1.weight", "conv1.bias", "batchNorm1.scale", "batchNorm1.shift",
                "conv2.weight", "conv2.bias", "batchNorm2.scale", "batchNorm2.shift",
                "dense1.weight", "dense1.bias", "batchNorm3.scale", "batchNorm3.shift",
                "dense2.weight", "dense2.bias", "batchNorm4.scale", "batchNorm4.shift",
                "dense3.weight", "dense3.bias",
            )
            lenet.state().paths() shouldBe (1..4).flatMap { listOf("batchNorm$it.mean", "batchNorm$it.variance") }
            net.state().paths() shouldBe listOf(
                "batchNorm1.mean",
                "batchNorm1.variance",
                "residual1.batchNorm1.mean",
                "residual1.batchNorm1.variance",
            )
            with(lenet.init(key)) {
                get("conv2.weight").shape() shouldBe Shape.of(16, 6, 5, 5)
                get("dense1.weight").shape() shouldBe Shape.of(256, 120)
            }
        }

        test("a network is a value") {
            network(input(2, 8, 8), DType.F64, small).orThrow() shouldBe net
            network(input(2, 8, 8), DType.F64, small).orThrow().hashCode() shouldBe net.hashCode()
            network(input(2, 8, 8), DType.F32, small).orThrow() shouldNotBe net
            network(input(2, 8, 10), DType.F64, small).orThrow() shouldNotBe net
            network(input(2, 8, 8), DType.F64) { small(); relu() }.orThrow() shouldNotBe net
        }

        test("the same key gives the same parameters, another key others") {
            net.init(key).contentEquals(params) shouldBe true
            net.init(Key.of(2))["dense1.weight"].contentEquals(params["dense1.weight"]) shouldBe false
        }

        test("adding a layer leaves the initial parameters of the others as they are") {
            val longer = network(input(2, 8, 8), DType.F64) {
                conv(3, kernel = 3); batchNorm(); leakyRelu(); dropout(0.1); maxPool(2)
                residual { conv(3, kernel = 3, padding = 1) }
                sigmoid(); flatten()
                dense(4); dense(7)
            }.orThrow().init(key)
            for (path in listOf("conv1.weight", "residual1.conv1.weight", "dense1.weight")) {
                longer[path].contentEquals(params[path]) shouldBe true
            }
        }

        test("layers of one shape start with different numbers") {
            val twins = network(input(8)) { dense(8); dense(8) }.orThrow().init(key)
            twins["dense1.weight"].contentEquals(twins["dense2.weight"]) shouldBe false
        }

        test("in inference every example is on its own and the state stays") {
            val applied = net.apply(params, net.state(), images, Context.inference)
            applied.state.contentEquals(net.state()) shouldBe true
            val rows = Shapes.split(images, IntArray(5) { 1 }, 0).map { net(params, net.state(), it) }
            (Shapes.concat(rows, 0) - applied.y).toDoubles().forEach { it shouldBe (0.0 plusOrMinus 1e-12) }
        }

        test("training is a pure function of parameters, state, batch and key") {
            val context = Context.training(Key.of(3))
            val (y, state) = net.apply(params, net.state(), images, context)
            val again = net.apply(params, net.state(), images, context)
            again.y.contentEquals(y) shouldBe true
            again.state.contentEquals(state) shouldBe true
            state.paths() shouldBe net.state().paths()
            state.contentEquals(net.state()) shouldBe false
            net.apply(params, net.state(), images, Context.training(Key.of(4))).y.contentEquals(y) shouldBe false
        }

        test("the gradient of a loss through a network is that of central differences") {
            val labels = Tensor.of(0, 1, 2, 3, 0)
            val context = Context.training(Key.of(3))

            fun loss(p: Params) = Loss.meanSoftmaxCrossEntropy(net.apply(p, net.state(), images, context).y, labels)
            val direction = params.map { Random.normal(Key.of(9), DType.F64, *it.shape().toArray()) }
            val h = 1e-6
            val slope = (loss(params + direction * h).item() - loss(params - direction * h).item()) / (2 * h)
            Ad.grad(::loss).apply(params).dot(direction).item() shouldBe (slope plusOrMinus 1e-6)
        }

        test("every type of number works") {
            for (dtype in listOf(DType.F32, DType.F64)) {
                val typed = lenet(dtype)
                val p = typed.init(key)
                p.tensors().forEach { it.dtype() shouldBe dtype }
                typed(p, typed.state(), Tensor.ones(dtype, 2, 1, 28, 28)).spec().toString() shouldBe
                    "${dtype.label()}[2, 10]"
            }
        }

        test("composition is associative, with the empty chain as identity") {
            val a = chain { dense(4); relu() }
            val b = chain { dense(5) }
            val c = chain { tanh(); dense(2) }
            ((a then b) then c) shouldBe (a then (b then c))
            (chain {} then a) shouldBe a
            (a then chain {}) shouldBe a
            (a then b then c).layers.map { it.name } shouldBe listOf("dense1", "relu1", "dense2", "tanh1", "dense3")
        }

        test("a network followed by another is the network of all layers") {
            val first = network(input(6)) { dense(4); relu() }.orThrow()
            val second = network(input(4)) { dense(2) }.orThrow()
            (first then second).orThrow() shouldBe network(input(6)) { dense(4); relu(); dense(2) }.orThrow()
            (second then first).leftOrNull()?.map { it.message } shouldBe listOf(
                "network (network [6] → [4]): input must be [6]; got [2] from network.dense1; " +
                    "build the network for this input",
            )
        }

        test("a network is a layer of another") {
            val encoder = network(input(6), DType.F64) { dense(4); batchNorm() }.orThrow()
            val whole = network(input(6), DType.F64) { add(encoder, name = "encoder"); dense(2) }.orThrow()
            val p = whole.init(key)
            p.paths() shouldBe listOf(
                "encoder.dense1.weight",
                "encoder.dense1.bias",
                "encoder.batchNorm1.scale",
                "encoder.batchNorm1.shift",
                "dense1.weight",
                "dense1.bias",
            )
            val x = Random.normal(key, DType.F64, 3, 6)
            val inner = encoder(p.under("encoder"), encoder.state(), x)
            val outer = whole(p, whole.state(), x)
            outer.contentEquals(Nn.linear(inner, p["dense1.weight"], p["dense1.bias"])) shouldBe true
        }

        test("a layer of a user's own has parameters, state and a name like any other") {
            val counting = network(input(3), DType.F64) { add(Counting()); dense(2); add(Counting()) }.orThrow()
            val p = counting.init(key)
            p.paths() shouldBe listOf("counting1.gain", "dense1.weight", "dense1.bias", "counting2.gain")
            val steps = generateSequence(counting.state()) { state ->
                counting.apply(p, state, Tensor.ones(DType.F64, 4, 3), Context.training(key)).state
            }
            steps.elementAt(3)["counting2.examples"].item() shouldBe 12.0
            counting.summary().rows.map { it.parameters } shouldBe listOf(1L, 8L, 1L)
        }

        context("what a network is not given in the right form is an error") {
            val state = net.state()
            test("an example without a batch axis") {
                shouldThrow<ShapeException> { net(params, state, Tensor.zeros(DType.F64, 2, 8, 8)) }.message shouldBe
                    "network: x must be a batch of examples of shape [2, 8, 8]; got x: f64[2, 8, 8]; " +
                    "give it the shape [1, 2, 8, 8] for one example"
            }
            test("another type") {
                shouldThrow<DTypeException> { net(params, state, images.to(DType.F32)) }.message shouldBe
                    "network: x must have the network's type f64; got x: f32[5, 2, 8, 8]; convert it with to(DType.F64)"
            }
            test("no state") {
                shouldThrow<DomainException> { net(params, images) }.message shouldBe
                    "network: state must be those of this network, ${net.state().paths()}; got []; make them with state()"
            }
            test("parameters of another network") {
                val other = network(input(6)) { dense(4) }.orThrow()
                shouldThrow<ShapeException> {
                    network(input(3)) { dense(4) }.orThrow()(other.init(key), Tensor.zeros(DType.F32, 1, 3))
                }.message shouldBe
                    "network: params must have the shapes of this network; got dense1.weight: [6, 4] for [3, 4]; " +
                    "make them with init(key)"
            }
        }
    })

/** Multiplies by a number and counts the examples it was trained with. */
private class Counting : Layer {
    override val kind: String get() = "counting"

    override fun check(input: Outline, at: Place): Checked = Checked(emptyList(), input)

    override fun parameters(input: Shape) = listOf(Parameter("gain", Shape.scalar(), Initialiser.ones))

    override fun state(input: Shape) = listOf(Parameter("examples", Shape.scalar()))

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied {
        val seen = if (context.training) x.dim(0) else 0
        return Applied(x * params["gain"], state.map { it + seen.toDouble() })
    }
}
