package org.kotangent.spec.ad

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThanOrEqual
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor
import org.kotangent.ad.scalar.Real
import java.math.BigDecimal
import java.math.MathContext
import kotlin.math.abs
import kotlin.math.exp
import kotlin.math.expm1
import kotlin.math.ln
import kotlin.math.ln1p
import kotlin.math.max
import kotlin.math.tanh
import kotlin.random.Random

private fun sigmoid(x: Double) = exp(-abs(x)).let { (if (x < 0) it else 1.0) / (1 + it) }

private fun softplus(x: Double) = max(x, 0.0) + ln1p(exp(-abs(x)))

/** What F32 may be off, in units in the last place, and where to look most. */
private class Single(val op: ScalarOp, val ulp: Double, val from: Float, val to: Float, val truth: (Double) -> Double)

private val singles =
    listOf(
        Single(ScalarOp.EXP, 1.0, -104f, 89f, ::exp),
        Single(ScalarOp.EXPM1, 1.5, -20f, 89f, ::expm1),
        Single(ScalarOp.LOG, 0.9, 0f, 3f, ::ln),
        Single(ScalarOp.LOG1P, 0.9, -1f, 3f, ::ln1p),
        Single(ScalarOp.TANH, 2.6, -10f, 10f, ::tanh),
        Single(ScalarOp.SIGMOID, 2.5, -104f, 20f, ::sigmoid),
        Single(ScalarOp.SOFTPLUS, 1.7, -104f, 20f, ::softplus),
        Single(ScalarOp.ERF, 1.1, -4f, 4f) { Real.of(it).erf().value() },
    )

/** The largest error in units in the last place of the true value, over floats of all magnitudes. */
private fun Single.error(): Double {
    val random = Random(7)
    val x =
        FloatArray(1 shl 18) {
            if (it % 2 == 0) {
                Float.fromBits(random.nextInt())
            } else {
                random.nextDouble(from.toDouble(), to.toDouble()).toFloat()
            }
        }
    val y = op.primitive().apply(Tensor.of(*x)).toFloats()
    return x.indices.maxOf { i ->
        val exact = truth(x[i].toDouble())
        val rounded = exact.toFloat()
        when {
            rounded.isNaN() || abs(exact) > Float.MAX_VALUE || x[i].isInfinite() ->
                if (y[i].compareTo(rounded) == 0) 0.0 else Double.POSITIVE_INFINITY

            else -> abs(y[i] - exact) / Math.ulp(rounded)
        }
    }
}

/**
 * What F64 may be off between two numbers, beyond which the function has reached its limit or has none; [rough] is the
 * function to a few units in the last place, and exact at its limits.
 */
private class Wide(
    val op: ScalarOp,
    val ulp: Double,
    val from: Double,
    val to: Double,
    val rough: (Double) -> Double,
    val truth: (BigDecimal) -> BigDecimal,
)

private val wides =
    listOf(
        Wide(ScalarOp.EXP, 1.1, -750.0, 720.0, ::exp, Digits::exp),
        Wide(ScalarOp.EXPM1, 2.1, -50.0, 720.0, ::expm1, Digits::expm1),
        Wide(ScalarOp.LOG, 1.0, 0.0, Double.MAX_VALUE, ::ln, Digits::log),
        Wide(ScalarOp.LOG1P, 1.0, -1.0, Double.MAX_VALUE, ::ln1p, Digits::log1p),
        Wide(ScalarOp.TANH, 2.7, -30.0, 30.0, ::tanh, Digits::tanh),
        Wide(ScalarOp.SIGMOID, 2.5, -750.0, 50.0, ::sigmoid, Digits::sigmoid),
        Wide(ScalarOp.SOFTPLUS, 1.7, -750.0, 50.0, ::softplus, Digits::softplus),
    )

private const val EACH = 500

private val edges =
    listOf(0.0, -0.0, 709.782712893384, 709.7827128933841, -745.1332191019411, -745.1332191019412, -708.5, 1e-310) +
        listOf(1.0, -1.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NaN)

private fun Wide.arguments(): List<Double> {
    val random = Random(8)
    val near = max(from, -40.0)
    val patterns = List(EACH) { Double.fromBits(random.nextLong()) }
    return patterns + edges + edges.map { -it } +
        List(EACH) { random.nextDouble(near, 40.0) } +
        List(EACH) { random.nextDouble(max(from, -1.0), 1.0) } +
        List(EACH) { random.nextDouble(max(from, -750.0), 720.0) }
}

private fun Wide.error(x: Double, y: Double): Double {
    val expected = rough(x)
    if (x == 0.0 || !expected.isFinite() || x < from || x > to) {
        return if (y.compareTo(expected) == 0) 0.0 else Double.POSITIVE_INFINITY
    }
    val exact = truth(BigDecimal(x))
    val last = BigDecimal(Math.ulp(exact.toDouble()))
    return BigDecimal(y).subtract(exact).abs().divide(last, MathContext.DECIMAL64).toDouble()
}

/** How far off the formulas of elementary functions are, as docs/numerics.md states. */
class AccuracySpec :
    FunSpec({
        for (f in singles) {
            test("f32 ${f.op.label()}: at most ${f.ulp} ulp off, and exact at the edges") {
                f.error() shouldBeLessThanOrEqual f.ulp
            }
        }

        for (f in wides) {
            test("f64 ${f.op.label()}: at most ${f.ulp} ulp off, and exact at the edges") {
                val x = f.arguments()
                val y = f.op.primitive().apply(Tensor.of(*x.toDoubleArray())).toDoubles()
                x.indices.forEach { withClue(x[it]) { f.error(x[it], y[it]) shouldBeLessThanOrEqual f.ulp } }
            }
        }
    })
