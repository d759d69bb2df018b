package org.kotangent.spec.programs

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.collections.shouldHaveAtLeastSize
import io.kotest.matchers.shouldBe
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.spec.laws.Domain
import org.kotangent.spec.laws.Sampler
import org.kotangent.spec.laws.anywhere
import org.kotangent.spec.laws.binaryDomains
import org.kotangent.spec.laws.nonZero
import org.kotangent.spec.laws.positive
import org.kotangent.spec.laws.unaryDomains
import org.kotangent.spec.seed
import kotlin.random.Random

private const val POINTS = 4

/** Where the operands of a function may lie. */
private fun domains(op: ScalarOp): List<Domain> = when (op) {
    ScalarOp.POLYGAMMA -> listOf(positive)
    ScalarOp.FMA -> listOf(anywhere, anywhere, anywhere)
    ScalarOp.SELECT -> listOf(nonZero, anywhere, anywhere)
    else -> unaryDomains[op]?.let(::listOf) ?: binaryDomains.getValue(op).toList()
}

/** Single numbers give the same in the scalar engine as in tensors without axes. */
class EnginesSpec :
    FunSpec({
        for ((op, function) in scalarFunctions) {
            test(function.name) {
                val sampler = Sampler(Random(seed xor function.name.hashCode().toLong()))
                repeat(POINTS) {
                    val point = domains(op).map { sampler.tensor(Shape.scalar(), it) }
                    val instruction = Instruction(function, point.indices.toList())
                    enginesAgree.check(Program(point, Code(point.size, listOf(instruction), listOf(point.size))))
                }
            }
        }

        test("no function is left out") {
            scalarFunctions.keys shouldBe ScalarOp.entries.filterNot { it.isCondition }.toSet()
        }

        val programs = scalarGenerator().programs(150)

        test(enginesAgree.title) { programs.forEach(enginesAgree::check) }

        test("the programs use every function, branches and nested derivatives, and share values") {
            val all = programs.flatMap { instructionsIn(it.code) }
            val names = all.map { it.operation.name.substringBefore('[') }.toSet()
            names shouldContainAll scalarFunctions.values.map { it.name.substringBefore('[') }
            names shouldContainAll scalarKinds.keys.map { it.title } + "ifGreater"
            programs.filter { p ->
                p.code.instructions.flatMap { it.operands.distinct() }.groupBy { it }.any { it.value.size > 1 }
            } shouldHaveAtLeastSize programs.size / 3
        }
    })
