package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.GradientException
import org.kotangent.ad.GradientReport
import org.kotangent.ad.GradientReport.Verdict
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.checkGradients
import org.kotangent.ops.Elementary
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.spec.laws.Exponential
import org.kotangent.spec.laws.MatrixProduct
import org.kotangent.spec.laws.Rule
import org.kotangent.spec.laws.timesRawResult
import org.kotangent.spec.laws.timesResult
import java.util.Random
import org.kotangent.ops.Random as Normal

private data class Layer(val weight: Tensor, val bias: Tensor)

private val floating = listOf(DType.F32, DType.F64)

private fun random(dtype: DType, vararg dims: Int): Tensor {
    val source = Random(3)
    return Tensor.of(Shape.of(*dims), *DoubleArray(Shape.of(*dims).size()) { source.nextDouble(0.2, 1.5) }).to(dtype)
}

private fun exponential(jvp: Rule = timesResult, vjp: Rule = timesResult): (Tensor) -> Tensor =
    { Exponential(jvp = jvp, vjp = vjp).apply(it) }

private fun GradientReport.at(order: Int, path: String = "tensor") =
    comparisons().single { it.order() == order && it.path() == path }

class GradientCheckSpec :
    FunSpec({
        for (dtype in floating) {
            test("$dtype: what is right passes, to the third order, whatever the structure") {
                val layer = Layer(random(dtype, 3, 2), random(dtype, 2))
                val x = random(dtype, 4, 3)
                checkGradients(layer, order = 3) { Elementary.tanh(Linalg.matmul(x, it.weight) + it.bias) }
                    .requireOk()
                    .comparisons()
                    .map { it.order() to it.path() } shouldBe
                    (1..3).flatMap { listOf(it to "weight", it to "bias") }
                checkGradients(mapOf("x" to x), order = 3) {
                    listOf(
                        Nn.softmax(it.getValue("x"), 1),
                        it.getValue("x") * it.getValue("x"),
                    )
                }.requireOk()
                checkGradients(x.times(100.0)) { Elementary.log(it) }.requireOk()
                checkGradients(random(dtype, 40, 30)) { Elementary.sin(it) }.requireOk()
                checkGradients(Tensor.zeros(dtype, 3)) { it * it * it * it }.requireOk()
                checkGradients(x) { Tensor.of(1.0) }.requireOk()
            }

            test("$dtype: mistakes of first order") {
                val square = random(dtype, 3, 3)
                mapOf<String, (Tensor) -> Tensor>(
                    "a sign flip in reverse" to exponential(vjp = { _, y, d -> -(d * y) }),
                    "a sign flip in forward" to exponential(jvp = { _, y, d -> -(d * y) }),
                    "a dropped factor" to exponential(vjp = { _, _, d -> d }),
                    "consistently doubled" to exponential({ _, y, d -> d * y * 2.0 }, { _, y, d -> d * y * 2.0 }),
                    "consistently one percent off" to
                        exponential({ _, y, d -> d * y * 1.01 }, { _, y, d -> d * y * 1.01 }),
                    "a missing transpose" to { t -> MatrixProduct(transposeB = false).apply(t, square) },
                ).forEach { (mistake, f) ->
                    withClue(mistake) {
                        checkGradients(square, order = 1, f = f).at(1).verdict() shouldBe Verdict.WRONG
                    }
                }
            }

            test("$dtype: mistakes of second order, which the first order does not see") {
                val x = random(dtype, 3)
                mapOf(
                    "in forward" to exponential(jvp = timesRawResult),
                    "in reverse" to exponential(vjp = timesRawResult),
                    "in both alike" to exponential(timesRawResult, timesRawResult),
                ).forEach { (mistake, f) ->
                    withClue(mistake) {
                        val report = checkGradients(x, order = 2, f = f)
                        report.at(1).verdict() shouldBe Verdict.OK
                        report.at(2).verdict() shouldBe Verdict.WRONG
                    }
                }
            }
        }

        test("the report names the mode that is wrong") {
            fun blame(f: (Tensor) -> Tensor) = checkGradients(Tensor.of(0.5), order = 2, f = f).toString()
            blame(exponential(vjp = { _, _, d -> d })) shouldContain
                "order 1, tensor at [0]: wrong in reverse, right in forward; correct the vjp or the adjoint"
            blame(exponential(jvp = { _, y, d -> -(d * y) })) shouldContain
                "order 1, tensor at [0]: wrong in forward, right in reverse; correct the jvp"
            blame(exponential({ _, y, d -> d * y * 2.0 }, { _, y, d -> d * y * 2.0 })) shouldContain
                "order 1, tensor at [0]: every mode contradicts the differences; correct the rule"
            blame(exponential({ _, _, d -> d }, { _, y, d -> -(d * y) })) shouldContain
                "order 1, tensor at [0]: every mode contradicts the differences; correct the rule"
            blame(exponential(vjp = timesRawResult)) shouldContain
                "order 2, tensor at [0]: wrong in forward over reverse, reverse over reverse, right in " +
                "forward over forward, reverse over forward; look for a rule that computes with numbers instead of " +
                "differentiable operations"
        }

        test("one wrong element of many is found") {
            val sign = Tensor.of(Shape.of(40, 30), *DoubleArray(1200) { if (it == 137) -1.0 else 1.0 })
            val report =
                checkGradients(random(DType.F64, 40, 30), order = 1, f = exponential(vjp = { _, y, d -> d * y * sign }))
            report.at(1).verdict() shouldBe Verdict.WRONG
            report.at(1).position() shouldBe "[4, 17]"
        }

        test("a corner is called a corner, by path and position") {
            for (dtype in floating) {
                val x = mapOf("smooth" to Tensor.of(0.5), "bent" to Tensor.of(1.0, 0.0, -2.0)).mapValues {
                    it.value.to(dtype)
                }
                for (f in listOf(Elementary::relu, Elementary::abs)) {
                    val report = checkGradients(x, order = 1) { (it.getValue("smooth") * f(it.getValue("bent"))) }
                    withClue(report) { report.at(1, "smooth").verdict() shouldBe Verdict.OK }
                    report.at(1, "bent").verdict() shouldBe Verdict.NOT_SMOOTH
                    report.at(1, "bent").position() shouldBe "[1]"
                    report.toString() shouldContain "order 1, bent at [1]: the differences do not settle or differ on"
                }
            }
            val halfSquare = { t: Tensor -> Elementary.relu(t) * t }
            checkGradients(Tensor.scalar(0.0), order = 2, f = halfSquare).at(2).verdict() shouldBe Verdict.NOT_SMOOTH
        }

        test("a corner or a pole close by does no harm") {
            checkGradients(Tensor.of(0.004, -0.003)) { Elementary.relu(it) * it }.requireOk()
            checkGradients(Tensor.of(1e-3, 5e-4)) { Elementary.log(it) }.requireOk()
        }

        test("the many corners of a network are not taken for mistakes") {
            for (dtype in floating) {
                for (draw in 0L..4L) {
                    fun normal(k: Int, vararg dims: Int) = Normal.normal(Key.of(5 * draw + k), dtype, *dims)
                    val x = normal(0, 16, 8)
                    val layer = Layer(normal(1, 8, 9), normal(2, 9))
                    val out = normal(3, 9, 1)
                    val report = checkGradients(layer) {
                        Linalg.matmul(Elementary.relu(Linalg.matmul(x, it.weight) + it.bias), out)
                    }
                    withClue(report) { report.comparisons().none { it.verdict() == Verdict.WRONG } shouldBe true }
                }
            }
        }

        test("a function without a forward rule is checked in reverse mode") {
            fun cubed(factor: Double): (Tensor) -> Tensor = {
                Ad.customVjp<Tensor, Tensor>({ t -> t * t * t }, { t, g -> g * t * t * factor }).apply(it)
            }
            val right = checkGradients(Tensor.of(0.5, 2.0), order = 3, f = cubed(3.0)).requireOk()
            right.comparisons().all { it.forward().isNaN() } shouldBe true
            checkGradients(Tensor.of(0.5), order = 1, f = cubed(2.0)).toString() shouldContain
                "order 1, tensor at [0]: every mode contradicts the differences; correct the rule"
        }

        test("what is not finite is called so, by path and position") {
            val values =
                checkGradients(mapOf("x" to Tensor.of(1.0, -1.0))) { mapOf("y" to Elementary.log(it.getValue("x"))) }
            values.comparisons().single().run { Triple(order(), path(), position()) } shouldBe Triple(0, "y", "[1]")
            values.toString() shouldContain "order 0, y at [1]: the value is not finite; check at another point"
            val slopes =
                checkGradients(mapOf("x" to Tensor.of(1.0, 0.0)), order = 1) { Elementary.sqrt(it.getValue("x")) }
            slopes.at(1, "x").verdict() shouldBe Verdict.NOT_FINITE
            slopes.toString() shouldContain
                "order 1, x at [1]: a derivative is not finite; guard the operation, or check at another point"
        }

        test("the report is a table, and the exception carries it") {
            val x = mapOf("a" to Tensor.scalar(2.0), "b" to Tensor.of(0.0, 1.0))
            val f = { t: Map<String, Tensor> -> t.getValue("a") * exponential(vjp = { _, _, d -> d })(t.getValue("b")) }
            val report = checkGradients(x, order = 1, seed = 7, f = f)
            val lines = report.toString().lines()
            lines[0] shouldBe "derivatives in F64, tolerance 1e-06, seed 7"
            lines[1] shouldContain Regex("^order  leaf  worst at  verdict  forward +reverse +difference +error$")
            lines[2] shouldContain Regex("^1      a     \\[]        OK  ")
            lines[3] shouldContain Regex("^1      b     \\[1]       WRONG  ")
            lines.size shouldBe 5
            shouldThrow<GradientException> { report.requireOk() }.message shouldBe
                "checkGradients: forward mode, reverse mode and differences must agree; got 1 of 2 comparisons that " +
                "fail; see below\n$report"
            report.isOk() shouldBe false
        }

        test("single precision says that it is loose, and is") {
            val x = random(DType.F32, 3)
            checkGradients(x) { Elementary.exp(it) }.toString().lines()[0] shouldBe
                "derivatives in F32 (7 digits, so a loose check), tolerance 5e-03, seed 0"
            checkGradients(x.to(DType.F64)) { Elementary.exp(it) }.comparisons().maxOf { it.error() } shouldBeLessThan
                1e-6
        }

        test("the same seed gives the same report") {
            fun report(seed: Long) = checkGradients(random(DType.F64, 9, 9), seed = seed) { Elementary.exp(it) }
            report(1).toString() shouldBe report(1).toString()
            report(1).comparisons() shouldBe
                Ad.checkGradients({ t: Tensor -> Elementary.exp(t) }, random(DType.F64, 9, 9), 2, 1).comparisons()
            (report(1).comparisons() == report(2).comparisons()) shouldBe false
        }

        test("what cannot be checked is an error") {
            shouldThrow<DomainException> { checkGradients(Tensor.of(1.0), order = 4) { it } }.message shouldBe
                "checkGradients: checks the orders 1 to 3; got order 4; choose one of them"
            shouldThrow<DTypeException> { checkGradients(listOf(Tensor.of(1))) { it } }.message shouldContain
                "checkGradients: argument and result must have floating tensors; got argument: "
            var calls = 0
            shouldThrow<DomainException> {
                checkGradients(Tensor.of(1.0)) { it * (calls++).toDouble() }
            }.message shouldBe
                "checkGradients: the function must give the same for the same argument; got tensor with other " +
                "numbers the second time; make what it draws at random an argument"
        }
    })
