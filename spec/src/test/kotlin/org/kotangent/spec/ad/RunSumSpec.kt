package org.kotangent.spec.ad

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.internal.MachineCode
import org.kotangent.ad.internal.RunSumCode
import org.kotangent.ops.Key
import org.kotangent.ops.Random

/** The sum of a run by its definition: eight sums in turn, then by halves, then the rest. */
private fun sum(x: FloatArray, from: Int, length: Int): Double {
    val sums = DoubleArray(8)
    val leaps = length / 32 * 32
    val steps = length / 8 * 8
    for (i in 0 until leaps step 32) {
        for (j in 0 until 8) {
            val (a, b, c, d) = List(4) { x[from + i + j + 8 * it].toDouble() }
            sums[j] += (a + b) + (c + d)
        }
    }
    for (i in leaps until steps) sums[i % 8] += x[from + i].toDouble()
    for (half in listOf(4, 2, 1)) for (j in 0 until half) sums[j] += sums[j + half]
    return (steps until length).fold(sums[0]) { sum, i -> sum + x[from + i] }
}

/** Sums of contiguous runs: the same bits in machine code, in plain Java and on any number of threads. */
class RunSumSpec :
    FunSpec({
        val threads = Parallel.threads()
        afterSpec { Parallel.use(threads) }

        fun numbers(seed: Long, vararg dims: Int) = Random.normal(Key.of(seed), 3.0, 1e3, DType.F32, *dims)

        test("machine code adds as it is defined, and reads nothing else").config(enabled = MachineCode.isPresent()) {
            for (length in (1..100) + listOf(576, 4095, 4096)) {
                val runs = 1 + length % 4
                val given = numbers(length.toLong(), runs * length).toFloats()
                val from = 3
                val x = FloatArray(given.size + 50) { Float.NaN }
                given.copyInto(x, from)
                val sums = DoubleArray(runs + 4) { it.toDouble() }
                RunSumCode.add(x, from, length, runs, sums, 2)
                withClue(length) {
                    sums.indices.forEach {
                        val run = it - 2
                        val own = if (run in 0 until runs) sum(x, from + run * length, length) else 0.0
                        sums[it] shouldBe it + own
                    }
                }
            }
        }

        test("sums over axes of any arrangement are those of their runs") {
            for (length in listOf(1, 7, 15, 16, 64, 100, 576, 4096)) {
                val x = numbers(length.toLong(), 5, 3, length)
                val given = x.toFloats()
                val rows = Core.sum(x, intArrayOf(2), false).toFloats()
                val channels = Core.sum(x, intArrayOf(0, 2), false).toFloats()
                withClue(length) {
                    rows.indices.forEach { rows[it] shouldBe sum(given, it * length, length).toFloat() }
                    channels.indices.forEach { c ->
                        val each = List(5) { sum(given, (it * 3 + c) * length, length) }
                        channels[c] shouldBe each.fold(0.0, Double::plus).toFloat()
                    }
                }
            }
        }

        test("the same bits on any number of threads, for channels and for long runs") {
            val shapes = listOf(
                Shape.of(64, 16, 8, 8),
                Shape.of(70, 5, 24, 24),
                Shape.of(3, 90, 50, 7),
                Shape.of(2, 3, 300, 200),
            )
            for (shape in shapes) {
                val x = numbers(9, *shape.toArray())

                fun sums(): List<Tensor> = listOf(intArrayOf(0, 2, 3), intArrayOf(), intArrayOf(1, 3), intArrayOf(3))
                    .map { Core.sum(x, it, false) }
                Parallel.use(1)
                val one = sums()
                for (some in listOf(2, 3, 7)) {
                    Parallel.use(some)
                    sums().zip(one).forEach { (a, b) -> a.contentEquals(b) shouldBe true }
                }
            }
        }
    })
