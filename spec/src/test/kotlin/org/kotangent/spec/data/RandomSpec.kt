package org.kotangent.spec.data

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key
import org.kotangent.ops.Random
import kotlin.math.abs
import kotlin.math.pow

class RandomSpec :
    FunSpec({
        val key = Key.of(2011)

        context("uniform") {
            test("lies in [low, high), also where the arithmetic would round up to high") {
                checkAll(Arb.long(), Arb.int(-3..3), Arb.int(1..4)) { seed, low, width ->
                    for (dtype in listOf(DType.F32, DType.F64)) {
                        val values = Random.uniform(
                            Key.of(seed),
                            low.toDouble(),
                            low.toDouble() + width,
                            dtype,
                            50,
                        ).toDoubles()
                        values.all { it >= low && it < low + width } shouldBe true
                    }
                }
                val high = 1 + 2 * Math.ulp(1.0)
                Random.uniform(key, 1.0, high, DType.F64, 1_000).toDoubles().toSet() shouldBe
                    setOf(1.0, Math.nextUp(1.0))
                val floats = Random.uniform(key, 0.0, 1.0 - 1e-12, DType.F32, 1_000).toFloats()
                floats.all { it < 1f } shouldBe true
            }

            test("has the moments of the distribution and even bins") {
                val n = 100_000
                val values = Random.uniform(key, DType.F64, n).toDoubles()
                values.average() shouldBe (0.5 plusOrMinus 0.003)
                values.map { (it - 0.5).pow(2) }.average() shouldBe (1 / 12.0 plusOrMinus 0.001)
                chiSquare(values.map { (it * 64).toInt() }, 64) shouldBeLessThan 103.4 // 63 degrees of freedom, 0.999
            }

            test("consecutive numbers are independent") {
                val values = Random.uniform(key, DType.F64, 100_000).toDoubles()
                val cells = values.asList().chunked(2) { (a, b) -> (a * 8).toInt() * 8 + (b * 8).toInt() }
                chiSquare(cells, 64) shouldBeLessThan 103.4
            }

            test("number i depends on the key and i alone, whatever shape or type") {
                val many = Random.uniform(key, DType.F64, 60)
                many.shape() shouldBe Shape.of(60)
                Random.uniform(key, DType.F64, 3, 4, 5).toDoubles() shouldBe many.toDoubles()
                Random.uniform(key, DType.F64, 7).toDoubles() shouldBe many.toDoubles().copyOf(7)
                Random.uniform(key, DType.F32, 60).toFloats() shouldBe FloatArray(60) { many.toDoubles()[it].toFloat() }
                Random.uniform(key, DType.F64).item() shouldBe many.toDoubles()[0]
                Random.uniform(key.fold(1), DType.F64, 60).toDoubles() shouldNotBe many.toDoubles()
            }
        }

        context("normal") {
            test("has the moments and the tails of the distribution") {
                val n = 200_000
                val z = Random.normal(key, DType.F64, n).toDoubles()
                z.average() shouldBe (0.0 plusOrMinus 0.01)
                z.map { it.pow(2) }.average() shouldBe (1.0 plusOrMinus 0.015)
                z.map { it.pow(3) }.average() shouldBe (0.0 plusOrMinus 0.03)
                z.map { it.pow(4) }.average() shouldBe (3.0 plusOrMinus 0.1)
                z.count { abs(it) < 1 } / n.toDouble() shouldBe (0.682689 plusOrMinus 0.004)
                z.count { abs(it) < 2 } / n.toDouble() shouldBe (0.954500 plusOrMinus 0.002)
                z.count { abs(it) < 3 } / n.toDouble() shouldBe (0.997300 plusOrMinus 0.0005)
                z.asList().chunked(2) { (a, b) -> a * b }.average() shouldBe (0.0 plusOrMinus 0.015)
            }

            test("is mean + deviation·z, with z the same for every shape and type") {
                val z = Random.normal(key, DType.F64, 31).toDoubles()
                Random.normal(key, 3.0, 0.5, DType.F64, 31).toDoubles() shouldBe DoubleArray(31) { 3.0 + 0.5 * z[it] }
                Random.normal(key, DType.F32, 31).toFloats() shouldBe FloatArray(31) { z[it].toFloat() }
                Random.normal(key, DType.F64, 5, 6).toDoubles() shouldBe z.copyOf(30)
                Random.normal(key, 7.0, 0.0, DType.F64, 3).toDoubles() shouldBe doubleArrayOf(7.0, 7.0, 7.0)
                Random.normal(key, DType.F64, 0).size() shouldBe 0
            }
        }

        context("bernoulli") {
            test("is true with probability p, and only more so as p grows") {
                val n = 50_000
                val rare = Random.bernoulli(key, 0.1, n)
                val often = Random.bernoulli(key, 0.8, n)
                rare.dtype() shouldBe DType.BOOL
                rare.toBooleans().count { it } / n.toDouble() shouldBe (0.1 plusOrMinus 0.006)
                often.toBooleans().count { it } / n.toDouble() shouldBe (0.8 plusOrMinus 0.008)
                rare.toBooleans().zip(often.toBooleans()).all { (r, o) -> !r || o } shouldBe true
            }

            test("is never true at 0 and always at 1") {
                Random.bernoulli(key, 0.0, 100).toBooleans().any { it } shouldBe false
                Random.bernoulli(key, 1.0, 10, 10).toBooleans().all { it } shouldBe true
            }
        }

        context("permutation") {
            test("holds every number once and is a function of the key") {
                checkAll(Arb.long(), Arb.int(0..300)) { seed, n ->
                    val order = Random.permutation(Key.of(seed), n)
                    order.sorted() shouldBe (0 until n).toList()
                    Random.permutation(Key.of(seed), n) shouldBe order
                }
            }

            test("every order is equally likely") {
                val orders = (0L until 24_000).map { Random.permutation(key.fold(it), 4).toList() }
                val named = orders.distinct()
                named.size shouldBe 24
                chiSquare(orders.map(named::indexOf), 24) shouldBeLessThan 49.7 // 23 degrees of freedom, 0.999
            }
        }

        test("an order is a permutation as a tensor") {
            checkAll(20, Arb.long(), Arb.int(0..99)) { seed, n ->
                Random.order(Key.of(seed), n).toInts() shouldBe Random.permutation(Key.of(seed), n)
            }
        }

        test("of several keys, every key draws its own") {
            val keys = key.split(3)
            val all = key.batch(3)

            fun each(draw: (Key) -> Tensor) = draw(all).contentEquals(Core.stack(keys.map(draw))) shouldBe true
            each { Random.uniform(it, DType.F32, 2, 5) }
            each { Random.normal(it, DType.F64, 7) }
            each { Random.bernoulli(it, 0.4, 3, 3) }
            each { Random.order(it, 6) }
        }

        test("the number of threads changes no bit, nor does the size of what is drawn at once") {
            fun drawn() = listOf(
                Random.uniform(key, DType.F64, 20_001),
                Random.normal(key, DType.F32, 20_001),
                Random.bernoulli(key.batch(5), 0.3, 9_999),
                Random.order(key.batch(3_001), 7),
            )
            val threads = Parallel.threads()
            try {
                val (one, three) = listOf(1, 3).map { n ->
                    Parallel.use(n)
                    drawn()
                }
                one.zip(three) { a, b -> a.contentEquals(b) shouldBe true }
            } finally {
                Parallel.use(threads)
            }
            val numbers = Random.uniform(key, DType.F64, 20_001).toDoubles()
            for (i in listOf(0L, 255L, 256L, 4_095L, 4_096L, 20_000L)) {
                numbers[i.toInt()] shouldBe (key.bits(i) ushr 11) * 2.0.pow(-53)
            }
        }

        test("the bits are the same on every machine") {
            // computed by another program from the definitions
            Random.uniform(Key.of(1), DType.F64, 3).toDoubles() shouldBe
                doubleArrayOf(0.6864342655512504, 0.6750457629453418, 0.46473338577294176)
            Random.normal(Key.of(1), DType.F64, 3).toDoubles() shouldBe
                doubleArrayOf(-0.6910318802603108, -1.3571910196124761, 0.5342206102337276)
            Random.permutation(Key.of(1), 10) shouldBe intArrayOf(0, 2, 5, 3, 4, 9, 8, 7, 6, 1)
        }

        test("arguments out of range are errors that say what to give") {
            shouldThrow<DomainException> { Random.uniform(key, 1.0, 1.0, DType.F32, 2) }.message shouldBe
                "uniform: low must be below high and both finite; got low: 1.0, high: 1.0; swap or bound them"
            shouldThrow<DTypeException> { Random.uniform(key, DType.I32, 2) }.message shouldBe
                "uniform: the type must be floating; got i32; ask for F32 or F64"
            shouldThrow<DTypeException> { Random.normal(key, DType.BOOL, 2) }.message shouldBe
                "normal: the type must be floating; got bool; ask for F32 or F64"
            shouldThrow<DomainException> { Random.normal(key, 0.0, -1.0, DType.F32, 2) }.message shouldBe
                "normal: mean and deviation must be finite, deviation not negative; " +
                "got mean: 0.0, deviation: -1.0; use such numbers"
            shouldThrow<DomainException> { Random.bernoulli(key, Double.NaN, 2) }.message shouldBe
                "bernoulli: p must lie in [0, 1]; got NaN; give a probability"
            shouldThrow<DomainException> { Random.permutation(key, -1) }.message shouldBe
                "permutation: n must not be negative; got -1; use n ≥ 0"
        }
    })

/** Pearson's statistic of the [cells] against an even spread over [bins]. */
private fun chiSquare(cells: List<Int>, bins: Int): Double {
    val expected = cells.size / bins.toDouble()
    val counts = cells.groupingBy { it }.eachCount()
    return (0 until bins).sumOf { ((counts[it] ?: 0) - expected).pow(2) / expected }
}
