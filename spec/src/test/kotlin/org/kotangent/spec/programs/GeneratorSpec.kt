package org.kotangent.spec.programs

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldHaveAtLeastSize
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary

/** Programs are worth their time if they differ from each other, do many things, and come again for the same seed. */
class GeneratorSpec :
    FunSpec({
        val programs = Generator().programs(300)
        val all = programs.flatMap { instructionsIn(it.code) }

        test("the same seed gives the same program, another seed another one") {
            val again = Generator().programs(20)
            again.map { "$it" } shouldBe programs.take(20).map { "$it" }
            again.map { "$it" }.distinct().size shouldBe 20
        }

        test("every operation is used") {
            val names = all.map { it.operation.name.substringBefore('[') }.toSet()
            names.size shouldBeGreaterThan 60
            names shouldContainAll
                listOf("ifPositive", "where", "conv2d", "matmul", "gather", "log")
            names shouldContainAll Kind.entries.map { it.title }
        }

        test("transformations are nested, and their functions close over values around them") {
            val functions = all.map { it.operation }.filterIsInstance<Nested>()
            functions.filter { it.body.inputs > 1 } shouldHaveAtLeastSize 20
            functions.filter { d -> d.body.instructions.any { it.operation is Nested } } shouldHaveAtLeastSize 5
        }

        test("values are shared") {
            programs.count { p ->
                p.code.instructions.flatMap { it.operands.distinct() }.let {
                    it.size >
                        it.distinct().size
                }
            } shouldBeGreaterThan
                100
        }

        test("every program is tame where it stands, and nothing in it is idle") {
            programs.filterNot(Neighbourhood::isTame).shouldBeEmpty()
            programs.filter { it.code.needed().size < it.code.values }.shouldBeEmpty()
        }

        test("a program that comes near a kink, or is steep, is not tame") {
            val relu = Plain("relu", { (x) -> x.item() > 0.35 || x.item() < -0.35 }) { (x) -> Elementary.relu(x) }
            val steep = Plain("steep") { (x) -> Elementary.tanh(x.times(20.0)) }

            fun tame(operation: Operation, at: Double) = Neighbourhood.isTame(
                Program(listOf(Tensor.scalar(at)), Code(1, listOf(Instruction(operation, listOf(0))), listOf(1))),
            )
            tame(relu, 1.0) shouldBe true
            tame(relu, 0.3) shouldBe false
            tame(relu, -1.0) shouldBe false // there it is constant
            tame(steep, 0.1) shouldBe false
        }

        test("a program is text that can be read") {
            val sine = Plain("sin") { (x) -> Elementary.sin(x) }
            val product = Plain("mul") { (x, y) -> x.times(y) }
            val body = Code(2, listOf(Instruction(sine, listOf(0)), Instruction(product, listOf(2, 1))), listOf(3))
            val code =
                Code(
                    2,
                    listOf(Instruction(Nested(Kind.GRAD, body), listOf(0, 1)), Instruction(sine, listOf(2))),
                    listOf(3),
                )
            "${Program(listOf(Tensor.of(0.0, 1.0), Tensor.scalar(2.0)), code)}".lines().map { it.trim() } shouldBe
                listOf(
                    "v0 = f64[2] [0.0, 1.0]",
                    "v1 = f64[] 2.0",
                    "v2 = grad { u0, u1 -> u2 = sin(u0); u3 = mul(u2, u1); u3 }(v0, v1) // [2]",
                    "v3 = sin(v2) // [2]",
                    "return v3",
                )
            code.run(listOf(Tensor.scalar(0.0), Tensor.scalar(2.0))).single().item() shouldBe Math.sin(2.0)
        }
    })

internal fun instructionsIn(code: Code): List<Instruction> = code.instructions.flatMap { instruction ->
    val body = (instruction.operation as? Nested)?.body
    listOf(instruction) + body?.let(::instructionsIn).orEmpty()
}
