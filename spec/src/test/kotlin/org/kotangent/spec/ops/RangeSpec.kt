package org.kotangent.spec.ops

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import org.kotangent.ops.Elementary
import java.util.function.UnaryOperator
import kotlin.math.abs
import kotlin.math.ln

private const val INF = Double.POSITIVE_INFINITY
private const val NAN = Double.NaN

/** A function of one number at a point, its first and, where it is named, its second derivative. */
private class Far(
    val name: String,
    val x: Double,
    val slope: Double,
    val curvature: Double?,
    val f: (Tensor) -> Tensor,
    val real: ((Real) -> Real)?,
) {
    /** Other numbers that the function is of. */
    var others = listOf<Double>()

    fun isIn(dtype: DType) = (others + x).all { dtype == DType.F64 || it == 0.0 || abs(it).toFloat().isNormal() }

    private fun Float.isNormal() =
        (this <= Float.MAX_VALUE && this >= java.lang.Float.MIN_NORMAL) || this == Float.POSITIVE_INFINITY
}

private fun far(x: Double, slope: Double, curvature: Double?, op: ScalarOp, real: (Real) -> Real) =
    Far(op.label(), x, slope, curvature, { op.primitive().apply(it) }, real)

/** A function of two numbers by the first and by the second. */
private fun byBoth(
    a: Double,
    b: Double,
    slopes: Pair<Double, Double>,
    curvatures: Pair<Double?, Double?>,
    op: ScalarOp,
    real: (Real, Real) -> Real,
) = listOf(
    Far("${op.label()} of ($a, $b) by the first", a, slopes.first, curvatures.first, {
        op.primitive().apply(it, it.like(b))
    }) { real(it, Real.of(b)) },
    Far("${op.label()} of ($a, $b) by the second", b, slopes.second, curvatures.second, {
        op.primitive().apply(it.like(a), it)
    }) { real(Real.of(a), it) },
).onEach { it.others = listOf(a, b) }

private fun angle(a: Double, b: Double, slopes: Pair<Double, Double>, curvatures: Pair<Double?, Double?>) =
    byBoth(a, b, slopes, curvatures, ScalarOp.ATAN2) { y, x -> y.atan2(x) }

private val points =
    listOf(
        far(1e20, 1e-40, -2e-60, ScalarOp.ATAN) { it.atan() },
        far(-1e20, 1e-40, 2e-60, ScalarOp.ATAN) { it.atan() },
        far(1e155, 1e-310, 0.0, ScalarOp.ATAN) { it.atan() },
        far(INF, 0.0, 0.0, ScalarOp.ATAN) { it.atan() },
        far(-INF, 0.0, 0.0, ScalarOp.ATAN) { it.atan() },
        far(1e20, 1e-20, -1e-40, ScalarOp.ASINH) { it.asinh() },
        far(-1e20, 1e-20, 1e-40, ScalarOp.ASINH) { it.asinh() },
        far(1e200, 1e-200, 0.0, ScalarOp.ASINH) { it.asinh() },
        far(INF, 0.0, 0.0, ScalarOp.ASINH) { it.asinh() },
        far(-INF, 0.0, 0.0, ScalarOp.ASINH) { it.asinh() },
        far(1.0, INF, -INF, ScalarOp.ACOSH) { it.acosh() },
        far(1e20, 1e-20, -1e-40, ScalarOp.ACOSH) { it.acosh() },
        far(1e300, 1e-300, 0.0, ScalarOp.ACOSH) { it.acosh() },
        far(INF, 0.0, 0.0, ScalarOp.ACOSH) { it.acosh() },
        far(1.0, INF, INF, ScalarOp.ASIN) { it.asin() },
        far(1.0, INF, INF, ScalarOp.ATANH) { it.atanh() },
        far(1e20, 0.0, 0.0, ScalarOp.ERF) { it.erf() },
        far(INF, 0.0, 0.0, ScalarOp.ERF) { it.erf() },
        far(-INF, 0.0, 0.0, ScalarOp.ERF) { it.erf() },
        far(0.0, INF, -INF, ScalarOp.CBRT) { it.cbrt() },
        far(-0.0, INF, INF, ScalarOp.CBRT) { it.cbrt() },
        far(1e30, 1e-20 / 3, -2e-50 / 9, ScalarOp.CBRT) { it.cbrt() },
        far(INF, 0.0, 0.0, ScalarOp.CBRT) { it.cbrt() },
        far(2e38, 1 / ln(10.0) / 2e38, -1 / ln(10.0) / 4e76, ScalarOp.LOG10) { it.log10() },
        Far("gelu", INF, 1.0, 0.0, Elementary::gelu, null),
        Far("gelu", -INF, 0.0, 0.0, Elementary::gelu, null),
        Far("silu", INF, 1.0, 0.0, Elementary::silu, null),
        Far("silu", -INF, 0.0, 0.0, Elementary::silu, null),
        Far("pow 0", 1e-20, 0.0, 0.0, { Elementary.pow(it, 0.0) }) { it.pow(0.0) },
        Far("pow 0", 1e-200, 0.0, 0.0, { Elementary.pow(it, 0.0) }) { it.pow(0.0) },
        Far("pow 1", 1e-20, 1.0, 0.0, { Elementary.pow(it, 1.0) }) { it.pow(1.0) },
    ) +
        angle(3.0, -4.0, Pair(-0.16, -0.12), Pair(0.0384, -0.0384)) +
        angle(1e-25, 1e-25, Pair(5e24, -5e24), Pair(-5e49, 5e49)) +
        angle(1e20, 1e20, Pair(5e-21, -5e-21), Pair(-5e-41, 5e-41)) +
        angle(1e-15, 2e-15, Pair(4e14, -2e14), Pair(-1.6e29, 1.6e29)) +
        angle(1e-200, 1e-200, Pair(5e199, -5e199), Pair(-INF, INF)) +
        angle(1e200, 1e200, Pair(5e-201, -5e-201), Pair(0.0, 0.0)) +
        angle(1e308, 1e308, Pair(5e-309, -5e-309), Pair(0.0, 0.0)) +
        angle(1e-30, 0.0, Pair(0.0, -1e30), Pair(0.0, 0.0)) +
        angle(0.0, 1e-30, Pair(1e30, 0.0), Pair(0.0, 0.0)) +
        angle(1e-300, 0.0, Pair(0.0, -1e300), Pair(0.0, null)) +
        angle(INF, 1.0, Pair(0.0, 0.0), Pair(0.0, 0.0)) +
        angle(1.0, -INF, Pair(0.0, 0.0), Pair(0.0, 0.0)) +
        angle(INF, INF, Pair(0.0, 0.0), Pair(0.0, 0.0)) +
        angle(0.0, 0.0, Pair(NAN, NAN), Pair(NAN, NAN)) +
        byBoth(INF, 1.0, Pair(1.0, 0.0), Pair(0.0, 0.0), ScalarOp.HYPOT) { a, b -> a.hypot(b) } +
        byBoth(2.0, -INF, Pair(0.0, -1.0), Pair(0.0, 0.0), ScalarOp.HYPOT) { a, b -> a.hypot(b) } +
        byBoth(1e20, 1e20, Pair(Math.sqrt(0.5), Math.sqrt(0.5)), Pair(null, null), ScalarOp.HYPOT) { a, b ->
            a.hypot(b)
        }

/** Derivatives far from 1, where squares leave the range of numbers, and at ±∞; in every mode and either type. */
class RangeSpec :
    FunSpec({
        /** Within some units in the last place, which near 0 are those of the smallest numbers. */
        fun shouldAgree(mode: String, dtype: DType, actual: Double, expected: Double) = withClue("$mode, $dtype") {
            val wanted = if (dtype == DType.F32) expected.toFloat().toDouble() else expected
            if (wanted.isFinite() && actual.isFinite()) {
                val ulp = if (dtype == DType.F32) Math.ulp(wanted.toFloat()).toDouble() else Math.ulp(wanted)
                abs(actual - wanted) shouldBeLessThanOrEqual 16 * ulp
            } else {
                actual.toString() shouldBe wanted.toString()
            }
        }

        val gradient = { f: (Tensor) -> Tensor -> { x: Tensor -> Ad.grad<Tensor>(f).apply(x) } }
        val tangent = { f: (Tensor) -> Tensor -> { x: Tensor -> Ad.jvp(f, x, x.like(1.0)).tangent() } }

        for (p in points) {
            test("${p.name} at ${p.x}: derivative ${p.slope}, then ${p.curvature}") {
                for (dtype in floating.filter { p.isIn(it) }) {
                    val x = number(dtype, p.x)
                    for ((name, d) in listOf("forward" to tangent(p.f), "reverse" to gradient(p.f))) {
                        shouldAgree(name, dtype, d(x).item(), p.slope)
                        shouldAgree("$name compiled", dtype, Ad.compile(d).apply(x).item(), p.slope)
                        for ((outer, e) in listOf("forward" to tangent(d), "reverse" to gradient(d))) {
                            p.curvature?.let { shouldAgree("$outer over $name", dtype, e(x).item(), it) }
                        }
                    }
                    p.curvature?.let {
                        val second = Ad.compile(gradient(gradient(p.f))).apply(x).item()
                        shouldAgree("reverse over reverse compiled", dtype, second, it)
                    }
                }
                val f = UnaryOperator<Real> { p.real?.invoke(it) ?: it }
                if (p.real != null) {
                    val series = Reals.taylor(f, p.x, 2)
                    val recorded = Reals.record({ (a) -> f.apply(a) }, p.x)
                    val slope = Reals.record({ (a) -> Reals.derivative(f).apply(a) }, p.x)
                    shouldAgree("taylor", DType.F64, series[1], p.slope)
                    shouldAgree("reals", DType.F64, Reals.derivative(f, p.x), p.slope)
                    for (replay in listOf(recorded, recorded.compile())) {
                        shouldAgree("recorded", DType.F64, replay.gradient(p.x)[0], p.slope)
                    }
                    p.curvature?.let {
                        shouldAgree("taylor, twice", DType.F64, 2 * series[2], it)
                        shouldAgree("reals, twice", DType.F64, Reals.nthDerivative(f, p.x, 2), it)
                        for (replay in listOf(slope, slope.compile())) {
                            shouldAgree("recorded derivative", DType.F64, replay.gradient(p.x)[0], it)
                        }
                    }
                }
            }
        }

        test("the mixed second derivative of an angle") {
            for (dtype in floating) {
                for ((a, b) in listOf(Pair(1e15, 2e15), Pair(1e-15, 2e-15), Pair(1.0, 2.0), Pair(1.0, 0.0))) {
                    val y = number(dtype, b)
                    val byFirst = { t: Tensor ->
                        Ad.grad<Tensor> { Elementary.atan2(it, t) }.apply(t.like(a))
                    }
                    val expected = (a - b) / (a * a + b * b) * (a + b) / (a * a + b * b)
                    shouldAgree("forward over reverse", dtype, tangent(byFirst)(y).item(), expected)
                    shouldAgree("reverse over reverse", dtype, gradient(byFirst)(y).item(), expected)
                }
            }
        }

        test("acosh is NaN below 1, however far") {
            for (dtype in floating) {
                for (x in listOf(0.999, 0.0, -1.0, -2e8, -1e16, -1e30, -INF)) {
                    withClue("$dtype $x") { Elementary.acosh(number(dtype, x)).item().isNaN() shouldBe true }
                }
            }
            for (x in listOf(-1e154, -2e154, -1e300)) Real.of(x).acosh().value().isNaN() shouldBe true
        }

        test("polygamma of an order beyond all integers takes no time and is the limit") {
            fun polygamma(n: Double, x: Double) =
                ScalarOp.POLYGAMMA.primitive().apply(number(DType.F64, n), number(DType.F64, x)).item()
            polygamma(1e30, 2.0) shouldBe -INF
            polygamma(1e30, -0.3) shouldBe INF
            polygamma(1e30, 1e30) + 0.0 shouldBe 0.0
            polygamma(INF, 2.0).isNaN() shouldBe true
        }
    })
