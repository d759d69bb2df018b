package org.kotangent.spec.ops

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.ad.internal.MachineCode
import org.kotangent.ad.internal.OpenBlas
import org.kotangent.ad.internal.Provider
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Elementary
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d
import org.kotangent.ops.Random
import org.kotangent.ops.Shapes
import java.io.File
import java.util.concurrent.TimeUnit
import kotlin.math.sqrt

/** A program of its own: who computes, and the norm of the gradient of a small network. */
internal object SmallProgram {
    @JvmStatic
    fun main(args: Array<String>) {
        fun random(seed: Long, vararg dims: Int) = Random.normal(Key.of(seed), 0.0, 0.3, DType.F32, *dims)
        val images = random(1, 4, 2, 12, 12)
        val params = mapOf(
            "filters" to random(2, 5, 2, 3, 3),
            "scale" to Tensor.ones(DType.F32, 5),
            "w" to random(3, 125, 3),
        )

        fun loss(p: Map<String, Tensor>): Tensor {
            val seen = Elementary.relu(Nn.conv2d(images, p.getValue("filters"), Conv2d.standard()))
            val normal = Nn.batchNorm(seen, p.getValue("scale"), Tensor.zeros(DType.F32, 5), 1e-5).y()
            val pooled = Nn.maxPool2d(normal, Pool2d.of(2))
            val scores = Linalg.matmul(Shapes.reshape(pooled, 4, 125), p.getValue("w"))
            return Loss.meanSoftmaxCrossEntropy(scores, Tensor.of(0, 1, 2, 1))
        }
        val step = Ad.compile<Map<String, Tensor>, Map<String, Tensor>> { Ad.grad(::loss).apply(it) }
        val gradient = step.apply(params).values.flatMap { it.toDoubles().asIterable() }
        println("provider ${Provider.chosen()}")
        println("norm ${sqrt(gradient.sumOf { it * it })}")
    }
}

/** The library runs, and computes the same, whatever is present and allowed; nothing but speed depends on flags. */
class ProvidersSpec :
    FunSpec({
        val classPath = System.getProperty("java.class.path")
        val withoutOpenBlas = classPath.split(File.pathSeparator).filterNot {
            "openblas" in File(it).name
        }.joinToString(File.pathSeparator)
        val vector = "--add-modules=jdk.incubator.vector"
        val native = "--enable-native-access=ALL-UNNAMED"

        class Outcome(val code: Int, val text: String) {
            val provider: String get() = Regex("provider (\\w+)").find(text)!!.groupValues[1]
            val norm: Double get() = Regex("norm (\\S+)").find(text)!!.groupValues[1].toDouble()
        }

        fun run(vararg flags: String, path: String = classPath): Outcome {
            val java = File(System.getProperty("java.home"), "bin/java").path
            val command = listOf(java) + flags + listOf("-cp", path, SmallProgram::class.java.name)
            val process = ProcessBuilder(command).redirectErrorStream(true).start()
            val text = process.inputStream.bufferedReader().readText()
            process.waitFor(2, TimeUnit.MINUTES) shouldBe true
            return Outcome(process.exitValue(), text)
        }

        val reference = run("-Dkotangent.kernels=portable")

        fun shouldCompute(outcome: Outcome, provider: String) {
            outcome.code shouldBe 0
            outcome.provider shouldBe provider
            outcome.norm shouldBe (reference.norm plusOrMinus 1e-4 * reference.norm)
        }

        val machine = MachineCode.isPresent()

        test("with the Vector API module and native access nothing is said") {
            val outcome = run(vector, native)
            shouldCompute(outcome, if (machine) "NATIVE" else "VECTOR")
            outcome.text shouldNotContain "slower"
        }

        test("without native access the vector kernels are chosen; one line says what is slower") {
            val outcome = run(vector)
            shouldCompute(outcome, "VECTOR")
            val line =
                "products and convolutions are slower than they could be: " +
                    "start Java with --enable-native-access=ALL-UNNAMED"
            if (machine) outcome.text shouldContain line else outcome.text shouldNotContain "slower"
        }

        test("without the Vector API machine code does what it can; one line says what is slower") {
            val outcome = run(native)
            shouldCompute(
                outcome,
                if (machine) {
                    "NATIVE"
                } else if (OpenBlas.isPresent()) {
                    "OPENBLAS"
                } else {
                    "PORTABLE"
                },
            )
            outcome.text shouldContain
                "several times slower than they could be: start Java with --add-modules jdk.incubator.vector"
        }

        test("OpenBLAS computes the same; without its jar plain Java does") {
            if (OpenBlas.isPresent()) shouldCompute(run(native, "-Dkotangent.kernels=openblas"), "OPENBLAS")
            if (!machine) shouldCompute(run(native, path = withoutOpenBlas), "PORTABLE")
            val outcome = run(native, "-Dkotangent.kernels=openblas", path = withoutOpenBlas)
            outcome.code shouldBe 1
            outcome.text shouldContain
                "put org.bytedeco:openblas with the classifier of your platform on the class path"
        }

        test("where native access is denied plain Java is") {
            shouldCompute(run("--illegal-native-access=deny"), "PORTABLE")
            shouldCompute(run("--illegal-native-access=deny", vector), "VECTOR")
        }

        test("where the second compiler is missing the vector kernels are not chosen") {
            val outcome = run(vector, "-XX:TieredStopAtLevel=1", path = withoutOpenBlas)
            shouldCompute(outcome, "PORTABLE")
            outcome.text shouldContain "run on HotSpot without -Xint and without -XX:TieredStopAtLevel"
        }

        test("the choice can be made by hand") {
            shouldCompute(run(vector, "-Dkotangent.kernels=portable"), "PORTABLE")
            run("-Dkotangent.kernels=gpu").run {
                code shouldBe 1
                text shouldContain "kotangent.kernels: must be one of native, vector, openblas, portable; got gpu"
            }
            run("-Dkotangent.kernels=native").run {
                code shouldBe 1
                text shouldContain "kotangent.kernels: native needs Linux on x86-64 with AVX2, and the permission"
            }
            run("-Dkotangent.kernels=vector").run {
                code shouldBe 1
                text shouldContain
                    "kotangent.kernels: vector needs a module that is missing; start Java with --add-modules"
            }
        }
    })
