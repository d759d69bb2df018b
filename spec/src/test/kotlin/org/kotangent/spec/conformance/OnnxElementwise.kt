package org.kotangent.spec.conformance

import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import kotlin.math.PI
import kotlin.math.sqrt

/** Operators that act on single numbers, with the broadcasting of NumPy. */
internal val elementwiseOperators: Map<String, Operator> =
    operators {
        arithmetic()
        functions()
        activations()
        comparisons()
    }

private fun Operators.unary(name: String, f: (Tensor) -> Tensor) = operator(name) { f(this[0]) }

private fun Operators.binary(name: String, f: (Tensor, Tensor) -> Tensor) = operator(name) { f(this[0], this[1]) }

/** Any number of operands, combined from the left. */
private fun Operators.variadic(name: String, f: (Tensor, Tensor) -> Tensor) =
    operator(name) { inputs.filterNotNull().reduce(f) }

private fun Operators.arithmetic() {
    binary("Add", Tensor::plus)
    binary("Sub", Tensor::minus)
    binary("Mul", Tensor::times)
    binary("Div", Tensor::div)
    binary("Pow", ::power)
    operator("Mod") {
        val (x, y) = listOf(this[0], this[1]).map { if (it.isFloating()) it else it.to(DType.F64) }
        (if (flag("fmod")) truncatedRemainder(x, y) else flooredRemainder(x, y)).to(this[0].dtype())
    }
    variadic("Max", Elementary::max)
    variadic("Min", Elementary::min)
    variadic("Sum", Tensor::plus)
    operator("Mean") { inputs.filterNotNull().let { terms -> terms.reduce(Tensor::plus) / terms.size.toDouble() } }
    operator("Clip") {
        val integer = this[0].dtype() == DType.I32
        val low =
            optional(1)?.item() ?: float("min", if (integer) Int.MIN_VALUE.toDouble() else Double.NEGATIVE_INFINITY)
        val high =
            optional(2)?.item() ?: float("max", if (integer) Int.MAX_VALUE.toDouble() else Double.POSITIVE_INFINITY)
        Elementary.clip(this[0], minOf(low, high), high)
    }
    operator("Cast") { this[0].to(ELEMENT_TYPES.getValue(int("to", 1))) }
    binary("CastLike") { x, like -> x.to(like.dtype()) }
    operator("Where") { Elementary.where(this[0], this[1], this[2]) }
    unary("Identity") { it }
}

/** The operands may differ in type; the result has that of the base. */
private fun power(x: Tensor, y: Tensor): Tensor = if (x.dtype() == y.dtype() && x.isFloating()) {
    Elementary.pow(x, y)
} else {
    Elementary.pow(x.to(DType.F64), y.to(DType.F64)).to(x.dtype())
}

/** With the sign of the dividend. */
private fun truncatedRemainder(x: Tensor, y: Tensor): Tensor = remainder(x, y, x) {
    Elementary.sign(it) * Elementary.floor(Elementary.abs(it))
}

/** With the sign of the divisor. */
private fun flooredRemainder(x: Tensor, y: Tensor): Tensor {
    val apart = Elementary.less(Elementary.sign(x) * Elementary.sign(y), x.like(0.0))
    return remainder(x, y, Elementary.where(apart, y, x), Elementary::floor)
}

/** x − y·round(x/y), or [beyond] where only the divisor is infinite. */
private fun remainder(x: Tensor, y: Tensor, beyond: Tensor, round: (Tensor) -> Tensor): Tensor {
    val far = Elementary.and(Elementary.not(infinite(x)), infinite(y))
    val divisor = Elementary.where(far, y.like(1.0), y)
    return Elementary.where(far, beyond, x - divisor * round(x / divisor))
}

private fun infinite(x: Tensor): Tensor = Elementary.equal(Elementary.abs(x), x.like(Double.POSITIVE_INFINITY))

private fun Operators.functions() {
    unary("Abs", Elementary::abs)
    unary("Neg", Tensor::unaryMinus)
    unary("Sign", Elementary::sign)
    unary("Reciprocal", Elementary::reciprocal)
    unary("Sqrt", Elementary::sqrt)
    unary("Exp", Elementary::exp)
    unary("Log", Elementary::log)
    unary("Floor", Elementary::floor)
    unary("Ceil", Elementary::ceil)
    unary("Round", Elementary::round)
    unary("Sin", Elementary::sin)
    unary("Cos", Elementary::cos)
    unary("Tan", Elementary::tan)
    unary("Asin", Elementary::asin)
    unary("Acos", Elementary::acos)
    unary("Atan", Elementary::atan)
    unary("Sinh", Elementary::sinh)
    unary("Cosh", Elementary::cosh)
    unary("Tanh", Elementary::tanh)
    unary("Asinh", Elementary::asinh)
    unary("Acosh", Elementary::acosh)
    unary("Atanh", Elementary::atanh)
    unary("Erf", Elementary::erf)
}

private fun Operators.activations() {
    unary("Sigmoid", Elementary::sigmoid)
    unary("Relu", Elementary::relu)
    unary("Softplus", Elementary::softplus)
    unary("Softsign") { it / (Elementary.abs(it) + 1.0) }
    unary("Mish") { it * Elementary.tanh(Elementary.softplus(it)) }
    unary("HardSwish") { it * Elementary.clip(it / 6.0 + 0.5, 0.0, 1.0) }
    binary("PRelu", Elementary::leakyRelu)
    operator("LeakyRelu") { Elementary.leakyRelu(this[0], float("alpha", 0.01)) }
    operator("Elu") { Elementary.elu(this[0], float("alpha", 1.0)) }
    operator("Selu") { Elementary.elu(this[0], float("alpha", SELU_ALPHA)) * float("gamma", SELU_GAMMA) }
    operator("Celu") { float("alpha", 1.0).let { Elementary.elu(this[0] / it, 1.0) * it } }
    operator("Swish") { this[0] * Elementary.sigmoid(this[0] * float("alpha", 1.0)) }
    operator("Gelu") { if (string("approximate", "none") == "tanh") tanhGelu(this[0]) else Elementary.gelu(this[0]) }
    operator("HardSigmoid") { Elementary.clip(this[0] * float("alpha", 0.2) + float("beta", 0.5), 0.0, 1.0) }
    operator("ThresholdedRelu") {
        val x = this[0]
        Elementary.where(Elementary.greater(x, x.like(float("alpha", 1.0))), x, x.like(0.0))
    }
    operator("Shrink") {
        val (x, bias, edge) = Triple(this[0], float("bias", 0.0), this[0].like(float("lambd", 0.5)))
        val above = Elementary.where(Elementary.greater(x, edge), x - bias, x.like(0.0))
        Elementary.where(Elementary.less(x, -edge), x + bias, above)
    }
}

private fun tanhGelu(x: Tensor): Tensor = x * 0.5 * (Elementary.tanh((x + x * x * x * 0.044715) * sqrt(2 / PI)) + 1.0)

private fun Operators.comparisons() {
    binary("Equal") { a, b ->
        if (a.isBoolean()) Elementary.equal(a.to(DType.I32), b.to(DType.I32)) else Elementary.equal(a, b)
    }
    binary("Greater", Elementary::greater)
    binary("Less", Elementary::less)
    binary("GreaterOrEqual", Elementary::greaterEqual)
    binary("LessOrEqual", Elementary::lessEqual)
    binary("And", Elementary::and)
    binary("Or", Elementary::or)
    binary("Xor") { a, b -> Elementary.and(Elementary.or(a, b), Elementary.not(Elementary.and(a, b))) }
    unary("Not", Elementary::not)
    unary("IsNaN") { Elementary.notEqual(it, it) }
    operator("IsInf") {
        val x = this[0]
        val above = if (flag("detect_positive", true)) Double.POSITIVE_INFINITY else Double.NaN
        val below = if (flag("detect_negative", true)) Double.NEGATIVE_INFINITY else Double.NaN
        Elementary.or(Elementary.equal(x, x.like(above)), Elementary.equal(x, x.like(below)))
    }
}

/** The numbers by which the standard calls the element types that we have; 64-bit integers become I32. */
private val ELEMENT_TYPES = mapOf(1 to DType.F32, 6 to DType.I32, 7 to DType.I32, 9 to DType.BOOL, 11 to DType.F64)

private const val SELU_ALPHA = 1.67326319217681884765625
private const val SELU_GAMMA = 1.05070102214813232421875
