package org.kotangent.spec.samples

import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldNotBeEmpty
import io.kotest.matchers.shouldBe
import org.kotangent.samples.runner.ScriptRunner
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.net.URLClassLoader
import java.nio.file.Path
import javax.tools.ToolProvider
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** The examples of README.md compile and run as they stand. */
class ReadmeSpec :
    FunSpec({
        val readme = Path.of(System.getProperty("kotangent.root"), "README.md").readText()
        val directory = tempdir().toPath()

        test("the Kotlin examples are scripts that run") {
            val examples = examples(readme, "kotlin")
            examples.shouldNotBeEmpty()
            examples.forEachIndexed { i, example ->
                val script = directory.resolve("example$i.kts").also { it.writeText(example) }
                val err = ByteArrayOutputStream()
                val code = ScriptRunner(directory.resolve("cache"), PrintStream(err)).run(script, emptyList())
                err.toString() shouldBe ""
                code shouldBe 0
            }
        }

        test("the Java examples are programs that run") {
            val examples = examples(readme, "java")
            examples.shouldNotBeEmpty()
            examples.forEach { example ->
                val name = checkNotNull(Regex("public class (\\w+)").find(example)).groupValues[1]
                val file = directory.resolve("$name.java").also { it.writeText(example) }
                val err = ByteArrayOutputStream()
                ToolProvider.getSystemJavaCompiler().run(null, null, err, "-d", directory.toString(), "$file")
                err.toString() shouldBe ""
                URLClassLoader(arrayOf(directory.toUri().toURL())).use {
                    it.loadClass(name).getMethod("main", Array<String>::class.java).invoke(null, emptyArray<String>())
                }
            }
        }
    })

private fun examples(text: String, language: String): List<String> =
    Regex("```$language\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(text).map { it.groupValues[1] }.toList()
