package org.kotangent.spec.conformance

import io.kotest.core.spec.style.FunSpec
import org.kotangent.ad.DType
import org.kotangent.ad.Tensor

/**
 * The single-operator cases of the ONNX standard through our public operations, a test for each case: element type,
 * shape and numbers of every output, and for floating cases the agreement of forward and reverse mode at that point.
 * What the operations cannot express is not a test; the table at the end of the run names it with the reason.
 */
class OnnxNodeSpec :
    FunSpec({
        val known =
            listOf(
                elementwiseOperators,
                reductionOperators,
                shapeOperators,
                indexingOperators,
                networkOperators,
                statisticalOperators,
                optimiserOperators,
            ).reduce { all, more -> all + more }
        val ledger = OnnxLedger()
        val cases = OnnxCase.readAll()

        if (cases == null) {
            xtest("no ONNX case can be read: ../shared/conformance/onnx-node is absent") {}
        }

        cases.orEmpty().forEach { case ->
            val operator = known[case.operator]
            val why = outside(case, operator)
            if (operator == null || why != null) {
                ledger.outside(case.op, why ?: "operator not in this library yet")
            } else {
                test(case.toString()) {
                    runCatching { conforms(case, operator) }
                        .onSuccess { ledger.passed(case.op, differentiated = it) }
                        .onFailure { ledger.failed(case.op) }
                        .getOrThrow()
                }
            }
        }

        afterSpec { if (cases != null) println(ledger) }
    })

private fun outside(case: OnnxCase, operator: Operator?): String? = when {
    operator == null -> null
    else -> (case.inputs + case.outputs).firstNotNullOfOrNull { it?.outside } ?: operator.limit(OnnxNode(case))
}

/** Runs a case and returns whether there was a derivative to compare. */
private fun conforms(case: OnnxCase, operator: Operator): Boolean {
    val node = OnnxNode(case)
    val actual = operator.run(node)
    case.outputs.forEachIndexed { i, expected ->
        if (expected != null) {
            val output = checkNotNull(actual.getOrNull(i)) { "there is no output $i" }
            requireEqual(case, i, expected.tensor(), output)
        }
    }
    val floating = node.inputs.indices.filter { node.inputs[it]?.isFloating() == true }
    val differentiable = floating.any { node[it].size() > 0 } && actual.any { it?.isFloating() == true }
    if (differentiable) {
        requireAdjoint(floating.map { node[it].to(DType.F64) }) { x ->
            val given = node.inputs.toMutableList<Tensor?>()
            floating.forEachIndexed { k, i -> given[i] = x[k] }
            operator.run(node.on(given)).filterNotNull().filter { it.isFloating() }
        }
    }
    return differentiable
}
