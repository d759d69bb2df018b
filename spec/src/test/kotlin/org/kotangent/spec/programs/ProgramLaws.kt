package org.kotangent.spec.programs

import io.kotest.core.spec.style.funSpec
import org.kotangent.spec.laws.Law
import org.kotangent.spec.laws.Problem
import org.kotangent.spec.laws.Sampler
import org.kotangent.spec.laws.Trial
import org.kotangent.spec.laws.laws
import org.kotangent.spec.laws.lawsWithoutNumbers
import org.kotangent.spec.seed
import kotlin.random.Random

/** What must hold for every program, of the function it is and of its code. */
internal class ProgramLaw(val title: String, private val check: Trial.(Code) -> Unit) {
    constructor(law: Law) : this(law.title, { law.check(this) })

    /** How the law fails for a program at its point, or null when it holds. */
    fun violation(program: Program): Throwable? = runCatching {
        val problem = Problem(program.point, onlyHere = true, program.code::run)
        Trial("Program", problem, Sampler(Random(seed xor title.hashCode().toLong()))).check(program.code)
    }.exceptionOrNull()

    /** Checks the law; a failure shows a small program for which it fails as well, and how. */
    fun check(program: Program) {
        val violation = violation(program) ?: return
        val shrunk = shrink(program) { violation(it)?.javaClass == violation.javaClass }
        val reason = violation(shrunk.program)
        throw AssertionError(
            "\"$title\" does not hold for the program\n${shrunk.program}\n$reason\n" +
                "(shrunk from ${program.code.size} instructions to ${shrunk.program.code.size} in ${shrunk.tries} " +
                "tries; -Dkotangent.seed=$seed draws the same programs again)",
            reason,
        )
    }
}

/** Programs of growing length. */
fun Generator.programs(count: Int): List<Program> = List(count) { k -> program(seed + k, length = 3 + k % 20) }

/** A test for every law, of all these programs, or of those that do not ask for numbers where a law gives none. */
fun lawsOf(programs: List<Program>) = funSpec {
    for (law in laws.filter { !it.large }.map(::ProgramLaw)) {
        test(law.title) { programs.forEach(law::check) }
    }
    for (law in lawsWithoutNumbers.map(::ProgramLaw)) {
        test(law.title) { programs.filterNot { it.code.readsNumbers }.forEach(law::check) }
    }
}
