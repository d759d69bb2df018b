package org.kotangent.spec.programs

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveAtLeastSize

/** Scans whose bodies are drawn at random, in programs drawn at random, are the loops they stand for. */
class ScanLawsSpec :
    FunSpec({
        val programs = Generator(Kind.loops).programs(250).filter { p -> instructionsIn(p.code).any(::isScan) }

        test(scanIsItsLoop.title) { programs.forEach(scanIsItsLoop::check) }

        test("there are many scans of each kind, and scans in scans") {
            val scans = programs.flatMap { instructionsIn(it.code) }.filter(::isScan).map { it.operation as Nested }
            (Kind.loops - Kind.LOOP).forEach { kind -> scans.filter { it.kind == kind } shouldHaveAtLeastSize 10 }
            scans.filter { s -> instructionsIn(s.body).any(::isScan) } shouldHaveAtLeastSize 1
        }
    })

private fun isScan(instruction: Instruction): Boolean =
    (instruction.operation as? Nested)?.kind in Kind.loops - Kind.LOOP
