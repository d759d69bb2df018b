package org.kotangent.spec.conformance

import org.ejml.data.DMatrixRMaj
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM
import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.ops.Reduce
import kotlin.math.abs
import kotlin.math.max

/** A point on the way to a minimum: the value and the derivatives there. */
internal class NewtonPoint(private val f: (Tensor) -> Tensor, val x: Tensor) {
    private val slope = Ad.valueAndGrad(f).apply(x)
    val value: Double = slope.value().item()
    val gradientNorm: Double = Reduce.norm(slope.grad()).item()
    private val hessian by lazy { Ad.hessian(f, x).tensor().toDoubles() }

    /** The largest element of the Hessian, by which shifts of it are measured. */
    val curvature: Double get() = hessian.maxOf(::abs)

    /** Where (∇²f + shift·I)·s = −∇f leads to, or null when that matrix is not positive definite. */
    fun step(shift: Double): NewtonPoint? {
        val n = x.size()
        val matrix = DMatrixRMaj(n, n, true, *hessian)
        repeat(n) { matrix.add(it, it, shift) }
        val cholesky = LinearSolverFactory_DDRM.chol(n)
        if (!cholesky.setA(matrix)) return null
        val s = DMatrixRMaj(n, 1)
        cholesky.solve(DMatrixRMaj(n, 1, true, *(-slope.grad()).toDoubles()), s)
        return NewtonPoint(f, x.plus(Tensor.of(*s.data)))
    }

    /** Whether the other point is a better one; where values no longer tell them apart, the gradients must. */
    fun isImprovedBy(other: NewtonPoint): Boolean {
        val rounding = 1e-14 * max(abs(value), abs(other.value))
        val lower = other.value < value - rounding
        return lower || (other.value <= value + rounding && other.gradientNorm < gradientNorm)
    }
}

/**
 * Looks for a minimum of f: [n] → [] by Newton's method. The Hessian is shifted by a multiple of the identity until it
 * is positive definite and the step leads to a better point; the shift shrinks to 0 where the steps are good. Returns
 * the point at which the gradient is at most [tolerance], or the last one reached in 500 steps. Source: Nocedal and
 * Wright 2006, section 3.4.
 */
internal fun minimise(f: (Tensor) -> Tensor, from: Tensor, tolerance: Double): NewtonPoint {
    var point = NewtonPoint(f, from)
    var shift = 0.0
    repeat(500) {
        if (point.gradientNorm <= tolerance) return point
        val next = point.step(shift)?.takeIf(point::isImprovedBy)
        shift =
            if (next ==
                null
            ) {
                max(4 * shift, 1e-4 * point.curvature)
            } else if (shift > 1e-9 * point.curvature) {
                shift / 8
            } else {
                0.0
            }
        point = next ?: point
    }
    return point
}
