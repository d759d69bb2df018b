package org.kotangent.spec.laws

import io.kotest.assertions.AssertionErrorBuilder
import org.kotangent.ad.Tensor
import kotlin.math.abs
import kotlin.math.max

/** The numbers of all floating tensors in order, as one vector. */
fun numbers(tensors: List<Tensor>): DoubleArray = tensors
    .filter { it.dtype().isFloating }
    .flatMap { it.toDoubles().asList() }
    .toDoubleArray()

fun largest(numbers: DoubleArray): Double = numbers.maxOfOrNull { abs(it) } ?: 0.0

/** Requires |actual − expected| ≤ tolerance · scale for every number. */
fun requireClose(
    what: String,
    actual: DoubleArray,
    expected: DoubleArray,
    tolerance: Double,
    scale: Double = max(largest(actual), largest(expected)),
) {
    if (actual.size != expected.size) {
        AssertionErrorBuilder.fail("$what: ${actual.size} numbers where ${expected.size} were expected")
    }
    for (i in actual.indices) {
        val gap = abs(actual[i] - expected[i])
        if (!(gap <= tolerance * scale)) {
            AssertionErrorBuilder.fail(
                "$what: ${actual[i]} where ${expected[i]} was expected, at $i of ${actual.size}; " +
                    "they differ by $gap, allowed are $tolerance of $scale",
            )
        }
    }
}

fun requireClose(
    what: String,
    actual: Double,
    expected: Double,
    tolerance: Double,
    scale: Double = max(abs(actual), abs(expected)),
) = requireClose(what, doubleArrayOf(actual), doubleArrayOf(expected), tolerance, scale)

fun requireSameBits(what: String, actual: List<Tensor>, expected: List<Tensor>) {
    if (actual.size != expected.size) {
        AssertionErrorBuilder.fail("$what: ${actual.size} tensors where ${expected.size} were expected")
    }
    for (i in actual.indices) {
        if (!actual[i].contentEquals(expected[i])) {
            AssertionErrorBuilder.fail("$what: tensor $i is ${actual[i]} where ${expected[i]} was expected, to the bit")
        }
    }
}
