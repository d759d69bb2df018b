package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.inspectors.forOne
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.string.shouldStartWith
import org.kotangent.ad.Parallel
import org.kotangent.samples.Gradients
import org.kotangent.samples.Options
import org.kotangent.samples.runner.ScriptRunner
import org.kotangent.samples.runner.UsageError
import org.kotangent.spec.warningsOf
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.math.cos
import kotlin.math.ln

/** The samples as their users run them: what they print, and what they say about wrong arguments. */
class SamplesSpec :
    FunSpec({
        val scripts = Path.of(System.getProperty("kotangent.root"), "samples", "scripts")
        val cache = tempdir().toPath()
        val threads = Parallel.threads()
        afterTest { Parallel.use(threads) }

        fun run(script: String, vararg args: String): Run {
            val err = ByteArrayOutputStream()
            var code = -1
            val out =
                printed { code = ScriptRunner(cache, PrintStream(err)).run(scripts.resolve(script), args.toList()) }
            return Run(code, out, err.toString().lines().filter { it.isNotEmpty() })
        }

        test("lenet.kts prints the network, the loss of each epoch and, last, the accuracy, whatever the threads") {
            lateinit var one: Run
            warningsOf {
                one = run("lenet.kts", "--epochs", "2", "--batch", "200", "--seed", "3", "--threads", "1")
            }.shouldBeEmpty()
            one.code shouldBe 0
            one.out.forOne { it shouldContain "44,878" }
            one.out.filter { it.startsWith("epoch") }.map { it.substringBefore(" mean") } shouldBe
                listOf("epoch 1:", "epoch 2:")
            one.out.last() shouldMatch Regex("""test accuracy [01]\.\d{4}""")
            one.out.last().substringAfterLast(' ').toDouble() shouldBeGreaterThan 0.9
            run("lenet.kts", "--epochs", "2", "--batch", "200", "--seed", "3", "--threads", "2") shouldBe one
        }

        test("lenet.kts names every wrong argument in one line") {
            run("lenet.kts", "--epochs", "none", "--bath", "64", "--seed") shouldBe
                Run(
                    2,
                    emptyList(),
                    listOf(
                        "error: --epochs needs a whole number of at least 1; got none. There is no option --bath. " +
                            "--seed needs a whole number. --help lists the options.",
                    ),
                )
        }

        test("lenet.kts says what is wrong with the data") {
            val none = cache.resolve("none")
            val result = run("lenet.kts", "--data", "$none")
            result.code shouldBe 2
            result.err.single() shouldContain "$none"
        }

        test("fold.kts trains by the line that the product is about") {
            lateinit var result: Run
            warningsOf { result = run("fold.kts") }.shouldBeEmpty()
            result.code shouldBe 0
            val (before, after) = result.out.map { it.substringAfterLast(' ').toDouble() }
            before shouldBeGreaterThan 2.0
            after shouldBeLessThan 0.5
        }

        test("derivatives.kts prints derivatives that are right") {
            val result = run("derivatives.kts")
            result.code shouldBe 0
            fun printed(label: String) = result.out.first { it.startsWith("$label: ") }.removePrefix("$label: ")
            printed("sin, derivative 3").toDouble() shouldBe (-cos(1.0) plusOrMinus 1e-15)
            printed("Newton, step 5").toDouble() shouldBe (ln(2.0) plusOrMinus 1e-12)
            printed("gradient") shouldStartWith "f64[2] [-215.59" // 2(x − 1) − 400x(y − x²), 200(y − x²)
            printed("Hessian · (1, 0)") shouldBe "f64[2] [1330.0, 480.0]" // 2 + 1200x² − 400y, −400x
            result.out.last() shouldBe "gradient: Spring(stiffness=f64[] 0.125, length=f64[] 1.5)"
        }

        test("fit.kts finds the parameters that its measurements were drawn with, within a few standard deviations") {
            val result = run("fit.kts", "--seed", "5")
            result.code shouldBe 0
            val rows = result.out.filter {
                it.startsWith("b[")
            }.map { row -> row.split(' ').mapNotNull(String::toDoubleOrNull) }
            rows.size shouldBe 4
            for ((parameter, deviation, expected) in rows) parameter shouldBe (expected plusOrMinus 4 * deviation)
            result.out.last() shouldMatch Regex("residual sum of squares [0-9.e-]+, degrees of freedom 76")
        }

        test("fit.kts says what is wrong with a data set") {
            val none = cache.resolve("none.dat")
            run("fit.kts", "--data", "$none") shouldBe
                Run(2, emptyList(), listOf("error: $none: must be readable; got no such file; check the path"))
            val other = scripts.resolve("fit.kts")
            run("fit.kts", "--data", "$other") shouldBe
                Run(
                    2,
                    emptyList(),
                    listOf(
                        "error: $other: must be a file of NIST StRD for nonlinear regression; " +
                            "got no 'Dataset Name:'; give another file",
                    ),
                )
        }

        test("Gradients.java prints derivatives that are right") {
            val out = printed { Gradients.main(arrayOf()) }
            out.forOne { it shouldContain "its derivative: f64[] 0.35355" } // 1/(2√2)
            out.forOne { it shouldContain "its second derivative: f64[] -0.0883" } // −1/(4·2√2)
            out.forOne { it shouldContain "[1330.0, 480.0]" }
        }

        test("options take the names of properties, and values after them") {
            val options = Options("Does nothing.")
            val count by options.int(3, "things to do")
            val seed by options.long(1, "where chance comes from")
            val data by options.directory("where things are")
            options.parse(arrayOf("--seed", "-7", "--data", "a/b"))
            Triple(count, seed, data) shouldBe Triple(3, -7L, Path.of("a/b"))
            options.help().lines() shouldBe
                listOf(
                    "Does nothing.",
                    "  --count N        things to do (default 3)",
                    "  --seed N         where chance comes from (default 1)",
                    "  --data DIR       where things are",
                )
            shouldThrow<UsageError> { options.parse(arrayOf("--count", "0", "stray")) }.message shouldBe
                "--count needs a whole number of at least 1; got 0. There is no option stray. --help lists the options."
        }
    })

private data class Run(val code: Int, val out: List<String>, val err: List<String>)

/** The lines that [action] prints to standard output. */
private fun printed(action: () -> Unit): List<String> {
    val bytes = ByteArrayOutputStream()
    val before = System.out
    System.setOut(PrintStream(bytes, true))
    try {
        action()
    } finally {
        System.setOut(before)
    }
    return bytes.toString().lines().filter { it.isNotEmpty() }
}
