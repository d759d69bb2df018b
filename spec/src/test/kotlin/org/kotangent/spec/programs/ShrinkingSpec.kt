package org.kotangent.spec.programs

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import org.kotangent.ad.Core
import org.kotangent.ad.Primitive
import org.kotangent.ad.Tensor
import org.kotangent.ad.scalar.Real
import org.kotangent.ops.Elementary
import org.kotangent.spec.laws.Exponential
import org.kotangent.spec.laws.GreedyProduct
import org.kotangent.spec.laws.HalfRawProduct
import org.kotangent.spec.laws.Law
import org.kotangent.spec.laws.MatrixProduct
import org.kotangent.spec.laws.argumentsAreIndependent
import org.kotangent.spec.laws.cotangentIsTheAdjoint
import org.kotangent.spec.laws.hessianIsSymmetric
import org.kotangent.spec.laws.hessianProductsAgree
import org.kotangent.spec.laws.tangentIsTheDerivative
import org.kotangent.spec.laws.timesRawResult
import org.kotangent.spec.seed

/** A primitive with a mistake, as an operation of programs. */
private class Mistake(val law: ProgramLaw, val operation: String, private val generator: Generator) {
    constructor(law: Law, primitive: Primitive, recipe: Recipe) :
        this(ProgramLaw(law), primitive.name(), Generator(extra = listOf(recipe)))

    /** Large programs for which the law fails. */
    fun failures(): Sequence<Program> = generateSequence(seed) {
        it + 1
    }.map { generator.program(it, length = 30) }.filter { law.violation(it) != null }
}

private fun ofOneNumber(law: Law, primitive: Primitive): Mistake {
    val operation = Plain(primitive.name(), { (x) -> isModerate(x) }) { (x) -> primitive.apply(x) }
    return Mistake(law, primitive, ofOne { operation })
}

private fun ofTwoNumbers(law: Law, primitive: Primitive, fit: (Tensor, Tensor) -> Boolean): Mistake {
    val operation = Plain(primitive.name(), { (a, b) -> fit(a, b) }) { (a, b) -> primitive.apply(a, b) }
    return Mistake(law, primitive, ofTwo(partner = fit) { _, _ -> operation })
}

private fun isModerate(x: Tensor) = x.toDoubles().all { it < 1.5 }

private fun alike(a: Tensor, b: Tensor) = a.shape() == b.shape()

private fun factors(a: Tensor, b: Tensor) = a.rank() == 2 && b.rank() == 2 && a.dim(1) == b.dim(0)

private val rawSine =
    Numeric("rawSine", tensors = { (x) -> Elementary.sin(x) }) { (x) -> Real.of(x.value()).sin() + (x - x) }

private val steepIfRecorded =
    Plain("steepIfRecorded") { (x) -> if ("symbolic" in x.toString()) x.times(1.5) else x }

private val mistakes =
    mapOf(
        "the sign is flipped in vjp" to
            ofOneNumber(cotangentIsTheAdjoint, Exponential(vjp = { _, y, g -> -Core.mul(g, y) })),
        "the sign is flipped in jvp" to
            ofOneNumber(tangentIsTheDerivative, Exponential(jvp = { _, y, d -> -Core.mul(d, y) })),
        "the forward rule computes with raw numbers" to
            ofOneNumber(hessianProductsAgree, Exponential(jvp = timesRawResult)),
        "a transpose is missing" to
            ofTwoNumbers(cotangentIsTheAdjoint, MatrixProduct(transposeB = false), ::factors),
        "one of two cotangents computes with raw numbers" to
            ofTwoNumbers(hessianIsSymmetric, HalfRawProduct(), ::alike),
        "an argument without a tangent is taken for one with" to
            ofTwoNumbers(argumentsAreIndependent, GreedyProduct(), ::alike),
        "a scalar function computes with raw numbers" to
            Mistake(enginesAgree, "rawSine", scalarGenerator(listOf(ofOne { rawSine }))),
        "a function is another one where a scan records it" to
            Mistake(scanIsItsLoop, "steepIfRecorded", Generator(Kind.loops, extra = listOf(ofOne { steepIfRecorded }))),
    )

/** A mistake that sits in a large program is shown in a small one. */
class ShrinkingSpec :
    FunSpec({
        for ((title, mistake) in mistakes) {
            test("$title: what is left of a large program is the mistake") {
                for (program in mistake.failures().filter { it.code.size >= 15 }.take(3)) {
                    val shrunk = shrink(program) { mistake.law.violation(it) != null }
                    withClue("$program\n--- to ---\n${shrunk.program}") {
                        shrunk.program.code.size shouldBeLessThanOrEqual 2
                        shrunk.program.toString() shouldContain mistake.operation
                    }
                }
            }
        }

        test("a failure says what is wrong with which program, and how to see it again") {
            val mistake = mistakes.getValue("the sign is flipped in vjp")
            val lines = shouldThrow<AssertionError> { mistake.law.check(mistake.failures().first()) }.message!!.lines()
            lines shouldHaveSize 6
            lines[0] shouldBe "\"${mistake.law.title}\" does not hold for the program"
            lines[1] shouldMatch Regex("    v0 = f64\\[] -?[0-9.]+")
            lines[2] shouldBe "    v1 = exponential(v0) // []"
            lines[3] shouldBe "    return v1"
            lines[4] shouldContain "⟨w, J·v⟩: "
            lines[5] shouldMatch Regex("\\(shrunk from \\d+ instructions to 1 in \\d+ tries; -Dkotangent.seed=.*\\)")
        }
    })
