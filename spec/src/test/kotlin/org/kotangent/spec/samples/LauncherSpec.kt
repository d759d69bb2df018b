package org.kotangent.spec.samples

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain

/** What `./kotangent` says before it starts a JVM. */
class LauncherSpec :
    FunSpec({
        fun launch(vararg args: String): Triple<Int, String, String> {
            val process = ProcessBuilder("${System.getProperty("kotangent.root")}/kotangent", *args).start()
            val out = process.inputStream.reader().readText()
            val err = process.errorStream.reader().readText()
            return Triple(process.waitFor(), out, err)
        }

        test("help lists the commands") {
            val (code, out) = launch("help")
            code shouldBe 0
            out shouldContain "./kotangent run FILE [argument...]"
        }

        listOf(
            emptyList<String>() to "usage: ./kotangent run FILE",
            listOf("train") to "kotangent: there is no command 'train'; ./kotangent help lists them\n",
            listOf("run") to "kotangent: run needs the file to run: ./kotangent run FILE [argument...]\n",
            listOf("run", "none.kts") to "kotangent: there is no file none.kts\n",
            listOf("run", "/dev/null") to "kotangent: there is no file /dev/null\n",
        ).forEach { (args, message) ->
            test("kotangent ${args.joinToString(" ")} is wrong usage") {
                val (code, out, err) = launch(*args.toTypedArray())
                code shouldBe 2
                out shouldBe ""
                err shouldContain message
            }
        }
    })
