package org.kotangent.spec.conformance

import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import kotlin.math.abs
import kotlin.math.sin

/** |Δ| ≤ absolute + relative·|expected|; integers and truth values are compared exactly. */
private data class Tolerance(val absolute: Double, val relative: Double)

private val TOLERANCES =
    mapOf(
        DType.F32 to Tolerance(1e-6, 1e-5),
        DType.F64 to Tolerance(1e-12, 1e-11),
        DType.I32 to Tolerance(0.0, 0.0),
        DType.BOOL to Tolerance(0.0, 0.0),
    )

/** Cases whose numbers, in and out, are written with four digits. */
private val ROUNDED = mapOf("AveragePool/test_averagepool_2d_ceil_last_window_starts_on_pad" to Tolerance(1e-4, 0.0))

/** Requires type, shape and every number of [actual] to be those of [expected]; NaN equals NaN. */
internal fun requireEqual(case: OnnxCase, output: Int, expected: Tensor, actual: Tensor) {
    val what = "output $output"
    if (expected.spec() != actual.spec()) {
        throw AssertionError("$what: expected ${expected.spec()}, got ${actual.spec()}")
    }
    val (absolute, relative) = ROUNDED[case.toString()] ?: TOLERANCES.getValue(expected.dtype())
    val a = actual.toDoubles()
    expected.toDoubles().forEachIndexed { i, e ->
        val close = e.isFinite() && abs(e - a[i]) <= absolute + relative * abs(e)
        val equal = close || e == a[i] || (e.isNaN() && a[i].isNaN())
        if (!equal) {
            throw AssertionError("$what: element $i of ${expected.spec()} must be $e, got ${a[i]}")
        }
    }
}

/**
 * Requires forward and reverse mode to agree at x: ⟨ȳ, J·ẋ⟩ = ⟨Jᵀ·ȳ, ẋ⟩ to 1e-11 of the sum of the absolute terms, for
 * one fixed direction ẋ and one fixed cotangent ȳ. Where a derivative is infinite or undefined, both must say so.
 */
internal fun requireAdjoint(x: List<Tensor>, f: (List<Tensor>) -> List<Tensor>) {
    val dx = x.mapIndexed { i, t -> direction(t, 0.7 + i) }
    val forward = Ad.jvp<List<Tensor>, List<Tensor>>(f, x, dx)
    val reverse = Ad.vjp<List<Tensor>, List<Tensor>>(f, x)
    val gy = forward.value().mapIndexed { i, t -> direction(t, 0.3 + i) }
    val (left, size) = inner(gy, forward.tangent())
    val (right, _) = inner(reverse.pullback().apply(gy), dx)
    val agree = if (size.isFinite()) abs(left - right) <= 1e-11 * size + 1e-300 else !right.isFinite()
    if (!agree) {
        throw AssertionError("derivatives: forward mode gives $left, reverse mode $right")
    }
}

/** Numbers of mixed sign and size, none of them 0. */
private fun direction(like: Tensor, phase: Double): Tensor =
    Tensor.of(like.shape(), *DoubleArray(like.size()) { sin(1.3 * it + phase) + 0.1 })

/** The inner product and the sum of the absolute values of its terms. */
private fun inner(a: List<Tensor>, b: List<Tensor>): Pair<Double, Double> {
    val terms = a.zip(b).flatMap { (p, q) -> p.toDoubles().zip(q.toDoubles()) { u, v -> u * v } }
    return terms.sum() to terms.sumOf(::abs)
}
