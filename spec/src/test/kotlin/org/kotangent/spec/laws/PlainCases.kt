package org.kotangent.spec.laws

import org.kotangent.ad.DType
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Nn
import org.kotangent.ops.Reduce

private fun Cases.comparison(method: String, f: (Tensor, Tensor) -> Tensor) =
    one(method) { shape().let { listOf(tensor(it), tensor(it)) through { (a, b) -> f(a, b) } } }

private fun Cases.logic(method: String, f: (Tensor, Tensor) -> Tensor) =
    one(method) { shape().let { listOf(mask(it), mask(it)) through { (a, b) -> f(a, b) } } }

val plainScalarOpCases: List<Case> = cases("ScalarOp") {
    for (op in listOf(ScalarOp.LESS, ScalarOp.LESS_EQUAL, ScalarOp.EQUAL)) {
        comparison(op.name) { a, b -> op.primitive().apply(a, b) }
    }
    for (op in listOf(ScalarOp.AND, ScalarOp.OR)) {
        logic(op.name) { a, b -> op.primitive().apply(a, b) }
    }
    one(ScalarOp.NOT.name) { mask(shape()) through { (a) -> ScalarOp.NOT.primitive().apply(a) } }
}

val plainOperationCases: List<Case> =
    cases("Elementary") {
        comparison("less", Elementary::less)
        comparison("lessEqual", Elementary::lessEqual)
        comparison("greater", Elementary::greater)
        comparison("greaterEqual", Elementary::greaterEqual)
        comparison("equal", Elementary::equal)
        comparison("notEqual", Elementary::notEqual)
        logic("and", Elementary::and)
        logic("or", Elementary::or)
        one("not") { mask(shape()) through { (a) -> Elementary.not(a) } }
    } +
        cases("Reduce") {
            one("argMax") { tensor(filledShape(2..3)) through { (x) -> Reduce.argMax(x, -1) } }
            one("argMin") { tensor(filledShape(2..3)) through { (x) -> Reduce.argMin(x, 0) } }
        } +
        cases("Nn") {
            one("oneHot") { indices(Shape.of(2, 3), 0..3) through { (labels) -> Nn.oneHot(labels, 4, DType.F64) } }
        }
