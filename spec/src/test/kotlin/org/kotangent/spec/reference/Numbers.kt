package org.kotangent.spec.reference

import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key
import org.kotangent.ops.Random
import kotlin.math.abs

/** A vector of F64. */
internal fun vector(vararg numbers: Number): Tensor = vector(numbers.toList())

/** A vector of F64. */
internal fun vector(numbers: List<Number>): Tensor = Tensor.of(*DoubleArray(numbers.size) { numbers[it].toDouble() })

/** A matrix of F64 from its rows. */
internal fun matrix(vararg rows: List<Number>): Tensor =
    Tensor.of(Shape.of(rows.size, rows[0].size), *rows.flatMap { row -> row.map { it.toDouble() } }.toDoubleArray())

internal fun row(vararg numbers: Number): List<Number> = numbers.toList()

/** Standard normal numbers of F64, the same for the same seed. */
internal fun normal(seed: Long, vararg dims: Int): Tensor = Random.normal(Key.of(seed), DType.F64, *dims)

internal fun Tensor.reshaped(vararg dims: Int): Tensor = Core.reshape(this, Shape.of(*dims))

internal fun Tensor.list(): List<Double> = toDoubles().toList()

/** Requires exactly these numbers in row-major order; the sign of a zero does not matter. */
internal fun Tensor.shouldHold(numbers: List<Number>) {
    list().map { it + 0.0 } shouldBe numbers.map { it.toDouble() + 0.0 }
}

/** Requires exactly these numbers in row-major order; the sign of a zero does not matter. */
internal fun Tensor.shouldHold(vararg numbers: Number) = shouldHold(numbers.toList())

/** Requires these numbers in row-major order, each within [digits], half a unit of the last digit printed. */
internal fun Tensor.shouldHold(numbers: List<Double>, digits: Double) {
    size() shouldBe numbers.size
    list().zip(numbers).forEach { (actual, expected) -> actual shouldBe (expected plusOrMinus digits) }
}

/** Requires the same shape, and numbers equal to rounding: |Δ| ≤ 1e-12·(1 + |expected|). */
internal infix fun Tensor.shouldAgreeWith(expected: Tensor) {
    shape() shouldBe expected.shape()
    list().zip(expected.list()).forEach { (a, e) -> a shouldBe (e plusOrMinus 1e-12 * (1 + abs(e))) }
}

/**
 * The Jacobian of a map of vectors, a row for each output. Its columns come from forward mode, and its rows from
 * reverse mode must be the same.
 */
internal fun jacobian(x: Tensor, f: (Tensor) -> Tensor): Tensor {
    val reverse = Ad.vjp<Tensor, Tensor>(f, x)
    val (m, n) = reverse.value().size() to x.size()
    val columns = List(n) { j -> Ad.jvp<Tensor, Tensor>(f, x, basis(n, j)).tangent().list() }
    val byColumns = Tensor.of(Shape.of(m, n), *DoubleArray(m * n) { columns[it % n][it / n] })
    val byRows = List(m) { i -> reverse.pullback().apply(basis(m, i)).list() }.flatten()
    byColumns.shouldHold(byRows, 1e-12)
    return byColumns
}

/** A vector with a single 1. */
internal fun basis(size: Int, at: Int): Tensor = Tensor.of(*DoubleArray(size) { if (it == at) 1.0 else 0.0 })

/** Requires equality to rounding. */
internal infix fun Double.shouldBeNear(expected: Double) {
    this shouldBe (expected plusOrMinus 1e-12 * (1 + abs(expected)))
}

internal fun transposed(m: Tensor): Tensor = Core.transpose(m, 1, 0)

/** The matrix with these numbers on its diagonal. */
internal fun diagonal(v: Tensor): Tensor = Tensor.of(
    Shape.of(v.size(), v.size()),
    *DoubleArray(v.size() * v.size()) { if (it % (v.size() + 1) == 0) v.list()[it / v.size()] else 0.0 },
)
