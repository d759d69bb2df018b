package org.kotangent.spec.conformance

import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.dot
import org.kotangent.dsl.logSumExp
import org.kotangent.dsl.minus
import org.kotangent.dsl.plus
import org.kotangent.dsl.sum
import org.kotangent.dsl.times
import org.kotangent.ops.Elementary
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Linalg
import org.kotangent.ops.Shapes
import java.nio.file.Path
import java.util.StringTokenizer
import kotlin.io.path.readText
import kotlin.math.PI
import kotlin.math.ln
import kotlin.math.sqrt

/**
 * What is fitted of a mixture of K Gaussians in D dimensions.
 *
 * @property alphas logarithms of the weights up to a constant: [K]
 * @property means [K, D]
 * @property icf of the inverse of each covariance, the Cholesky factor: the logarithms of its diagonal, then what is
 *   below it, column by column: [K, D(D + 1)/2]
 */
internal data class Mixture(val alphas: Tensor, val means: Tensor, val icf: Tensor)

/**
 * The data of a fit: points x: [N, D], and the prior on the precision of the components, a Wishart distribution.
 *
 * The objective is the logarithm of the posterior density up to the evidence. Source: Šrajer, Kukelova and Fitzgibbon
 * 2018, section 3.1; the prior is their equation 5.
 */
internal class GmmProblem(val start: Mixture, private val x: Tensor, private val gamma: Double, private val m: Int) {
    private val dimensions = x.dim(1)
    private val components = start.alphas.dim(0)

    /** Where each number of a row of `icf` stands in the D×D factor, itself in row-major order. */
    private val places: Tensor =
        Tensor.of(
            *(0 until dimensions).map { it * dimensions + it }.toIntArray(),
            *(0 until dimensions).flatMap { j ->
                (j + 1 until dimensions).map { i -> i * dimensions + j }
            }.toIntArray(),
        )

    fun objective(p: Mixture): Tensor {
        val logDiagonal = Shapes.slice(p.icf, 0, dimensions, 1) // [K, D]
        val diagonal = Elementary.exp(logDiagonal)
        val below = Shapes.slice(p.icf, dimensions, p.icf.dim(1), 1)
        val logDeterminant = logDiagonal.sum(1) // [K]

        val entries = Shapes.scatterAdd(Shapes.concat(listOf(diagonal, below), 1), places, dimensions * dimensions, 1)
        val factor = Shapes.reshape(entries, components, dimensions, dimensions)
        val centred = x - Shapes.expandDims(p.means, 1) // [K, N, D]
        val whitened = Linalg.matmul(centred, factor, false, true) // [K, N, D]
        val weights = Shapes.expandDims(p.alphas + logDeterminant, 1) // [K, 1]
        val likelihood = sum((weights - 0.5 * square(whitened).sum(2)).logSumExp(0))

        val spread = sum(square(diagonal)) + sum(square(below))
        val prior = 0.5 * gamma * gamma * spread - m.toDouble() * sum(logDeterminant)
        return likelihood - x.dim(0).toDouble() * p.alphas.logSumExp() + prior + constant
    }

    /** Normalisation of the likelihood and of the prior. */
    private val constant: Double =
        -0.5 * x.size() * ln(2 * PI) - components * wishartNormalisation(dimensions + m + 1)

    private fun wishartNormalisation(degrees: Int): Double =
        degrees * dimensions * (ln(gamma) - 0.5 * ln(2.0)) - logMultigamma(degrees)

    /** ln Γ_D(degrees/2). */
    private fun logMultigamma(degrees: Int): Double = 0.25 * dimensions * (dimensions - 1) * ln(PI) +
        (0 until dimensions).sumOf { logGammaOfHalf(degrees - it) }

    companion object {
        /** ln Γ(k/2) by Γ(x + 1) = x·Γ(x) from Γ(1) = 1 and Γ(½) = √π. */
        private fun logGammaOfHalf(k: Int): Double =
            (if (k % 2 == 0) 0.0 else ln(sqrt(PI))) + (k - 2 downTo 1 step 2).sumOf { ln(it / 2.0) }

        /** Reads D, K and N, the weights, means and factors of the mixture, the points, and γ and m of the prior. */
        fun read(file: Path): GmmProblem {
            val words = StringTokenizer(file.readText())

            fun tensor(vararg dims: Int): Tensor {
                val shape = Shape.of(*dims)
                return Tensor.of(shape, *DoubleArray(shape.size()) { words.nextToken().toDouble() })
            }
            val (d, k, n) = List(3) { words.nextToken().toInt() }
            val start = Mixture(tensor(k), tensor(k, d), tensor(k, d * (d + 1) / 2))
            return GmmProblem(start, tensor(n, d), words.nextToken().toDouble(), words.nextToken().toInt())
        }
    }
}
