package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Dense
import org.kotangent.dsl.Initialiser
import org.kotangent.dsl.Input
import org.kotangent.dsl.ModelException
import org.kotangent.dsl.NetworkScope
import org.kotangent.dsl.Parameter
import org.kotangent.dsl.Sliding
import org.kotangent.dsl.Window
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow

class ModelErrorSpec :
    FunSpec({
        fun errors(input: Input, dtype: DType = DType.F32, layers: NetworkScope.() -> Unit): List<String> =
            network(input, dtype, layers).leftOrNull().orEmpty().map { it.message }

        test("an input that is too small names the layer, both shapes, where the input comes from and the remedy") {
            errors(input(1, 10, 10)) {
                conv(6, kernel = 5); maxPool(2)
                conv(16, kernel = 5)
            } shouldBe listOf(
                "network.conv2 (conv 6→16, k5): input must be at least 5×5; got [6, 3, 3] from network.maxPool1; " +
                    "use a smaller kernel or padding",
            )
        }

        test("three independent mistakes are three errors, and nothing else is said") {
            errors(input(1, 28, 28)) {
                conv(6, kernel = 0); relu(); batchNorm(); maxPool(2)
                conv(16, kernel = 5); relu(); batchNorm(eps = 0.0); maxPool(2)
                dense(120); relu(); batchNorm()
                dense(10)
            } shouldBe listOf(
                "network.conv1 (conv 1→6, k0): kernel must be positive; got kernel: 0; use at least 1",
                "network.batchNorm2 (batchNorm 16): eps must be positive; got eps: 0.0; use a small number like 1e-5",
                "network.dense1 (dense ?→120): input must be a vector; got [16, ?, ?] from network.maxPool2; " +
                    "put flatten() before it",
            )
        }

        test("wrong arguments are found behind a layer of which nothing is known") {
            errors(input(4)) {
                layer("broken") { x -> x + Tensor.ones(DType.F32, 3) }
                dropout(1.0)
                dense(-1)
            }.map { it.substringBefore(':') } shouldBe
                listOf("network.broken1 (broken)", "network.dropout1 (dropout 1.0)", "network.dense1 (dense ?→-1)")
        }

        test("an error behind a layer with an error does not depend on it") {
            errors(input(1, 28, 28)) {
                conv(6, kernel = 5, stride = 0); conv(16, kernel = 5); flatten(); dense(10)
            } shouldBe
                listOf("network.conv1 (conv 1→6, k5, s0): stride must be positive; got stride: 0; use at least 1")
            errors(input(784)) { conv(6, kernel = 5); flatten(); dense(10) } shouldBe listOf(
                "network.conv1 (conv ?→6, k5): input must be [channels, height, width]; " +
                    "got [784] from network.input; use it on images, before flatten()",
            )
        }

        context("every wrong argument is an error of its own") {
            suspend fun one(
                name: String,
                message: String,
                input: Input = input(4, 9, 9),
                layer: NetworkScope.() -> Unit,
            ) = test(name) { errors(input, layers = layer) shouldBe listOf("network.$message") }

            one("channels", "conv1 (conv 4→0, k3): channels must be positive; got channels: 0; use at least 1") {
                conv(0, kernel = 3)
            }
            one("kernel", "conv1 (conv 4→2, k3×0): kernel must be positive; got kernel: 3×0; use at least 1") {
                conv(2, kernel = 3 to 0)
            }
            one("dilation", "conv1 (conv 4→2, k3, d0): dilation must be positive; got dilation: 0; use at least 1") {
                conv(2, kernel = 3, dilation = 0)
            }
            one(
                "padding",
                "conv1 (conv 4→2, k3, p(0, -1)×(0, 0)): padding must not be negative; " +
                    "got padding: (0, -1)×(0, 0); use 0 or more",
            ) { conv(2, Window(Sliding(3, after = -1), Sliding(3))) }
            one(
                "groups of filters",
                "conv1 (conv 4→3, k3, g2): groups must divide the channels; got channels: 3, groups: 2; " +
                    "use a divisor of 3",
            ) { conv(3, kernel = 3, groups = 2) }
            one(
                "groups of the input",
                "conv1 (conv 4→3, k3, g3): groups must divide the input's channels; " +
                    "got [4, 9, 9] from network.input; use a divisor of 4 instead of 3",
            ) { conv(3, kernel = 3, groups = 3) }
            one("window", "maxPool1 (maxPool k0, s1): window must be positive; got window: 0; use at least 1") {
                maxPool(0, stride = 1)
            }
            one("stride", "avgPool1 (avgPool k2, s0): stride must be positive; got stride: 0; use at least 1") {
                avgPool(2, stride = 0)
            }
            one(
                "padding of a pool",
                "maxPool1 (maxPool k2, p2): every window must see more than padding; " +
                    "got [4, 9, 9] from network.input; use less padding",
            ) { maxPool(2, padding = 2) }
            one(
                "momentum",
                "batchNorm1 (batchNorm 4): momentum must lie in [0, 1]; got momentum: 1.1; " +
                    "use the weight of a new batch, like 0.1",
            ) { batchNorm(momentum = 1.1) }
            one(
                "eps",
                "batchNorm1 (batchNorm 4): eps must be positive; got eps: NaN; use a small number like 1e-5",
            ) { batchNorm(eps = Double.NaN) }
            one(
                "slope",
                "leakyRelu1 (leakyRelu NaN): slope must be finite; got slope: NaN; use a small number like 0.01",
            ) { leakyRelu(Double.NaN) }
            one(
                "rate",
                "dropout1 (dropout -0.5): rate must lie in [0, 1); got rate: -0.5; use the probability of being dropped",
            ) { dropout(-0.5) }
            one(
                "axes that are not there",
                "softmax1 (softmax): input must have the axes [0, 3]; got [4, 9, 9] from network.input; " +
                    "count the axes of one example from 0",
            ) { softmax(0, 3) }
            one(
                "an axis named twice",
                "softmax1 (softmax): axes must be different numbers from 0; got axes: [1, 1]; " +
                    "name each axis of an example once",
            ) { softmax(1, 1) }
            one("units", "dense1 (dense 4→0): units must be positive; got units: 0; use at least 1", input(4)) {
                dense(0)
            }
        }

        test("several wrong arguments of a layer are all reported") {
            errors(input(1, 5, 5)) { conv(0, kernel = -1, stride = 0, padding = -1, dilation = 0) }.size shouldBe 5
        }

        test("an input that makes no sense is an error, and the layers are checked all the same") {
            errors(input(1, 0, 28), DType.I32) { conv(6, kernel = 5); dense(10) } shouldBe listOf(
                "network.input (input 1×0×28): sizes must be positive; got [1, 0, 28]; use at least 1",
                "network.input (input 1×0×28): the element type must be floating; got i32; use DType.F32 or DType.F64",
                "network.dense1 (dense ?→10): input must be a vector; got [6, ?, 24] from network.conv1; " +
                    "put flatten() before it",
            )
        }

        test("a residual must keep the shape, and errors inside it carry its path") {
            errors(input(4, 8, 8)) { residual { conv(4, kernel = 3) } } shouldBe listOf(
                "network.residual1 (residual): body and shortcut must give the same shape; " +
                    "got body: [4, 6, 6], shortcut: [4, 8, 8]; keep the shape in the body or convert it in a shortcut",
            )
            errors(input(4, 8, 8)) {
                residual(name = "stage", shortcut = {
                    conv(8, kernel = 0)
                }) { conv(8, kernel = 9); conv(8, kernel = 1) }
                conv(2, kernel = 9)
            } shouldBe listOf(
                "network.stage.conv1 (conv 4→8, k9): input must be at least 9×9; got [4, 8, 8] from network.input; " +
                    "use a smaller kernel or padding",
                "network.stage.shortcut.conv1 (conv 4→8, k0): kernel must be positive; got kernel: 0; use at least 1",
            )
            errors(input(3)) { residual { add(Dense(3), name = "shortcut") } } shouldBe listOf(
                "network.residual1 (residual): a layer of the body must not be named shortcut; got shortcut; " +
                    "use another name",
            )
        }

        test("names must differ and have no dots") {
            errors(input(4)) { dense(4, name = "relu1"); relu(); tanh(); dense(2, name = "out.put") } shouldBe listOf(
                "network.relu1 (dense): a name must be used once; got relu1 for dense, relu; give each a name of its own",
                "network.out.put (dense): a name must not have a dot; got out.put; use another name",
            )
        }

        test("a function that does not accept its input is reported with its own error") {
            errors(input(4)) { layer("shift") { x -> x + Tensor.ones(DType.F32, 3) } } shouldBe listOf(
                "network.shift1 (shift): the function must accept a batch of its input " +
                    "(add: shapes must be equal or broadcast; got a: [2, 4], b: [3] (4 ≠ 3 at axis -1); " +
                    "reshape one of them or insert axes of size 1); got [4] from network.input; " +
                    "change the function or its input",
            )
            errors(input(4)) {
                layer("first", { listOf(Parameter("w", it, Initialiser.ones)) }) { p, _ -> p["w"] }
            } shouldBe listOf(
                "network.first1 (first): the result must have a row for each example of the batch; " +
                    "got [4] for a batch of 2; keep axis 0",
            )
        }

        test("what no tensor can hold is an error") {
            val rule = "a tensor has at most 2³¹−1 numbers"
            errors(input(50_000, 50_000)) { flatten() } shouldBe listOf(
                "network.input (input 50000×50000): $rule; got [50000, 50000] for one example; use smaller examples",
            )
            errors(input(1, 2_000, 2_000)) { conv(1_000, kernel = 1); relu() } shouldBe listOf(
                "network.conv1 (conv 1→1000, k1): $rule; got [1000, 2000, 2000] for one example; make less of it",
            )
            errors(input(70_000)) { dense(70_000); dense(10) } shouldBe listOf(
                "network.dense1 (dense 70000→70000): $rule; got parameters for [70000]; use fewer units or channels",
            )
        }

        test("in a script all errors are in the exception, a line each") {
            val wrong = network(input(4)) { dense(0); dropout(2.0) }
            shouldThrow<ModelException> { wrong.orThrow() }.message shouldBe
                errors(input(4)) { dense(0); dropout(2.0) }.joinToString("\n")
        }
    })
