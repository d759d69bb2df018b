package org.kotangent.spec.samples

import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.core.test.TestScope
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldContainInOrder
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import java.io.File
import java.io.IOException
import java.nio.file.Path
import kotlin.io.path.copyTo
import kotlin.io.path.createParentDirectories
import kotlin.io.path.deleteExisting
import kotlin.io.path.writeText

/** What `./kotangent` says, which JVM it starts and with what, what it ends with, and when it builds first. */
class LauncherSpec :
    FunSpec({
        val checkout = Checkout(tempdir().toPath())

        fun check(name: String, test: suspend TestScope.() -> Unit) = test(name).config(enabledOrReasonIf = {
            bash
        }, test = test)

        check("help lists the commands") {
            val (code, out) = checkout.launch("help")
            code shouldBe 0
            out shouldContain "./kotangent run FILE [argument...]"
        }

        listOf(
            emptyList<String>() to "usage: ./kotangent run FILE",
            listOf("train") to "kotangent: there is no command 'train'; ./kotangent help lists them\n",
            listOf("run") to "kotangent: run needs the file to run: ./kotangent run FILE [argument...]\n",
            listOf("run", "none.kts") to "kotangent: there is no file none.kts\n",
            listOf("run", "/dev/null") to "kotangent: there is no file /dev/null\n",
            listOf("run", "kotangent") to "kotangent: kotangent is neither a .kts script nor a .java program\n",
        ).forEach { (args, message) ->
            check("kotangent ${args.joinToString(" ")} is wrong usage") {
                val (code, out, err) = checkout.launch(*args.toTypedArray())
                code shouldBe 2
                out shouldBe ""
                err shouldContain message
            }
        }

        checkout.write(
            "script.kts",
            """
            println("∇ ${'$'}{args.toList()} ${'$'}{Tensor.of(1.0, 2.0).shape()}")
            System.err.println("σ²")
            if (args.isEmpty()) throw UsageError("--words: must be given; got none")
            """,
        )
        checkout.write("wrong.kts", "val μ: Int = \"no number\"")
        checkout.write(
            "Program.java",
            "class Program { void main() { System.out.println(\"λ\"); System.exit(7); } }",
        )

        check("a script is run with its arguments, and writes UTF-8 whatever the locale") {
            checkout.launch("run", "script.kts", "two words", "*") shouldBe
                Triple(0, "∇ [two words, *] [2]\n", "σ²\n")
        }

        check("a script ends the launcher with its exit code") {
            checkout.launch("run", "script.kts") shouldBe
                Triple(2, "∇ [] [2]\n", "σ²\nerror: --words: must be given; got none\n")
        }

        check("a script with an error is reported by file, line and column") {
            val (code, out, err) = checkout.launch("run", "wrong.kts")
            code shouldBe 1
            out shouldBe ""
            err shouldStartWith "wrong.kts:1:12: "
        }

        check("a Java program is run") {
            checkout.launch("run", "Program.java") shouldBe Triple(7, "λ\n", "")
        }

        fun recordingJdk(): Map<String, String> {
            checkout.write("jdk/release", "JAVA_VERSION=\"25.0.1\"")
            checkout.program("jdk/bin/javac", "exit 1")
            checkout.program("jdk/bin/java", "printf '%s\\n' \"${'$'}@\"")
            return mapOf("JAVA_HOME" to "${checkout.root}/jdk", "KOTANGENT_JAVA_OPTS" to "-Xmx8g -ea")
        }

        check("KOTANGENT_JAVA_OPTS and JAVA_HOME choose the JVM") {
            val (code, out) = checkout.launch("run", "script.kts", "word", environment = recordingJdk())
            code shouldBe 0
            out.lines() shouldContainInOrder
                listOf("-Xmx8g", "-ea", "-cp", "org.kotangent.samples.runner.Main", "script.kts", "word")
        }

        listOf(
            listOf("bench", "lenet-64", "--quick") to
                listOf("driver/target/classes:kotangent", "org.kotangent.bench.driver.Main", "lenet-64", "--quick"),
            listOf("bench", "micro", "Product") to
                listOf("kotangent/target/classes:kotangent", "org.openjdk.jmh.Main", "Product"),
        ).forEach { (args, words) ->
            check("kotangent ${args.joinToString(" ")} is handed to its program once all is built") {
                listOf("driver", "kotangent", "pytorch", "djl", "dl4j", "hipparchus").forEach {
                    checkout.write("bench/target/kotangent-bench-$it.classpath", "kotangent")
                }
                val (code, out, err) = checkout.launch(*args.toTypedArray(), environment = recordingJdk())
                err shouldBe ""
                code shouldBe 0
                out.lines() shouldContainInOrder listOf("-cp", "${checkout.root}/bench/${words[0]}") + words.drop(1)
            }
        }

        fun build(command: String): Triple<Int, String, String> {
            checkout.program("tools/mvn", command)
            checkout.classPath.deleteExisting()
            try {
                return checkout.launch(
                    "run",
                    "Program.java",
                    environment = mapOf("PATH" to checkout.pathWith("tools")),
                )
            } finally {
                checkout.writeClassPath()
            }
        }

        check("after a change it builds, silently, then runs") {
            val (code, out, err) = build("echo hidden; cp kept.classpath samples/target/launcher.classpath")
            code shouldBe 7
            out shouldBe "λ\n"
            err shouldBe "kotangent: building (only after a change) ...\n"
        }

        check("a build that fails is shown") {
            val (code, out, err) = build("echo 'some reason'; exit 1")
            code shouldBe 1
            out shouldBe ""
            err shouldBe "kotangent: building (only after a change) ...\nsome reason\n" +
                "kotangent: the build failed, see above.\n"
        }

        check("a build without its dependencies says to connect") {
            val (code, _, err) = build("echo 'Could not transfer artifact'; exit 1")
            code shouldBe 1
            err shouldContain "kotangent: the build could not download a dependency: connect to the network once"
        }
    })

private val bash =
    try {
        ProcessBuilder("bash", "-c", "exit").start().waitFor()
        Enabled.enabled
    } catch (_: IOException) {
        Enabled.disabled("the launcher is a script for bash, which is not here")
    }

/** A checkout that has been built, with the launcher and this JVM's class path in it and nothing else. */
private class Checkout(val root: Path) {
    val classPath: Path = root.resolve("samples/target/launcher.classpath")

    init {
        val launcher = Path.of(System.getProperty("kotangent.root"), "kotangent")
        launcher.copyTo(root.resolve("kotangent")).toFile().setExecutable(true)
        classPath.createParentDirectories()
        writeClassPath()
        classPath.copyTo(root.resolve("kept.classpath"))
    }

    fun writeClassPath() {
        val entries = System.getProperty("java.class.path").split(File.pathSeparator).filter { File(it).exists() }
        classPath.writeText(entries.joinToString(File.pathSeparator))
    }

    fun write(name: String, text: String): Path =
        root.resolve(name).createParentDirectories().also { it.writeText(text.trimIndent()) }

    fun program(name: String, command: String) =
        write(name, "#!/usr/bin/env bash\n$command\n").toFile().setExecutable(true)

    fun pathWith(directory: String) = "$root/$directory${File.pathSeparator}${System.getenv("PATH")}"

    /** What the JVM says of the module that makes it fast, which no flag silences. */
    private val incubating = "WARNING: Using incubator modules: jdk.incubator.vector\n"

    /** Exit code, output and errors of the launcher in a locale that knows ASCII alone. */
    fun launch(vararg args: String, environment: Map<String, String> = emptyMap()): Triple<Int, String, String> {
        val builder = ProcessBuilder(listOf("$root/kotangent") + args).directory(root.toFile())
        builder.environment() += mapOf("LC_ALL" to "C", "JAVA_HOME" to System.getProperty("java.home")) + environment
        builder.environment() -= listOf("JAVA_TOOL_OPTIONS", "KOTANGENT_JAVA_OPTS") - environment.keys
        val errors = root.resolve("errors.txt").toFile()
        val process = builder.redirectError(errors).start()
        val out = process.inputStream.reader().readText()
        return Triple(process.waitFor(), out, errors.readText().replace(incubating, ""))
    }
}
