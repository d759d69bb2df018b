package org.kotangent.spec.laws

import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary

/** Functions of single numbers. */
val elementaryCases: List<Case> = cases("Elementary") {
    val functions: Map<ScalarOp, (Tensor) -> Tensor> =
        mapOf(
            ScalarOp.EXP to Elementary::exp,
            ScalarOp.EXPM1 to Elementary::expm1,
            ScalarOp.LOG to Elementary::log,
            ScalarOp.LOG1P to Elementary::log1p,
            ScalarOp.SQRT to Elementary::sqrt,
            ScalarOp.SQUARE to Elementary::square,
            ScalarOp.RECIPROCAL to Elementary::reciprocal,
            ScalarOp.SIN to Elementary::sin,
            ScalarOp.COS to Elementary::cos,
            ScalarOp.TAN to Elementary::tan,
            ScalarOp.ASIN to Elementary::asin,
            ScalarOp.ACOS to Elementary::acos,
            ScalarOp.ATAN to Elementary::atan,
            ScalarOp.SINH to Elementary::sinh,
            ScalarOp.COSH to Elementary::cosh,
            ScalarOp.TANH to Elementary::tanh,
            ScalarOp.ASINH to Elementary::asinh,
            ScalarOp.ACOSH to Elementary::acosh,
            ScalarOp.ATANH to Elementary::atanh,
            ScalarOp.ERF to Elementary::erf,
            ScalarOp.ABS to Elementary::abs,
            ScalarOp.SIGN to Elementary::sign,
            ScalarOp.FLOOR to Elementary::floor,
            ScalarOp.CEIL to Elementary::ceil,
            ScalarOp.ROUND to Elementary::round,
        )
    functions.forEach { (op, f) -> unary(op.label(), unaryDomains.getValue(op), f = f) }

    val pairs: Map<ScalarOp, (Tensor, Tensor) -> Tensor> =
        mapOf(
            ScalarOp.POW to Elementary::pow,
            ScalarOp.HYPOT to Elementary::hypot,
            ScalarOp.ATAN2 to Elementary::atan2,
            ScalarOp.MAX to Elementary::max,
            ScalarOp.MIN to Elementary::min,
        )
    pairs.forEach { (op, f) ->
        val (first, second) = binaryDomains.getValue(op)
        binary(op.label(), first, second, f)
    }

    unary("pow", positive, "to a number") { Elementary.pow(it, 2.5) }
    unary("pow", nonZero, "a negative number to an integer") { Elementary.pow(it, 3.0) }
    unary("max", anywhere.awayFrom(0.5), "with a number") { Elementary.max(it, 0.5) }
    unary("min", anywhere.awayFrom(0.5), "with a number") { Elementary.min(it, 0.5) }
    unary("clip", anywhere.awayFrom(-0.5, 1.0)) { Elementary.clip(it, -0.5, 1.0) }
    unary("clip", anywhere.awayFrom(1.0), "on one side") { Elementary.clip(it, Double.NEGATIVE_INFINITY, 1.0) }

    one("where") {
        val shape = shape()
        val mask = mask(shape)
        listOf(tensor(shape), tensor(shape)) through { (a, b) -> Elementary.where(mask, a, b) }
    }
    one("where", "all three stretched") {
        val mask = mask(Shape.of(2, 1))
        listOf(tensor(3), tensor(2, 1, 1)) through { (a, b) -> Elementary.where(mask, a, b) }
    }

    unary("sigmoid", f = Elementary::sigmoid)
    unary("relu", nonZero, f = Elementary::relu)
    unary("leakyRelu", nonZero, "with a fixed slope") { Elementary.leakyRelu(it, 0.1) }
    binary("leakyRelu", nonZero, anywhere, Elementary::leakyRelu)
    unary("softplus", f = Elementary::softplus)
    unary("elu", nonZero) { Elementary.elu(it, 0.7) }
    unary("selu", nonZero, f = Elementary::selu)
    unary("silu", f = Elementary::silu)
    unary("gelu", f = Elementary::gelu)
}
