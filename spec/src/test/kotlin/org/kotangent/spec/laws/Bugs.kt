package org.kotangent.spec.laws

import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Elementwise
import org.kotangent.ad.Primitive
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Shapes

/** A mistake in an operation, and the law that is there to catch it. */
class Bug(val mistake: String, val caughtBy: Law, val case: Case)

private val vector = Shape.of(3)
private val square = Shape.of(3, 3)

private fun caseOf(primitive: Primitive, vararg shapes: Shape = arrayOf(vector)): Case =
    Case("Faulty.${primitive.name()}") {
        Problem(shapes.map { tensor(it) }) { listOf(primitive.apply(*it.toTypedArray())) }
    }

private fun caseOf(name: String, f: () -> (Tensor) -> Tensor): Case = Case("Faulty.$name") {
    val function = f()
    Problem(listOf(tensor(vector))) { (x) -> listOf(function(x)) }
}

/** A number that grows by one ulp or so each time it is asked for. */
private fun drifting(): () -> Double {
    var calls = 0
    return { 1 + 1e-15 * calls++ }
}

/** The primitives that follow, without a mistake: no law complains. */
val faultless: List<Case> =
    listOf(
        caseOf(Exponential()),
        caseOf(MatrixProduct(), square, square),
        caseOf(AddVector(reduced = 0), square, vector),
        caseOf(Reversal()),
    )

private val wrongNumbers: List<Bug> =
    listOf(
        Bug(
            "the sign is flipped in vjp",
            cotangentIsTheAdjoint,
            caseOf(
                Exponential(vjp = { _, y, g ->
                    -Core.mul(g, y)
                }),
            ),
        ),
        Bug(
            "the sign is flipped in jvp",
            tangentIsTheDerivative,
            caseOf(
                Exponential(jvp = { _, y, d ->
                    -Core.mul(d, y)
                }),
            ),
        ),
        Bug(
            "the sign is flipped in both",
            tangentIsTheDerivative,
            caseOf(Elementwise.unary("wrongExp", { it.exp() }, { _, y -> y.neg() })),
        ),
        Bug(
            "a factor is dropped",
            tangentIsTheDerivative,
            caseOf(Elementwise.unary("wrongSquare", { it.square() }, { x, _ -> x })),
        ),
        Bug(
            "a transpose is missing in the left adjoint",
            cotangentIsTheAdjoint,
            caseOf(MatrixProduct(transposeB = false), square, square),
        ),
        Bug(
            "a transpose is missing in the right adjoint",
            cotangentIsTheAdjoint,
            caseOf(MatrixProduct(transposeA = false), square, square),
        ),
        Bug(
            "a broadcast is reduced over the wrong axis",
            cotangentIsTheAdjoint,
            caseOf(AddVector(reduced = 1), square, vector),
        ),
        Bug(
            "the tangent is not linear",
            tangentIsLinear,
            caseOf(Exponential(jvp = { _, y, d -> Core.mul(ScalarOp.ABS.primitive().apply(d), y) })),
        ),
        Bug(
            "the cotangent is not linear",
            pullbackIsLinear,
            caseOf(Exponential(vjp = { _, y, g -> Core.mul(ScalarOp.SQUARE.primitive().apply(g), y) })),
        ),
        Bug(
            "an argument without a tangent is taken for one with",
            argumentsAreIndependent,
            caseOf(GreedyProduct(), vector, vector),
        ),
        Bug(
            "a result without a cotangent is taken for one with",
            resultsAreIndependent,
            Case("Faulty.greedySplit") { Problem(listOf(tensor(vector))) { GreedySplit().applyAll(it[0]) } },
        ),
        Bug(
            "the kernel is coarse in F32",
            singleFollowsDouble,
            caseOf(
                Exponential(kernel = { x, y ->
                    exponentialKernel(x, y)
                    if (y.dtype() == DType.F32) repeat(y.size()) { y.set(it, Math.round(y.get(it) * 256) / 256.0) }
                }),
            ),
        ),
    )

private val wrongNesting: List<Bug> =
    listOf(
        Bug(
            "both rules compute with raw numbers",
            hessianIsTheDerivative,
            caseOf(Exponential(jvp = timesRawResult, vjp = timesRawResult)),
        ),
        Bug(
            "the forward rule computes with raw numbers",
            hessianProductsAgree,
            caseOf(Exponential(jvp = timesRawResult)),
        ),
        Bug(
            "the reverse rule computes with raw numbers",
            secondDerivativesAgree,
            caseOf(Exponential(vjp = timesRawResult)),
        ),
        Bug(
            "one of two cotangents computes with raw numbers",
            hessianIsSymmetric,
            caseOf(HalfRawProduct(), vector, vector),
        ),
        Bug(
            "the derivative of the derivative computes with raw numbers",
            thirdDerivativesAgree,
            Exponential(jvp = timesRawResult, vjp = timesRawResult).let { partial ->
                val rule: Rule = { x, _, d -> Core.mul(d, partial.apply(x)) }
                caseOf(Exponential(jvp = rule, vjp = rule))
            },
        ),
    )

private val impurity: List<Bug> =
    listOf(
        Bug(
            "the kernel changes its argument",
            argumentsAreUnchanged,
            caseOf(
                Exponential(kernel = { x, y ->
                    exponentialKernel(x, y)
                    x.fill(0, x.size(), 0.0)
                }),
            ),
        ),
        Bug(
            "the kernel remembers earlier calls",
            resultsRepeat,
            drifting().let { drift ->
                caseOf(Exponential(kernel = { x, y -> repeat(x.size()) { y.set(it, Math.exp(x.get(it)) * drift()) } }))
            },
        ),
        Bug(
            "the rule remembers earlier calls",
            pullbackIsReusable,
            drifting().let { drift -> caseOf(Exponential(vjp = { _, y, g -> Core.mul(g, y).times(drift()) })) },
        ),
        Bug(
            "the value under differentiation is another one",
            primalIsUnchanged,
            caseOf("looksAtItsArgument") {
                { x -> x.times(if (x.javaClass == raw(x).javaClass) 1.0 else 1 + 1e-15) }
            },
        ),
        Bug(
            "the function is another one at each call",
            chainRule,
            caseOf("counter") {
                var calls = 0
                { x -> x.times(1.0 + calls++) }
            },
        ),
        Bug(
            "a sum is split by the number of threads",
            threadsDoNotMatter,
            Case("Faulty.threadedSum", large = {
                Problem(listOf(tensor(100_001))) { listOf(ThreadedSum().apply(it[0])) }
            }) {
                Problem(listOf(tensor(vector))) { listOf(ThreadedSum().apply(it[0])) }
            },
        ),
    )

/** Off by a bit where a value has no number yet. */
private fun changedIfCaptured(t: Tensor): Tensor = if ("symbolic" in t.toString()) t.times(1 + 1e-15) else t

private val wrongCapture: List<Bug> =
    listOf(
        Bug(
            "the function is another one while it is captured",
            graphIsTheFunction,
            caseOf("changedIfCaptured") { ::changedIfCaptured },
        ),
        Bug(
            "the rule is another one while it is captured",
            graphOfDerivatives,
            caseOf(Exponential(jvp = { _, y, d -> changedIfCaptured(Core.mul(d, y)) })),
        ),
        Bug(
            "a graph has other slopes than its function",
            derivativesOfGraphs,
            caseOf("steepIfCaptured") {
                { x -> if ("symbolic" in x.toString()) x.times(x).times(1 + 1e-15) else x.times(x) }
            },
        ),
    )

private val wrongBatches: List<Bug> =
    listOf(
        Bug(
            "the batching rule confuses the elements of a batch",
            vmapIsTheLoop,
            caseOf(Exponential(batch = { apply(Shapes.flip(it, 0)) })),
        ),
        Bug(
            "the batching rule of the tangent confuses the elements of a batch",
            vmapOfDerivatives,
            Exponential(batch = { apply(Shapes.flip(it, 0)) }).let { partial ->
                caseOf(Exponential(jvp = { x, _, d -> Core.mul(d, partial.apply(x)) }))
            },
        ),
        Bug(
            "the batching rule computes with raw numbers",
            derivativesOfVmap,
            caseOf(Exponential(batch = { apply(raw(it)) })),
        ),
        Bug(
            "the batching rule takes one batch for granted",
            vmapOfVmap,
            caseOf(Reversal(further = { 1 })),
        ),
    )

/** Right in a fresh buffer only, where it finds zeros to add to. */
private val adding = Exponential(kernel = { x, y -> repeat(x.size()) { y.set(it, y.get(it) + Math.exp(x.get(it))) } })

private fun addingTwice(x: Tensor): Tensor = adding.apply(adding.apply(x.times(0.1)).times(0.1))

private val dirtyBuffers: List<Bug> =
    listOf(
        Bug("a kernel counts on a fresh buffer", plansComputeTheSame, caseOf("addingTwice") { ::addingTwice }),
        Bug(
            "a rule uses a kernel that counts on a fresh buffer",
            plansDifferentiateTheSame,
            caseOf(Exponential(vjp = { _, y, g -> addingTwice(g.times(y)) })),
        ),
    )

val bugs: List<Bug> =
    wrongNumbers + wrongNesting + impurity + wrongCapture + wrongBatches + transformationBugs + dirtyBuffers
