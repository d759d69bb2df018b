package org.kotangent.spec.laws

import io.kotest.assertions.withClue
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor

private fun Trial.requirePlanned(f: (List<Tensor>) -> List<Tensor>) {
    val plan = Ad.compile<List<Tensor>, List<Tensor>> { f(it) }
    val expected = f(x)
    val first = plan.apply(x)
    val second = plan.apply(x)
    withClue({ plan.explain(x) }) {
        expected.indices.forEach { j ->
            first[j].contentEquals(expected[j]) shouldBe true
            second[j].contentEquals(expected[j]) shouldBe true
        }
    }
}

val plansComputeTheSame =
    Law("a plan computes the same bits, every time", trials = 2) { requirePlanned(::f) }

val plansDifferentiateTheSame =
    Law("a plan of the pullback computes the same bits", trials = 2) {
        val w = like(f(x))
        requirePlanned { z -> vjp(w, z) }
    }

val planLaws: List<Law> = listOf(plansComputeTheSame, plansDifferentiateTheSame)
