package org.kotangent.spec.scalar

import io.kotest.property.Arb
import io.kotest.property.arbitrary.double
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import java.util.function.UnaryOperator

/** A function of one real. */
internal typealias Univariate = (Real) -> Real

/** A function of one real, with an interval on which it is smooth and, where Kotlin has one, its plain counterpart. */
internal class Elementary(
    val name: String,
    val from: Double,
    val to: Double,
    val plain: ((Double) -> Double)?,
    val f: Univariate,
) {
    val points: Arb<Double> get() = Arb.double(from..to, includeNaNs = false)
}

/** Every function of one number, and those of two with one operand held. */
internal val elementary: List<Elementary> =
    listOf(
        Elementary("unaryMinus", -3.0, 3.0, { -it }) { -it },
        Elementary("plus a number", -3.0, 3.0, { it + 1.5 }) { it + 1.5 },
        Elementary("minus a number", -3.0, 3.0, { it - 1.5 }) { it - 1.5 },
        Elementary("times a number", -3.0, 3.0, { it * 1.5 }) { it * 1.5 },
        Elementary("div by a number", -3.0, 3.0, { it / 1.5 }) { it / 1.5 },
        Elementary("plus", -3.0, 3.0, { it + it }) { it + it },
        Elementary("minus", -3.0, 3.0, { it * it - it }) { it * it - it },
        Elementary("times", -3.0, 3.0, { it * it }) { it * it },
        Elementary("div", 0.5, 3.0, { (it + 1) / it }) { (it + 1.0) / it },
        Elementary("reciprocal", 0.5, 3.0, { 1 / it }) { it.reciprocal() },
        Elementary("square", -3.0, 3.0, { it * it }) { it.square() },
        Elementary("fma", -3.0, 3.0, { Math.fma(it, it, it) }) { it.fma(it, it) },
        Elementary("sqrt", 0.3, 4.0, Math::sqrt) { it.sqrt() },
        Elementary("cbrt", 0.3, 4.0, Math::cbrt) { it.cbrt() },
        Elementary("pow of a number", 0.3, 3.0, { Math.pow(it, 2.5) }) { it.pow(2.5) },
        Elementary("pow of an integer", -3.0, 3.0, { Math.pow(it, 4.0) }) { it.pow(4.0) },
        Elementary("pow", 0.3, 2.5, { Math.pow(it, it) }) { it.pow(it) },
        Elementary("hypot", 0.3, 3.0, { Math.hypot(it, it + 1) }) { it.hypot(it + 1.0) },
        Elementary("exp", -3.0, 3.0, Math::exp) { it.exp() },
        Elementary("expm1", -3.0, 3.0, Math::expm1) { it.expm1() },
        Elementary("log", 0.3, 4.0, Math::log) { it.log() },
        Elementary("log1p", -0.6, 3.0, Math::log1p) { it.log1p() },
        Elementary("log10", 0.3, 4.0, Math::log10) { it.log10() },
        Elementary("sin", -3.0, 3.0, Math::sin) { it.sin() },
        Elementary("cos", -3.0, 3.0, Math::cos) { it.cos() },
        Elementary("tan", -1.2, 1.2, Math::tan) { it.tan() },
        Elementary("asin", -0.8, 0.8, Math::asin) { it.asin() },
        Elementary("acos", -0.8, 0.8, Math::acos) { it.acos() },
        Elementary("atan", -3.0, 3.0, Math::atan) { it.atan() },
        Elementary("atan2", 0.2, 3.0, { Math.atan2(it, it * it) }) { it.atan2(it.square()) },
        Elementary("sinh", -3.0, 3.0, Math::sinh) { it.sinh() },
        Elementary("cosh", -3.0, 3.0, Math::cosh) { it.cosh() },
        Elementary("tanh", -3.0, 3.0, Math::tanh) { it.tanh() },
        Elementary("asinh", -3.0, 3.0, null) { it.asinh() },
        Elementary("acosh", 1.3, 4.0, null) { it.acosh() },
        Elementary("atanh", -0.8, 0.8, null) { it.atanh() },
        Elementary("sigmoid", -4.0, 4.0, { 1 / (1 + Math.exp(-it)) }) { it.sigmoid() },
        Elementary("softplus", -4.0, 4.0, { Math.log1p(Math.exp(it)) }) { it.softplus() },
        Elementary("erf", -2.5, 2.5, null) { it.erf() },
        Elementary("logGamma", 0.4, 5.0, null) { it.logGamma() },
        Elementary("logGamma of negative numbers", -1.8, -1.2, null) { it.logGamma() },
        Elementary("digamma", 0.4, 5.0, null) { it.digamma() },
        Elementary("polygamma", 0.4, 5.0, null) { it.polygamma(2) },
        Elementary("abs", -3.0, -0.2, Math::abs) { it.abs() },
        Elementary("sign", -3.0, -0.2, Math::signum) { it.sign() },
        Elementary("max", 0.2, 3.0, { maxOf(it, -it) }) { it.max(-it) },
        Elementary("min", 0.2, 3.0, { minOf(it * it, 0.0) }) { it.square().min(0.0) },
        Elementary("floor", 0.1, 0.9, Math::floor) { it.floor() },
        Elementary("ceil", 0.1, 0.9, Math::ceil) { it.ceil() },
        Elementary("rint", 0.6, 1.4, Math::rint) { it.rint() },
        Elementary("select", 0.6, 1.4, { it * it * it }) { it.select(it * it * it, it) },
    )

/** A way to take a derivative of a function of one real. */
internal enum class Mode(private val derivative: (Univariate) -> Univariate) {
    FORWARD({ f -> { x -> Reals.derivative(UnaryOperator(f)).apply(x) } }),

    // x + y joins two nodes, so that a tape is used.
    REVERSE({ f -> { x -> Reals.gradient { (a, b) -> f(a + b) }.apply(arrayOf(x, Real.of(0.0)))[0] } }),
    TAYLOR({ f -> { x -> Reals.taylor(UnaryOperator(f), x, 2)[1] } }),
    JACOBIAN({ f -> { x -> Reals.jacobian { (a, b) -> arrayOf(f(a * b), b) }.apply(arrayOf(x, Real.of(1.0)))[0][0] } }),
    ;

    operator fun invoke(f: Univariate): Univariate = derivative(f)

    operator fun invoke(f: Univariate, at: Double): Double = derivative(f)(Real.of(at)).value()
}
