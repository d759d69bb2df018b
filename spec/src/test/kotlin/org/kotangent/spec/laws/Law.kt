package org.kotangent.spec.laws

import io.kotest.common.ExperimentalKotest
import io.kotest.core.spec.style.funSpec
import io.kotest.property.Arb
import io.kotest.property.PropTestConfig
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.checkAll
import org.kotangent.spec.seed
import kotlin.random.Random

/**
 * What must hold for every differentiable function at every point.
 *
 * @property trials at how many random points it is checked
 * @property large whether it speaks of problems big enough to be split over threads
 */
class Law(val title: String, val trials: Int = 5, val large: Boolean = false, val check: Trial.() -> Unit) {
    /** Whether the law speaks of the case. */
    fun appliesTo(case: Case): Boolean = !large || case.large != null

    /** Checks the law; a failure prints the arguments and the seed by which `-Dkotangent.seed=` repeats it. */
    @OptIn(ExperimentalKotest::class)
    suspend fun check(case: Case) {
        val trial: Arb<Trial> = arbitrary { source -> draw(case, source.random.nextLong()) }
        checkAll(PropTestConfig(seed = seed, iterations = trials), trial) { it.check() }
    }

    /** How the law fails for the case, or null when it holds. */
    fun violation(case: Case): Throwable? = (seed until seed + trials).firstNotNullOfOrNull {
        runCatching { draw(case, it).check() }.exceptionOrNull()
    }

    private fun draw(case: Case, seed: Long): Trial {
        val sampler = Sampler(Random(seed xor (title + case.title).hashCode().toLong()))
        return Trial(case.title, if (large) case.large!!(sampler) else case.problem(sampler), sampler)
    }
}

/** The laws of every function, also of one that asks for the numbers of its arguments. */
val laws: List<Law> = firstOrderLaws + higherOrderLaws + purityLaws + transformationLaws + planLaws

/** The laws of functions that do not ask. */
val lawsWithoutNumbers: List<Law> = graphLaws + vmapLaws

/** A test for every law, for every case. */
fun lawsOf(cases: List<Case>, among: List<Law> = laws + lawsWithoutNumbers) = funSpec {
    for (case in cases) {
        context(case.title) {
            for (law in among.filter { it.appliesTo(case) }) {
                test(law.title) { law.check(case) }
            }
        }
    }
}
