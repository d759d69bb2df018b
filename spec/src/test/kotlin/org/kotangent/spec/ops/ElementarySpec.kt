package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.numericDouble
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import kotlin.math.E
import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.exp
import kotlin.math.expm1
import kotlin.math.hypot
import kotlin.math.ln
import kotlin.math.ln1p
import kotlin.math.max
import kotlin.math.min
import kotlin.math.pow
import kotlin.math.sqrt

private const val INF = Double.POSITIVE_INFINITY
private const val NAN = Double.NaN

private class Unary(
    val name: String,
    val op: (Tensor) -> Tensor,
    val from: Double,
    val to: Double,
    val value: (Double) -> Double,
)

private class Binary(
    val name: String,
    val op: (Tensor, Tensor) -> Tensor,
    val from: Double,
    val value: (Double, Double) -> Double,
)

/** The error function by Simpson's rule on its integral. */
private fun erf(x: Double): Double {
    val n = 2000
    val h = x / n
    val sum = (0..n).sumOf { exp(-(it * h) * (it * h)) * if (it == 0 || it == n) 1 else 2 + 2 * (it % 2) }
    return 2 / sqrt(PI) * sum * h / 3
}

private val smooth =
    listOf(
        Unary("exp", Elementary::exp, -3.0, 3.0, ::exp),
        Unary("expm1", Elementary::expm1, -3.0, 3.0, ::expm1),
        Unary("log", Elementary::log, 0.2, 5.0, ::ln),
        Unary("log1p", Elementary::log1p, -0.8, 5.0, ::ln1p),
        Unary("sqrt", Elementary::sqrt, 0.2, 5.0, ::sqrt),
        Unary("square", Elementary::square, -3.0, 3.0) { it * it },
        Unary("reciprocal", Elementary::reciprocal, 0.5, 3.0) { 1 / it },
        Unary("pow 3", { Elementary.pow(it, 3.0) }, -2.0, 2.0) { it * it * it },
        Unary("pow −½", { Elementary.pow(it, -0.5) }, 0.5, 3.0) { 1 / sqrt(it) },
        Unary("sin", Elementary::sin, -3.0, 3.0, Math::sin),
        Unary("cos", Elementary::cos, -3.0, 3.0, Math::cos),
        Unary("tan", Elementary::tan, -1.0, 1.0, Math::tan),
        Unary("asin", Elementary::asin, -0.8, 0.8, Math::asin),
        Unary("acos", Elementary::acos, -0.8, 0.8, Math::acos),
        Unary("atan", Elementary::atan, -3.0, 3.0, Math::atan),
        Unary("sinh", Elementary::sinh, -3.0, 3.0, Math::sinh),
        Unary("cosh", Elementary::cosh, -3.0, 3.0, Math::cosh),
        Unary("tanh", Elementary::tanh, -3.0, 3.0, Math::tanh),
        Unary("asinh", Elementary::asinh, -3.0, 3.0) { ln(it + sqrt(it * it + 1)) },
        Unary("acosh", Elementary::acosh, 1.3, 5.0) { ln(it + sqrt(it * it - 1)) },
        Unary("atanh", Elementary::atanh, -0.8, 0.8) { ln((1 + it) / (1 - it)) / 2 },
        Unary("erf", Elementary::erf, -4.0, 4.0, ::erf),
        Unary("sigmoid", Elementary::sigmoid, -5.0, 5.0) { 1 / (1 + exp(-it)) },
        Unary("softplus", Elementary::softplus, -5.0, 5.0) { ln(1 + exp(it)) },
        Unary("silu", Elementary::silu, -5.0, 5.0) { it / (1 + exp(-it)) },
        Unary("gelu", Elementary::gelu, -4.0, 4.0) { it * (1 + erf(it / sqrt(2.0))) / 2 },
    )

private val piecewise =
    listOf(
        Unary("relu", Elementary::relu, -3.0, 3.0) { max(it, 0.0) },
        Unary("leakyRelu", { Elementary.leakyRelu(it, 0.1) }, -3.0, 3.0) { if (it > 0) it else 0.1 * it },
        Unary("elu", { Elementary.elu(it, 0.7) }, -3.0, 3.0) { if (it > 0) it else 0.7 * expm1(it) },
        Unary("selu", Elementary::selu, -3.0, 3.0) {
            1.0507009873554805 * if (it > 0) it else 1.6732632423543772 * expm1(it)
        },
        Unary("abs", Elementary::abs, -3.0, 3.0, ::abs),
        Unary("sign", Elementary::sign, -3.0, 3.0, Math::signum),
        Unary("floor", Elementary::floor, -3.0, 3.0, Math::floor),
        Unary("ceil", Elementary::ceil, -3.0, 3.0, Math::ceil),
        Unary("round", Elementary::round, -3.0, 3.0, Math::rint),
        Unary("clip", { Elementary.clip(it, -1.0, 2.0) }, -3.0, 3.0) { min(max(it, -1.0), 2.0) },
        Unary("max with a number", { Elementary.max(it, 0.5) }, -3.0, 3.0) { max(it, 0.5) },
        Unary("min with a number", { Elementary.min(it, 0.5) }, -3.0, 3.0) { min(it, 0.5) },
    )

/** Where the piecewise functions above change their piece. */
private fun nearACorner(x: Double) =
    listOf(-1.0, 0.0, 0.5, 2.0).any { abs(x - it) < 0.01 } || abs(x - Math.rint(x)) < 0.01 ||
        abs(abs(x % 1) - 0.5) < 0.01

private val binary =
    listOf(
        Binary("pow", { a, b -> Elementary.pow(a, b) }, 0.3) { a, b -> a.pow(b) },
        Binary("hypot", Elementary::hypot, -3.0, ::hypot),
        Binary("atan2", Elementary::atan2, 0.3) { a, b -> Math.atan2(a, b) },
        Binary("max", { a, b -> Elementary.max(a, b) }, -3.0) { a, b -> max(a, b) },
        Binary("min", { a, b -> Elementary.min(a, b) }, -3.0) { a, b -> min(a, b) },
        Binary("leakyRelu", { a, b -> Elementary.leakyRelu(a, b) }, -3.0) { a, b -> if (a > 0) a else a * b },
    )

class ElementarySpec :
    FunSpec({
        for (f in smooth + piecewise) {
            test("${f.name}: value, derivative and second derivative") {
                checkAll(100, Arb.numericDouble(f.from, f.to)) { at ->
                    for (dtype in floating) {
                        val x = number(dtype, at)
                        f.op(x).item() near (f.value(x.item()) within 4 * rounding(dtype))
                    }
                    if (f in smooth || !nearACorner(at)) {
                        val x = number(DType.F64, at)
                        val slope = slope(x, f.op)
                        val curvature = curvature(x, f.op)
                        slope near (difference(at, f = f.value) within 1e-7)
                        curvature near (difference(at) { slope(number(DType.F64, it), f.op) } within 1e-7)
                        slope(number(DType.F32, at), f.op) near (slope within 2e-4)
                    }
                }
            }
        }

        for (f in binary) {
            test("${f.name}: value and derivatives in both operands") {
                checkAll(100, Arb.numericDouble(f.from, 3.0), Arb.numericDouble(f.from, 3.0)) { a, b ->
                    for (dtype in floating) {
                        val x = number(dtype, a)
                        val y = number(dtype, b)
                        f.op(x, y).item() near (f.value(x.item(), y.item()) within 4 * rounding(dtype))
                    }
                    if (abs(a - b) > 0.01 && abs(a) > 0.01 && hypot(a, b) > 0.3) {
                        val x = number(DType.F64, a)
                        val y = number(DType.F64, b)
                        slope(x) { f.op(it, y) } near (difference(a) { f.value(it, b) } within 1e-7)
                        slope(y) { f.op(x, it) } near (difference(b) { f.value(a, it) } within 1e-7)
                        val mixed = Ad.jvp({ t: Tensor ->
                            Ad.grad<Tensor> { s -> f.op(s, t) }.apply(x)
                        }, y, y.like(1.0))
                        mixed.tangent().item() near
                            (difference(b) { slope(x) { s -> f.op(s, number(DType.F64, it)) } } within 1e-7)
                    }
                }
            }
        }

        test("operands broadcast, and their cotangents are summed back") {
            for (dtype in floating) {
                val a = tensor(dtype, Shape.of(2, 1, 3)) { it - 2.0 }
                val b = tensor(dtype, Shape.of(4, 1)) { 1.5 - it }
                Elementary.max(a, b).shape() shouldBe Shape.of(2, 4, 3)
                val w = Tensor.ones(dtype, 2, 4, 3)
                val gradient = Ad.vjp({ t: Tensor -> Elementary.max(t, b) }, a).pullback().apply(w)
                gradient.shouldHold(0.0, 1.0, 2.0, 3.0, 4.0, 4.0)
            }
        }

        /** Value, derivative and second derivative where it is named, in both types, forward and reverse. */
        class Point(
            val name: String,
            val x: Double,
            val value: Double,
            val slope: Double,
            val curvature: Double?,
            val op: (Tensor) -> Tensor,
        )

        val points =
            listOf(
                Point("relu at 0", 0.0, 0.0, 0.0, 0.0, Elementary::relu),
                Point("leakyRelu at 0", 0.0, 0.0, 0.25, 0.0) { Elementary.leakyRelu(it, 0.25) },
                Point("elu at 0", 0.0, 0.0, 0.5, 0.5) { Elementary.elu(it, 0.5) },
                Point("abs at 0", 0.0, 0.0, 0.0, 0.0, Elementary::abs),
                Point("sign at 0", 0.0, 0.0, 0.0, 0.0, Elementary::sign),
                Point("sqrt at 0", 0.0, 0.0, INF, null, Elementary::sqrt),
                Point("sqrt at −0", -0.0, 0.0, INF, null, Elementary::sqrt),
                Point("log at 0", 0.0, -INF, INF, -INF, Elementary::log),
                Point("log at −0", -0.0, -INF, INF, -INF, Elementary::log),
                Point("reciprocal at 0", 0.0, INF, -INF, null, Elementary::reciprocal),
                Point("reciprocal at −0", -0.0, -INF, -INF, null, Elementary::reciprocal),
                Point("log1p at −1", -1.0, -INF, INF, null, Elementary::log1p),
                Point("square at 0", 0.0, 0.0, 0.0, 2.0, Elementary::square),
                Point("pow 0 at 0", 0.0, 1.0, 0.0, 0.0) { Elementary.pow(it, 0.0) },
                Point("pow 1 at 0", 0.0, 0.0, 1.0, 0.0) { Elementary.pow(it, 1.0) },
                Point("pow 2 at 0", 0.0, 0.0, 0.0, 2.0) { Elementary.pow(it, 2.0) },
                Point("pow ½ at 0", 0.0, 0.0, INF, null) { Elementary.pow(it, 0.5) },
                Point("pow 3 below 0", -2.0, -8.0, 12.0, -12.0) { Elementary.pow(it, 3.0) },
                Point("0 to the x at 0", 0.0, 1.0, 0.0, 0.0) { Elementary.pow(it.like(0.0), it) },
                Point("0 to the x at 2", 2.0, 0.0, 0.0, 0.0) { Elementary.pow(it.like(0.0), it) },
                Point("max at a tie", 1.5, 1.5, 0.5, 0.0) { Elementary.max(it, 1.5) },
                Point("min at a tie", 1.5, 1.5, 0.5, 0.0) { Elementary.min(it, 1.5) },
                Point("max(x, x)", 1.5, 1.5, 1.0, 0.0) { Elementary.max(it, it) },
                Point("clip at its lower edge", -1.0, -1.0, 0.0, 0.0) { Elementary.clip(it, -1.0, 1.0) },
                Point("clip at its upper edge", 1.0, 1.0, 0.0, 0.0) { Elementary.clip(it, -1.0, 1.0) },
                Point("clip beyond", 7.0, 1.0, 0.0, 0.0) { Elementary.clip(it, -1.0, 1.0) },
                Point("clip without an upper end", 1e30, 1e30, 1.0, 0.0) { Elementary.clip(it, 0.0, INF) },
                Point("hypot at (0, 0)", 0.0, 0.0, 0.0, 0.0) { Elementary.hypot(it, it.like(0.0)) },
                Point("hypot at (0, 0), by the second", 0.0, 0.0, 0.0, 0.0) { Elementary.hypot(it.like(0.0), it) },
                Point("hypot at (0, 0), by both", 0.0, 0.0, 0.0, 0.0) { Elementary.hypot(it, it) },
                Point("hypot at (−0, −0)", -0.0, 0.0, 0.0, 0.0) { Elementary.hypot(it, it.like(-0.0)) },
                Point("hypot of a tiny number", 1e-30, 1e-30, 1.0, null) { Elementary.hypot(it, it.like(0.0)) },
                Point("hypot at (3, 4)", 3.0, 5.0, 0.6, 0.128) { Elementary.hypot(it, it.like(4.0)) },
                Point("asin at 1", 1.0, PI / 2, INF, null, Elementary::asin),
                Point("acos at 1", 1.0, 0.0, -INF, null, Elementary::acos),
                Point("acosh at 1", 1.0, 0.0, INF, -INF, Elementary::acosh),
                Point("atanh at 1", 1.0, INF, INF, null, Elementary::atanh),
                Point("sigmoid at 0", 0.0, 0.5, 0.25, 0.0, Elementary::sigmoid),
                Point("sigmoid at 1e4", 1e4, 1.0, 0.0, 0.0, Elementary::sigmoid),
                Point("sigmoid at −1e4", -1e4, 0.0, 0.0, 0.0, Elementary::sigmoid),
                Point("sigmoid at ∞", INF, 1.0, 0.0, 0.0, Elementary::sigmoid),
                Point("sigmoid at −∞", -INF, 0.0, 0.0, 0.0, Elementary::sigmoid),
                Point("softplus at 0", 0.0, ln(2.0), 0.5, 0.25, Elementary::softplus),
                Point("softplus at 1e4", 1e4, 1e4, 1.0, 0.0, Elementary::softplus),
                Point("softplus at −1e4", -1e4, 0.0, 0.0, 0.0, Elementary::softplus),
                Point("softplus at ∞", INF, INF, 1.0, 0.0, Elementary::softplus),
                Point("softplus at −∞", -INF, 0.0, 0.0, 0.0, Elementary::softplus),
                Point("logistic loss at −1000", -1000.0, 1000.0, -1.0, 0.0) { Elementary.softplus(it.unaryMinus()) },
                Point("elu at ∞", INF, INF, 1.0, 0.0) { Elementary.elu(it, 1.0) },
                Point("elu at −∞", -INF, -1.0, 0.0, 0.0) { Elementary.elu(it, 1.0) },
                Point("silu at 0", 0.0, 0.0, 0.5, 0.5, Elementary::silu),
                Point("silu at 1e4", 1e4, 1e4, 1.0, 0.0, Elementary::silu),
                Point("silu at −1e4", -1e4, 0.0, 0.0, 0.0, Elementary::silu),
                Point("silu at ∞", INF, INF, 1.0, 0.0, Elementary::silu),
                Point("silu at −∞", -INF, 0.0, 0.0, 0.0, Elementary::silu),
                Point("gelu at 0", 0.0, 0.0, 0.5, 2 / sqrt(2 * PI), Elementary::gelu),
                Point("gelu at 1e4", 1e4, 1e4, 1.0, 0.0, Elementary::gelu),
                Point("gelu at −1e4", -1e4, 0.0, 0.0, 0.0, Elementary::gelu),
                Point("gelu at ∞", INF, INF, 1.0, 0.0, Elementary::gelu),
                Point("gelu at −∞", -INF, 0.0, 0.0, 0.0, Elementary::gelu),
                Point("tanh at 1e4", 1e4, 1.0, 0.0, 0.0, Elementary::tanh),
                Point("exp at −∞", -INF, 0.0, 0.0, 0.0, Elementary::exp),
                Point("relu of NaN", NAN, NAN, 0.0, 0.0, Elementary::relu),
                Point("log of a negative number", -1.0, NAN, -1.0, -1.0, Elementary::log),
            )
        for (p in points) {
            test("${p.name}: value ${p.value}, derivative ${p.slope}") {
                for (dtype in floating) {
                    val x = number(dtype, p.x)
                    p.op(x).item() near (p.value within rounding(dtype))
                    slope(x, p.op) near (p.slope within rounding(dtype))
                    p.curvature?.let { curvature(x, p.op) near (it within 4 * rounding(dtype)) }
                }
            }
        }

        test("NaN goes through every function of one number") {
            for (f in smooth + piecewise) {
                for (dtype in floating) {
                    withClue(f.name) { f.op(number(dtype, NAN)).item().isNaN() shouldBe true }
                }
            }
            val nan = number(DType.F64, NAN)
            Elementary.max(nan, 1.0).item().isNaN() shouldBe true
            Elementary.min(nan, 1.0).item().isNaN() shouldBe true
            Elementary.pow(nan, 0.0).item() shouldBe 1.0
        }

        test("the slope of xʸ in x grows by 1/x in y, also where y is 0") {
            val y = number(DType.F64, 0.0)
            slope(y) { t -> Ad.grad<Tensor> { Elementary.pow(it, t) }.apply(number(DType.F64, 4.0)) } shouldBe 0.25
        }

        test("where selects and never multiplies: the branch not taken gets an exact zero") {
            val x = vector(DType.F64, 0.0, E)
            val zero = x.like(0.0)
            val one = x.like(1.0)

            fun f(t: Tensor): Tensor {
                val positive = Elementary.greater(t, zero)
                return Elementary.where(positive, Elementary.log(Elementary.where(positive, t, one)), zero)
            }
            f(x).shouldHold(0.0, 1.0)
            val pullback = Ad.vjp(::f, x).pullback().apply(Tensor.ones(DType.F64, 2))
            pullback.shouldHold(0.0, 1 / E)
            Ad.jvp(::f, x, Tensor.ones(DType.F64, 2)).tangent().shouldHold(0.0, 1 / E)

            val mask = Tensor.of(true, false)
            val taken = Ad.vjp({ t: Tensor -> Elementary.where(mask, t, t.like(3.0)) }, x).pullback()
            taken.apply(vector(DType.F64, 5.0, INF)).shouldHold(5.0, 0.0)
        }

        test("what where does not protect: in reverse, 0·∞ further upstream is NaN") {
            val x = number(DType.F64, 0.0)
            val never = Tensor.of(Shape.scalar(), false)
            val unsafe = { t: Tensor -> Elementary.where(never, Elementary.sqrt(t), t) }
            Ad.jvp(unsafe, x, x.like(1.0)).tangent().item() shouldBe 1.0
            Ad.grad<Tensor>(unsafe).apply(x).item().isNaN() shouldBe true
        }

        test("comparisons broadcast, and NaN compares false") {
            for (dtype in floating + DType.I32) {
                val a = vector(DType.F64, 1.0, 2.0, 3.0).to(dtype)
                val two = a.like(2.0)
                Elementary.less(a, two).toBooleans() shouldBe booleanArrayOf(true, false, false)
                Elementary.lessEqual(a, two).toBooleans() shouldBe booleanArrayOf(true, true, false)
                Elementary.greater(a, two).toBooleans() shouldBe booleanArrayOf(false, false, true)
                Elementary.greaterEqual(a, two).toBooleans() shouldBe booleanArrayOf(false, true, true)
                Elementary.equal(a, two).toBooleans() shouldBe booleanArrayOf(false, true, false)
                Elementary.notEqual(a, two).toBooleans() shouldBe booleanArrayOf(true, false, true)
            }
            val nan = vector(DType.F32, NAN)
            for (compare in listOf(
                Elementary::less,
                Elementary::lessEqual,
                Elementary::greater,
                Elementary::greaterEqual,
            )) {
                compare(nan, nan).toBooleans() shouldBe booleanArrayOf(false)
            }
            Elementary.equal(nan, nan).toBooleans() shouldBe booleanArrayOf(false)
            Elementary.notEqual(nan, nan).toBooleans() shouldBe booleanArrayOf(true)
        }

        test("logic on truth values") {
            val a = Tensor.of(true, true, false, false)
            val b = Tensor.of(true, false, true, false)
            Elementary.and(a, b).toBooleans() shouldBe booleanArrayOf(true, false, false, false)
            Elementary.or(a, b).toBooleans() shouldBe booleanArrayOf(true, true, true, false)
            Elementary.not(a).toBooleans() shouldBe booleanArrayOf(false, false, true, true)
        }

        test("integers where they make sense") {
            val x = Tensor.of(-3, 0, 4)
            Elementary.abs(x).toInts() shouldBe intArrayOf(3, 0, 4)
            Elementary.sign(x).toInts() shouldBe intArrayOf(-1, 0, 1)
            Elementary.square(x).toInts() shouldBe intArrayOf(9, 0, 16)
            Elementary.max(x, 1.0).toInts() shouldBe intArrayOf(1, 1, 4)
            Elementary.clip(x, -1.0, 1.0).toInts() shouldBe intArrayOf(-1, 0, 1)
        }

        test("errors name the operation, the operands and the remedy") {
            shouldThrow<DTypeException> { Elementary.exp(Tensor.of(1, 2)) }.message shouldBe
                "exp: needs floating operands; got i32[2]; convert with to(DType.F32)"
            shouldThrow<DTypeException> { Elementary.max(Tensor.of(1f), Tensor.of(1.0)) }.message shouldBe
                "max: operands must have one type; got a: f32[1], b: f64[1]; convert one with to(DType)"
            shouldThrow<ShapeException> { Elementary.max(Tensor.of(1f, 2f), Tensor.of(1f, 2f, 3f)) }.message shouldBe
                "max: shapes must be equal or broadcast; got a: [2], b: [3] (2 ≠ 3 at axis -1); " +
                "reshape one of them or insert axes of size 1"
            shouldThrow<DTypeException> {
                Elementary.where(Tensor.of(1f), Tensor.of(1f), Tensor.of(1f))
            }.message shouldBe
                "select: a condition must be of type bool; got a: f32[1], b: f32[1], c: f32[1]; " +
                "compare or convert with to(DType.BOOL)"
            shouldThrow<DomainException> { Elementary.clip(Tensor.of(1f), 2.0, 1.0) }.message shouldBe
                "clip: low must not exceed high; got low: 2.0, high: 1.0; give low ≤ high"
        }
    })
