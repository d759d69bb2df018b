package org.kotangent.spec.samples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.samples.runner.ScriptRunner
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText

/** What a user of `./kotangent run` sees of the runner: results, exit codes, messages, and that it compiles once. */
class ScriptRunnerSpec :
    FunSpec({
        val directory = tempdir().toPath()
        val cache = directory.resolve("cache")

        fun run(script: Path, vararg args: String): Outcome {
            val err = ByteArrayOutputStream()
            val code = ScriptRunner(cache, PrintStream(err)).run(script, args.toList())
            return Outcome(code, err.toString().lines().filter { it.isNotEmpty() })
        }

        fun script(name: String, text: String): Path = directory.resolve(name).also { it.writeText(text) }

        test("a script sees the common API and its arguments without imports") {
            val out = directory.resolve("out.txt")
            val file = script("hello.kts", """java.io.File(args[0]).writeText("${'$'}{DType.F32} ${'$'}{args[1]}")""")
            run(file, out.toString(), "two") shouldBe Outcome(0, emptyList())
            out.readText() shouldBe "F32 two"
        }

        test("a compilation error names file, line and column") {
            val file = script("wrong.kts", "val n = 1\nval s: String = n\nvar t: Strin = s\n")
            val outcome = run(file)
            outcome.code shouldBe 1
            outcome.err shouldHaveSize 2
            outcome.err[0] shouldContain "$file:2:15: "
            outcome.err[1] shouldContain "$file:3:8: "
        }

        val throwing =
            script(
                "throwing.kts",
                """
                fun inner(): Int = error("no luck")

                when (args[0]) {
                    "usage" -> throw UsageError("--epochs: must be a number; got many")
                    "data" -> throw DataException("labels: too short")
                    else -> listOf(1).map { inner() }
                }
                """.trimIndent(),
            )

        test("an exception is reported with the script's own lines") {
            run(throwing, "other") shouldBe
                Outcome(
                    1,
                    listOf("error: IllegalStateException: no luck", "    at throwing.kts:1", "    at throwing.kts:6"),
                )
        }

        test("a wrong argument is one line and exit code 2") {
            run(throwing, "usage") shouldBe Outcome(2, listOf("error: --epochs: must be a number; got many"))
        }

        test("wrong data is one line and exit code 2") {
            run(throwing, "data") shouldBe Outcome(2, listOf("error: labels: too short"))
        }

        test("a missing script is one line and exit code 2") {
            val none = directory.resolve("none.kts")
            run(none) shouldBe Outcome(2, listOf("error: there is no script $none"))
        }

        test("the compiled form is kept, used, and replaced when the script changes") {
            fun kept(name: String) = cache.listDirectoryEntries("$name-*").single()
            run(throwing, "usage").code shouldBe 2
            run(script("once.kts", "println()")).code shouldBe 0
            val first = kept("once.kts")
            first.writeBytes(kept("throwing.kts").readBytes())
            run(directory.resolve("once.kts"), "data") shouldBe Outcome(2, listOf("error: labels: too short"))
            run(script("once.kts", "println(1)")).code shouldBe 0
            first.exists() shouldBe false
        }

        test("a cache that cannot be written does not matter") {
            val err = ByteArrayOutputStream()
            ScriptRunner(throwing.resolve("below-a-file"), PrintStream(err)).run(throwing, listOf("data")) shouldBe 2
            err.toString().trim() shouldBe "error: labels: too short"
        }
    })

private data class Outcome(val code: Int, val err: List<String>)
