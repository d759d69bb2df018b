package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DomainException
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.argMax
import org.kotangent.dsl.dot
import org.kotangent.dsl.get
import org.kotangent.dsl.grad
import org.kotangent.dsl.logSumExp
import org.kotangent.dsl.matmul
import org.kotangent.dsl.max
import org.kotangent.dsl.mean
import org.kotangent.dsl.min
import org.kotangent.dsl.norm
import org.kotangent.dsl.pow
import org.kotangent.dsl.reshape
import org.kotangent.dsl.sum
import org.kotangent.dsl.transpose
import org.kotangent.samples.runner.ScriptRunner
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import kotlin.io.path.writeText
import kotlin.math.ln

/** What Kotlin adds to the facades: operators, extensions and named arguments, in programs and in scripts. */
class TensorsSpec :
    FunSpec({
        val x = Tensor.of(Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 5.0, 9.0)

        fun Tensor.list() = toDoubles().toList()

        test("reductions run over all axes, or over those given, which stay or go") {
            listOf(sum(x), mean(x), x.sum(), x.mean(), x.max(), x.min()).map { it.item() } shouldBe
                listOf(24.0, 4.0, 24.0, 4.0, 9.0, 1.0)
            x.sum(0).list() shouldBe listOf(5.0, 7.0, 12.0)
            x.mean(-1, keepDims = true).let { it.shape() to it.list() } shouldBe (Shape.of(2, 1) to listOf(2.0, 6.0))
            x.max(1).list() shouldBe listOf(3.0, 9.0)
            x.min(0, keepDims = true).shape() shouldBe Shape.of(1, 3)
            x.sum(0, 1, keepDims = true).shape() shouldBe Shape.of(1, 1)
            x.argMax(1).toInts().toList() shouldBe listOf(2, 2)
            norm(Tensor.of(3.0, 4.0)).item() shouldBe 5.0
            x.norm(0)[0].item() shouldBe norm(Tensor.of(1.0, 4.0)).item()
            Tensor.of(0.0, 0.0).logSumExp().item() shouldBe ln(2.0)
        }

        test("products are infix") {
            (x matmul x.transpose()).list() shouldBe listOf(14.0, 41.0, 41.0, 122.0)
            (x[0] dot x[1]).item() shouldBe 41.0
            (x[1] pow 2).list() shouldBe listOf(16.0, 25.0, 81.0)
            (Tensor.of(2.0, 3.0) pow Tensor.of(3.0, 2.0)).list() shouldBe listOf(8.0, 9.0)
        }

        test("indices take parts, from either end, and are differentiated") {
            x[1].list() shouldBe listOf(4.0, 5.0, 9.0)
            x[0, -1].item() shouldBe 3.0
            x.reshape(3, -1)[2].list() shouldBe listOf(5.0, 9.0)
            grad(x) { it[1, 0] * it[1, 0] }.list() shouldBe listOf(0.0, 0.0, 0.0, 8.0, 0.0, 0.0)
            shouldThrow<DomainException> { x[2] }
        }

        test("elements compare with numbers of any type") {
            max(x, 4)[0].list() shouldBe listOf(4.0, 4.0, 4.0)
            min(x, 4f)[1].list() shouldBe listOf(4.0, 4.0, 4.0)
        }

        test("names that several packages have mean in a script what they say") {
            val script = tempdir().toPath().resolve("names.kts")
            script.writeText(
                """
                val x = Tensor.of(Shape.of(2, 2), 1.0, 2.0, 3.0, 4.0)
                check(max(x, 3).toDoubles().toList() == listOf(3.0, 3.0, 3.0, 4.0))
                check(max(x, 3.0).contentEquals(max(x, 3)) && max(2, 3) == 3)
                check(x.max(1).toDoubles().toList() == listOf(2.0, 4.0) && sum(x).item() == 10.0)
                check(exp(x)[0, 0].item() in exp(1.0) - 1e-15..exp(1.0) + 1e-15 && sqrt(square(x)).contentEquals(x))
                check(flatten(transpose(x), 0).contentEquals(Tensor.of(1.0, 3.0, 2.0, 4.0)))
                check(matmul(x, x).contentEquals(x matmul x) && (x pow 2).contentEquals(square(x)))
                check(softmaxCrossEntropy(x, Tensor.of(0, 1)).rank() == 0 && softmax(x, 1).sum(1)[0].item() == 1.0)
                check(listOf(1.0, 2.0).sum() == 3.0 && listOf(1, 2).max() == 2)
                val (a, b) = Key.of(1).split()
                check(a != b && Random.normal(a, DType.F32, 2).size() == 2)
                """.trimIndent(),
            )
            val err = ByteArrayOutputStream()
            ScriptRunner(
                script.resolveSibling("cache"),
                PrintStream(err),
            ).run(script, emptyList()) to err.toString() shouldBe
                (0 to "")
        }
    })
