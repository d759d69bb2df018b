package org.kotangent.spec.laws

import io.kotest.core.spec.style.funSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.spec.seed
import kotlin.random.Random

/**
 * Operations that are not differentiated, because what they give or what they take are integers or truth values. What
 * they give belongs to no derivation.
 */
fun plainLawsOf(cases: List<Case>) = funSpec {
    for (case in cases) {
        test("${case.title}: not differentiated") {
            repeat(5) { requirePlain(case.problem(Sampler(Random(seed + it)))) }
        }
    }
}

internal fun requirePlain(problem: Problem) {
    val expected = problem.function(problem.arguments)
    val takesReal = problem.arguments.any { it.dtype().isFloating }
    (takesReal && expected.any { it.dtype().isFloating }) shouldBe false
    val escaped = mutableListOf<Tensor>()
    val probe = Tensor.scalar(2.0)

    fun throughResults(scale: Tensor): Tensor {
        val arguments = problem.arguments.map { if (it.dtype().isFloating) Core.mul(it, scale) else it }
        val results = problem.function(arguments)
        escaped += results
        return results.map { Core.sum(it.to(DType.F64), intArrayOf(), false) }.fold(Core.mul(scale, scale), Core::add)
    }
    Ad.grad(::throughResults).apply(probe).item() shouldBe 4.0
    Ad.jvp(::throughResults, probe, Tensor.scalar(1.0)).tangent().item() shouldBe 4.0
    escaped.forEach { Core.reshape(it, it.shape().insert(0, 1)).to(DType.F64) }
}
