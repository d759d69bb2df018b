package org.kotangent.samples.fit

import org.ejml.data.DMatrixRMaj
import org.ejml.dense.row.CommonOps_DDRM
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import kotlin.math.sqrt

/** For a matrix A: [m, n] and λ ≥ 0, the solver of ‖A·x − y‖² + λ·‖x‖² → min, by a QR decomposition of A over √λ·I. */
internal class LeastSquares(matrix: Tensor, damping: Double) {
    private val m = matrix.dim(0)
    private val n = matrix.dim(1)
    private val solver = LinearSolverFactory_DDRM.leastSquares(m + n, n)

    init {
        val augmented = DMatrixRMaj(m + n, n)
        CommonOps_DDRM.insert(matrix.toMatrix(), augmented, 0, 0)
        repeat(n) { augmented[m + it, it] = sqrt(damping) }
        solver.setA(augmented)
    }

    /** [m] → [n] */
    fun solve(y: Tensor): Tensor {
        val x = DMatrixRMaj(n, 1)
        solver.solve(DMatrixRMaj(m + n, 1, true, *y.toDoubles(), *DoubleArray(n)), x)
        return Tensor.of(*x.data)
    }
}

/** A⁺ of A: [m, n] → [n, m] */
internal fun pseudoInverse(matrix: Tensor): Tensor {
    val inverse = DMatrixRMaj(matrix.dim(1), matrix.dim(0))
    CommonOps_DDRM.pinv(matrix.toMatrix(), inverse)
    return Tensor.of(Shape.of(inverse.numRows, inverse.numCols), *inverse.data)
}

private fun Tensor.toMatrix() = DMatrixRMaj(dim(0), dim(1), true, *toDoubles())
