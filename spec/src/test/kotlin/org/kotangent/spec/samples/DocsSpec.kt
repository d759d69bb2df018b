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
import kotlin.io.path.createDirectories
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import kotlin.io.path.writeText

/**
 * The examples of README.md and of the pages in `docs` compile and run as they stand. In README every Kotlin example is a
 * script. A page tells a story: its Kotlin examples make one script in which later ones see earlier ones. Java
 * examples are programs.
 */
class DocsSpec :
    FunSpec({
        val root = Path.of(System.getProperty("kotangent.root"))
        val pages = root.resolve("docs").listDirectoryEntries("*.md").sorted()
        val directory = tempdir().toPath()

        fun run(name: String, script: String) {
            val file = directory.resolve("$name.kts").also { it.writeText(script) }
            val err = ByteArrayOutputStream()
            val code = ScriptRunner(directory.resolve("cache"), PrintStream(err)).run(file, emptyList())
            err.toString() shouldBe ""
            code shouldBe 0
        }

        examples(root.resolve("README.md").readText(), "kotlin").shouldNotBeEmpty().forEachIndexed { i, example ->
            test("README.md: script ${i + 1} runs") { run("README$i", example) }
        }

        for (page in pages) {
            val script = scriptOf(page.readText())
            if (script.isNotBlank()) {
                test("docs/${page.name}: the Kotlin examples run") { run(page.nameWithoutExtension, script) }
            }
        }

        for (page in pages + listOf(root.resolve("README.md"))) {
            for (example in examples(page.readText(), "java")) {
                val name = checkNotNull(Regex("public class (\\w+)").find(example)).groupValues[1]
                test("${page.name}: the Java program $name runs") {
                    val place = directory.resolve("${page.nameWithoutExtension}-$name").createDirectories()
                    val file = place.resolve("$name.java").also { it.writeText(example) }
                    val err = ByteArrayOutputStream()
                    ToolProvider.getSystemJavaCompiler().run(null, null, err, "-d", "$place", "$file")
                    err.toString() shouldBe ""
                    URLClassLoader(arrayOf(place.toUri().toURL())).use {
                        it.loadClass(
                            name,
                        ).getMethod("main", Array<String>::class.java).invoke(null, emptyArray<String>())
                    }
                }
            }
        }
    })

private fun examples(text: String, language: String): List<String> =
    Regex("```$language\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(text).map { it.groupValues[1] }.toList()

/**
 * The Kotlin examples of a page, each line where the page has it, so that an error names the page's own line; but imports,
 * which a script has at its beginning, in place of the title.
 */
private fun scriptOf(page: String): String {
    var inside = false
    val code =
        page.lines().map { line ->
            val fence = line.startsWith("```")
            inside = if (fence) line == "```kotlin" else inside
            line.takeIf { inside && !fence }.orEmpty()
        }
    val imports = code.filter { it.startsWith("import ") }
    val rest = code.drop(1).map { if (it in imports) "" else it }
    return (listOf(imports.joinToString("; ")) + rest).joinToString("\n")
}
