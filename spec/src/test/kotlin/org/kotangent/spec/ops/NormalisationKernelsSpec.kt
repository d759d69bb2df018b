package org.kotangent.spec.ops

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Arr
import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.internal.Hot
import org.kotangent.ad.internal.Provider
import org.kotangent.ad.internal.Simd
import org.kotangent.ops.internal.ChannelStatistics
import org.kotangent.ops.internal.Kernels
import org.kotangent.ops.internal.PoolShape
import org.kotangent.ops.internal.Taps
import kotlin.math.abs
import kotlin.math.max
import kotlin.math.sqrt
import kotlin.random.Random

private const val EPSILON = 1e-5

/** What the kernels of the machine compute with. */
private val providers =
    setOf(Provider.chosen(), Provider.PORTABLE) + if (Simd.isPresent()) setOf(Provider.VECTOR) else setOf()

/** [n, channels, size]: single numbers, short and long runs, whole vectors and all but one number of them. */
private val sizes =
    listOf(
        Triple(5, 3, 1),
        Triple(300, 7, 1),
        Triple(3, 2, 4),
        Triple(4, 3, 15),
        Triple(2, 5, 64),
        Triple(7, 3, 67),
        Triple(40, 3, 576),
        Triple(1, 2, 1031),
    )

private fun numbers(type: DType, vararg dims: Int, number: (Int) -> Double = { 0.0 }): Arr =
    Arr.allocate(Spec(type, Shape.of(*dims))).also { a -> repeat(a.size()) { a.set(it, number(it)) } }

private fun Arr.toList(): List<Double> = List(size(), ::get)

private fun Arr.bits(): List<Long> = toList().map { it.toRawBits() }

/** One batch normalisation: its operands and what a provider makes of them. */
private class Normalisation(val type: DType, val sizes: Triple<Int, Int, Int>, number: (Int) -> Double) {
    private val dims = sizes.toList().toIntArray()
    private val channels = sizes.second
    private val random = Random(sizes.hashCode())
    val x = numbers(type, *dims, number = number)
    val v = numbers(type, *dims) { random.nextDouble(-1.0, 1.0) }
    val gamma = numbers(type, channels) { 1.5 - it }
    val beta = numbers(type, channels) { it * 0.25 }

    /** y, μ and σ², then Σx̂v and Σv. */
    fun by(provider: Provider): List<Arr> {
        val walk = ChannelStatistics.over(sizes.first, channels, sizes.third)
        val kernels = Kernels.of(provider)
        val y = numbers(type, *dims)
        val (mean, variance, product, sum) = List(4) { numbers(type, channels) }
        kernels.normalise(walk, x, gamma, beta, EPSILON, y, mean, variance)
        kernels.products(walk, x, mean, variance, EPSILON, v, product, sum)
        return listOf(y, mean, variance, product, sum)
    }

    fun ofChannel(c: Int, a: Arr): List<Double> = a.toList().filterIndexed { i, _ -> i / sizes.third % channels == c }

    /** The same from the definition in double, with the mean and variance that a provider found where it used them. */
    fun errors(results: List<Arr>): List<Double> = (0 until channels).flatMap { c ->
        val (y, mean, variance, product, sum) = results
        val xs = ofChannel(c, x)
        val vs = ofChannel(c, v)
        val m = xs.size
        // Differences are exact, or nearly, where a plain sum of large numbers is not.
        val mu = xs[0] + xs.map { it - xs[0] }.average()
        val square = xs.sumOf { (it - mu) * (it - mu) } / m
        val scale = 1 / sqrt(square + EPSILON)
        val normalised = xs.map { (it - mu) * scale }
        val used = 1 / sqrt(variance.get(c) + EPSILON)
        val bars = xs.map { (it - mean.get(c)) * used }
        val dot = bars.indices.sumOf { bars[it] * vs[it] }
        val sumOfVs = vs.sum()
        val widest = normalised.maxOf(::abs)
        val ys = normalised.map { it * gamma.get(c) + beta.get(c) }
        listOf(
            ofChannel(c, y).zip(ys).maxOf { (a, b) -> abs(a - b) / (2 + widest) },
            abs(mean.get(c) - mu) / max(abs(mu), sqrt(square)),
            abs(variance.get(c) - square) / max(square, Double.MIN_VALUE),
            abs(product.get(c) - dot) / bars.indices.sumOf { abs(bars[it] * vs[it]) },
            abs(sum.get(c) - sumOfVs) / vs.sumOf(::abs),
        )
    }
}

private fun gaussian(seed: Int): (Int) -> Double = java.util.Random(seed.toLong()).let { r -> { r.nextGaussian() } }

class NormalisationKernelsSpec :
    FunSpec({
        test("batch normalisation and the sums of its derivative are the definition's, wherever the numbers lie") {
            val scales = listOf<
                (
                    Double,
                ) -> Double,
                >({ it }, { 1000 + it }, { -3e4 + 0.5 * it }, { 1e-6 * it }, { max(it, 0.0) })
            for (size in sizes) {
                for (type in floating) {
                    scales.forEachIndexed { i, scale ->
                        val normal = gaussian(i)
                        val problem = Normalisation(type, size) { scale(normal(it)) }
                        for (provider in providers) {
                            withClue("$provider, $type$size, numbers $i") {
                                val bound = if (type == DType.F32) 1e-6 else 1e-10
                                problem.errors(problem.by(provider)).forEach { it shouldBeLessThan bound }
                            }
                        }
                    }
                }
            }
        }

        test(
            "numbers too large or too small for single precision, infinities and NaN spoil nothing but their channel",
        ) {
            val normal = gaussian(1)
            val strange =
                listOf<(Double) -> Double>(
                    { 1e25 * it },
                    { 3e38 * (if (it > 0) 1 else -1) },
                    { 1e-25 * it },
                    { if (it > 2) Double.NaN else it },
                    { if (it > 2) Double.POSITIVE_INFINITY else it },
                    { 4.0 },
                )
            for (make in strange) {
                val size = Triple(9, 3, 70)
                val plain = DoubleArray(9 * 3 * 70) { normal(it) }
                val spoilt = DoubleArray(plain.size) { if (it / 70 % 3 == 1) make(plain[it]) else plain[it] }
                val problem = Normalisation(DType.F32, size) { spoilt[it] }
                val whole = Normalisation(DType.F32, size) { plain[it] }
                for (provider in providers) {
                    problem.by(provider)
                    Hot.await()
                    val results = problem.by(provider)
                    val expected = whole.by(provider)
                    val errors = problem.errors(results).chunked(5)
                    withClue("$provider: $errors") {
                        (errors[0] + errors[2]).forEach { it shouldBeLessThan 1e-6 }
                        val xs = problem.ofChannel(1, problem.x)
                        val y = problem.ofChannel(1, results[0])
                        when {
                            !xs.sum().isFinite() -> y.all { it.isNaN() } shouldBe true
                            xs.distinct().size == 1 -> y.toSet() shouldBe setOf(problem.beta.get(1))
                            else -> errors[1][0] shouldBeLessThan 1e-6
                        }
                        for (c in listOf(0, 2)) {
                            problem.ofChannel(c, results[0]).zip(whole.ofChannel(c, expected[0])).forEach { (a, b) ->
                                abs(a - b) shouldBeLessThan 1e-5
                            }
                        }
                    }
                }
            }
        }

        test("the maximum of 2×2 windows and where it is: the first of several, or the first NaN") {
            val special =
                listOf(0.0, -0.0, 1.0, 1.0, -2.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)
            val random = Random(5)
            val plain = PoolShape(1, Taps(16, 8, 2, 2, 1, 0, 0), Taps(16, 8, 2, 2, 1, 0, 0))
            providers.forEach {
                val x = numbers(DType.F32, 1, 16, 16)
                Kernels.of(it).maxPool(plain, x, numbers(DType.F32, 1, 8, 8), IntArray(64))
            }
            Hot.await()
            for (height in listOf(2, 4, 5, 6, 24)) {
                for (width in listOf(2, 6, 8, 9, 16, 22, 24, 26, 40, 41)) {
                    for (type in floating) {
                        val x = numbers(type, 3, height, width) { special[random.nextInt(special.size)] }
                        val shape =
                            PoolShape(3, Taps(height, height / 2, 2, 2, 1, 0, 0), Taps(width, width / 2, 2, 2, 1, 0, 0))
                        val found =
                            providers.map {
                                val y = numbers(type, 3, height / 2, width / 2)
                                val index = IntArray(y.size())
                                Kernels.of(it).maxPool(shape, x, y, index)
                                y to index
                            }
                        for ((y, index) in found) {
                            withClue("$type of $height×$width") {
                                index.forEachIndexed { i, at ->
                                    val windows = height / 2 * (width / 2)
                                    val row = i % windows / (width / 2) * 2
                                    val column = i % (width / 2) * 2
                                    val seen = (0..3).map { (row + it / 2) * width + column + it % 2 }
                                    val plane = i / windows * height * width
                                    at shouldBe seen.maxWithFirst { x.get(plane + it) }
                                    y.get(i).toRawBits() shouldBe x.get(plane + at).toRawBits()
                                }
                                val expected = List(x.size()) { 0.0 }.toMutableList()
                                index.forEachIndexed { i, at ->
                                    expected[i / (y.size() / 3) * height * width + at] +=
                                        y.get(i)
                                }
                                for (provider in providers) {
                                    val gx = numbers(type, 3, height, width) { Double.NaN }
                                    Kernels.of(provider).scatterMaxima(shape, true, y, index, gx)
                                    gx.bits() shouldBe expected.map { it.toRawBits() }
                                }
                            }
                        }
                    }
                }
            }
        }

        test("the same bits with one thread and with two, and before and after it was compiled") {
            val before = Parallel.threads()
            try {
                for (provider in providers) {
                    for (size in listOf(Triple(40, 6, 576), Triple(40, 5, 83), Triple(900, 30, 1))) {
                        val normal = gaussian(3)
                        val problem = Normalisation(DType.F32, size) { normal(it) }
                        val first = problem.by(provider).map { it.bits() }
                        Hot.await()
                        listOf(1, 2).forEach { threads ->
                            Parallel.use(threads)
                            problem.by(provider).map { it.bits() } shouldBe first
                        }
                    }
                }
            } finally {
                Parallel.use(before)
            }
        }
    })

/** The first of the largest, where NaN is larger than every number. */
private fun List<Int>.maxWithFirst(number: (Int) -> Double): Int = reduce { best, next ->
    val a = number(best)
    val b = number(next)
    if (b > a || (b.isNaN() && !a.isNaN())) next else best
}
