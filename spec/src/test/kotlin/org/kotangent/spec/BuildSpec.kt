package org.kotangent.spec

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.shouldBe
import java.lang.module.ModuleFinder
import java.nio.file.Path
import kotlin.io.path.exists

/** What the other specs take for granted: where the repository is and what the Java modules export to everybody. */
class BuildSpec :
    FunSpec({
        val root = Path.of(System.getProperty("kotangent.root"))

        test("the repository root is known") {
            root.resolve("spec/pom.xml").exists() shouldBe true
        }

        for ((directory, name) in listOf("ad-core" to "org.kotangent.ad", "ops" to "org.kotangent.ops")) {
            test("$name exports its public packages and keeps the internal ones") {
                val module = ModuleFinder.of(root.resolve("$directory/target/classes")).find(name).orElseThrow()
                val open =
                    module
                        .descriptor()
                        .exports()
                        .filterNot { it.isQualified }
                        .map { it.source() }
                open shouldContain name
                open shouldNotContain "$name.internal"
            }
        }
    })
