package org.kotangent.spec.laws

import org.kotangent.ad.Arr
import org.kotangent.ad.Core
import org.kotangent.ad.Primitive
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor

/** x less its mean, which in a batch is by mistake the mean of the whole batch. */
private class Centred : Primitive() {
    override fun name() = "centred"

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0])

    override fun kernel(x: Array<Arr>, y: Array<Arr>) {
        val mean = (0 until x[0].size()).sumOf(x[0]::get) / x[0].size()
        repeat(y[0].size()) { y[0].set(it, x[0].get(it) - mean) }
    }

    override fun jvp(x: Array<Tensor>, y: Array<Tensor>, dx: Array<Tensor?>): Array<Tensor?> =
        arrayOf(dx[0]?.let { apply(it) })

    override fun batch(x: Array<Tensor>, batched: BooleanArray, size: Int): Array<Tensor> = arrayOf(apply(x[0]))
}

private fun caseOf(primitive: Primitive): Case = Case("Faulty.${primitive.name()}") {
    Problem(listOf(tensor(Shape.of(3)))) { (x) -> listOf(primitive.apply(x)) }
}

/** A factor that is another one each time it is asked for. */
private fun changing(by: Double): () -> Double {
    var calls = 0
    return { 1 + by * calls++ }
}

/** Mistakes that show only where a transformation runs a rule once, again, for all at once, or not at all. */
val transformationBugs: List<Bug> =
    listOf(
        Bug(
            "the forward rule is another one each time",
            linearizationIsTheTangent,
            changing(0.1).let { factor -> caseOf(Exponential(jvp = { _, y, d -> Core.mul(d, y).times(factor()) })) },
        ),
        Bug(
            "the sign is flipped in vjp alone",
            jacobiansAgree,
            caseOf(Exponential(vjp = { _, y, g -> -Core.mul(g, y) })),
        ),
        Bug(
            "the kernel gives other bits when it runs again",
            checkpointChangesNothing,
            changing(1e-15).let { drift ->
                caseOf(Exponential(kernel = { x, y -> repeat(x.size()) { y.set(it, Math.exp(x.get(it)) * drift()) } }))
            },
        ),
        Bug("a batch is taken for one large operand", vmapIsTheLoop, caseOf(Centred())),
    )
