package org.kotangent.spec.ops

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Announcing
import org.kotangent.ad.Parallel
import org.kotangent.ad.internal.Hot
import org.kotangent.ad.internal.MachineCode
import org.kotangent.ad.internal.OpenBlas
import org.kotangent.ad.internal.Provider
import org.kotangent.ad.internal.Simd
import org.kotangent.ops.internal.ConvShape
import org.kotangent.ops.internal.Kernels
import org.kotangent.ops.internal.Matrix
import org.kotangent.ops.internal.Taps
import java.util.concurrent.atomic.AtomicIntegerArray
import kotlin.math.abs
import kotlin.random.Random

/** Runs a kernel, which must announce each of so many elements once. */
private fun announcing(size: Int, kernel: (Announcing.Ready) -> Unit) {
    val times = AtomicIntegerArray(size)
    kernel { from, length, rows, pitch ->
        (0 until rows).forEach { row -> (0 until length).forEach { times.incrementAndGet(from + row * pitch + it) } }
    }
    (0 until size).all { times[it] == 1 } shouldBe true
}

/**
 * Products and convolutions by every provider: equal within c·k·ε·|A||B| at odd sizes, with strides, padding and groups,
 * and the same bits on one thread as on three and before the JIT compiler has seen to a tile as after.
 */
class ProductKernelsSpec :
    FunSpec({
        val threads = Parallel.threads()
        afterSpec { Parallel.use(threads) }

        val portable = Kernels.of(Provider.PORTABLE)
        val providers = Provider.entries.filter {
            when (it) {
                Provider.NATIVE -> MachineCode.isPresent()
                Provider.VECTOR -> Simd.isPresent()
                Provider.OPENBLAS -> OpenBlas.isPresent()
                Provider.PORTABLE -> false
            }
        }
        (Provider.entries - providers.toSet() - Provider.PORTABLE).forEach {
            println("ProductKernelsSpec: $it is absent, its kernels are skipped")
        }

        fun Random.array(wide: Boolean, size: Int): Any =
            if (wide) DoubleArray(size) { nextDouble(-1.0, 1.0) } else FloatArray(size) { nextFloat() * 2 - 1 }

        fun at(array: Any, i: Int): Double = if (array is FloatArray) array[i].toDouble() else (array as DoubleArray)[i]

        fun bits(array: Any): List<Number> = if (array is FloatArray) {
            array.map {
                it.toRawBits()
            }
        } else {
            (array as DoubleArray).map { it.toRawBits() }
        }

        /** The bound on an element for [terms] products of numbers below one. */
        fun shouldBeClose(what: String, terms: Int, expected: Any, actual: Any, size: Int) {
            val epsilon = if (expected is FloatArray) Math.ulp(1f).toDouble() else Math.ulp(1.0)
            val bound = (terms + 2) * epsilon * maxOf(1.0, terms.toDouble())
            val worst = (0 until size).maxOfOrNull { abs(at(expected, it) - at(actual, it)) } ?: 0.0
            withClue(what) { worst shouldBeLessThanOrEqual bound }
        }

        class Product(random: Random, val m: Int, val n: Int, val k: Int) {
            val wide = random.nextBoolean()
            val transposedA = random.nextBoolean()
            val transposedB = random.nextBoolean()
            val a = random.array(wide, m * k)
            val b = random.array(wide, k * n)
            val old = random.array(wide, m * n)

            private fun matrix(data: Any, rows: Int, columns: Int, transposed: Boolean) =
                if (transposed) Matrix.rowMajor(data, 0, rows).transposed() else Matrix.rowMajor(data, 0, columns)

            fun by(kernels: Kernels): Any {
                val c = if (old is FloatArray) old.copyOf() else (old as DoubleArray).copyOf()
                val left = matrix(a, m, k, transposedA)
                val right = matrix(b, k, n, transposedB)
                announcing(m * n) { kernels.multiply(m, n, k, left, right, Matrix.rowMajor(c, 0, n), it) }
                return c
            }

            override fun toString() = "$m×$n×$k, wide $wide, transposed $transposedA $transposedB"
        }

        fun products(seed: Int): List<Product> {
            val random = Random(seed)
            val odd = List(60) { Product(random, random.nextInt(1, 40), random.nextInt(1, 40), random.nextInt(0, 40)) }
            val large =
                listOf(
                    Product(random, 1, 300, 259),
                    Product(random, 67, 129, 515),
                    Product(random, 150, 31, 300),
                    Product(random, 7, 1, 1000),
                    Product(random, 400, 40, 130),
                ) + List(4) { Product(random, 64, 64, 11_000) }
            val thin = List(24) {
                val size = random.nextInt(1, 90)
                val row = random.nextBoolean()
                Product(random, if (row) 1 else size, if (row) size else 1, random.nextInt(0, 90))
            }
            return odd + large + thin
        }

        class Convolution(random: Random, spread: Int, given: ConvShape? = null) {
            val wide = random.nextBoolean()
            private val groups = random.nextInt(1, 3)
            private val channels = groups * random.nextInt(1, 5)
            private val filters = groups * random.nextInt(1, 9)

            private fun taps(random: Random, plain: Boolean): Taps {
                val window = random.nextInt(1, 4)
                val stride = if (plain) 1 else random.nextInt(1, 4)
                val dilation = if (plain) 1 else random.nextInt(1, 3)
                val before = if (plain) 0 else random.nextInt(0, 3)
                val after = if (plain) 0 else random.nextInt(0, 3)
                val span = dilation * (window - 1) + 1
                val size = random.nextInt(span, span + 20)
                return Taps(size, 1 + (size + before + after - span) / stride, window, stride, dilation, before, after)
            }

            private val plain = random.nextInt(3) == 0
            val shape =
                given ?: ConvShape(
                    random.nextInt(1, maxOf(2, spread)),
                    channels,
                    filters,
                    groups,
                    taps(random, plain),
                    taps(random, plain),
                )
            private val images = shape.images()
            val inputs = images * shape.channels() * shape.height().`in`() * shape.width().`in`()
            val outputs = images * shape.filters() * shape.height().out() * shape.width().out()
            val terms = shape.channels() / shape.groups() * shape.height().taps() * shape.width().taps()
            val x = random.array(wide, inputs)
            val w = random.array(wide, shape.filters() * terms)
            val gy = random.array(wide, outputs)

            private fun empty(size: Int): Any = if (wide) {
                DoubleArray(size) {
                    Double.NaN
                }
            } else {
                FloatArray(size) { Float.NaN }
            }

            fun forward(kernels: Kernels) = empty(outputs).also { y ->
                announcing(outputs) { kernels.convolve(shape, x, w, y, it) }
            }

            fun inputGradient(kernels: Kernels) = empty(inputs).also { kernels.inputGradient(shape, gy, w, it) }

            fun weightGradient(kernels: Kernels) = empty(shape.filters() * terms).also {
                kernels.weightGradient(shape, x, gy, it)
            }

            override fun toString() = "$shape, wide $wide"
        }

        fun convolutions(seed: Int): List<Convolution> {
            val random = Random(seed)
            val side = Taps(83, 81, 3, 1, 1, 0, 0)
            val large = ConvShape(1, 8, 32, 1, side, side)
            return List(80) { Convolution(random, 4) } + List(4) { Convolution(random, 40) } +
                List(2) { Convolution(random, 1, large) }
        }

        for (provider in providers) {
            val kernels = Kernels.of(provider)
            val name = provider.name.lowercase()

            test("$name multiplies like portable") {
                for (product in products(1)) {
                    val expected = product.by(portable)
                    shouldBeClose(product.toString(), product.k, expected, product.by(kernels), product.m * product.n)
                }
            }

            test("$name convolves like portable, forward and back") {
                for (c in convolutions(2)) {
                    val positions = c.shape.images() * c.shape.height().out() * c.shape.width().out()
                    val window = c.terms * c.shape.filters()
                    shouldBeClose("$c", c.terms, c.forward(portable), c.forward(kernels), c.outputs)
                    shouldBeClose("$c input", window, c.inputGradient(portable), c.inputGradient(kernels), c.inputs)
                    shouldBeClose(
                        "$c weights",
                        positions,
                        c.weightGradient(portable),
                        c.weightGradient(kernels),
                        c.shape.filters() * c.terms,
                    )
                }
            }

            test("$name computes the same bits on one thread and on three, cold and hot") {
                val products = products(3)
                val convolutions = convolutions(4)

                fun results() = products.map { bits(it.by(kernels)) } +
                    convolutions.flatMap {
                        listOf(
                            bits(it.forward(kernels)),
                            bits(it.inputGradient(kernels)),
                            bits(it.weightGradient(kernels)),
                        )
                    }
                Parallel.use(1)
                val first = results()
                Parallel.use(3)
                withClue("threads") { (results() == first) shouldBe true }
                Hot.await()
                withClue("hot") { (results() == first) shouldBe true }
            }
        }

        val bothFused = MachineCode.isPresent() && Simd.isPresent()
        test("native and vector kernels round alike: products and convolutions have the same bits").config(
            enabled = bothFused,
        ) {
            val (native, vector) = listOf(Provider.NATIVE, Provider.VECTOR).map(Kernels::of)
            for (product in products(5)) {
                withClue(product) { bits(product.by(native)) shouldBe bits(product.by(vector)) }
            }
            for (c in convolutions(6)) {
                // The portable kernels stand in where rows are too short, which differs by the length of vectors.
                if (c.shape.width().out() >= 8) {
                    withClue(c) { bits(c.forward(native)) shouldBe bits(c.forward(vector)) }
                }
            }
        }

        fun notANumbers(wide: Boolean, size: Int): Any =
            if (wide) DoubleArray(size) { Double.NaN } else FloatArray(size) { Float.NaN }

        /** Numbers in the midst of others that are none. */
        fun within(data: Any, before: Int, behind: Int): Any =
            notANumbers(data is DoubleArray, before + java.lang.reflect.Array.getLength(data) + behind).also {
                System.arraycopy(data, 0, it, before, java.lang.reflect.Array.getLength(data))
            }

        fun shouldBeWithin(all: Any, before: Int, expected: Any) {
            val size = java.lang.reflect.Array.getLength(expected)
            val found = bits(all)
            found.subList(before, before + size) shouldBe bits(expected)
            val none = bits(notANumbers(all is DoubleArray, 1)).single()
            (found.take(before) + found.drop(before + size)).all { it == none } shouldBe true
        }

        test("machine code stays inside of the factors of products").config(enabled = MachineCode.isPresent()) {
            val kernels = Kernels.of(Provider.NATIVE)
            val random = Random(7)
            for (product in products(8)) {
                val (m, n, k) = listOf(product.m, product.n, product.k)
                val at = random.nextInt(64)

                fun inside(data: Any, rows: Int, columns: Int, transposed: Boolean): Matrix<Any> {
                    val all = within(data, at, 64)
                    return if (transposed) {
                        Matrix.rowMajor(all, at, rows).transposed()
                    } else {
                        Matrix.rowMajor(all, at, columns)
                    }
                }
                val c = Matrix.rowMajor(notANumbers(product.wide, at + m * n + 64), at, n)
                val a = inside(product.a, m, k, product.transposedA)
                val b = inside(product.b, k, n, product.transposedB)
                kernels.multiply(m, n, k, a, b, c, Announcing.Ready.IGNORED)
                withClue(product) { shouldBeWithin(c.data(), at, product.by(kernels)) }
            }
        }

        test("machine code stays inside of images and filters").config(enabled = MachineCode.isPresent()) {
            val kernels = Kernels.of(Provider.NATIVE)
            for (c in convolutions(9)) {
                val (x, w, gy) = listOf(c.x, c.w, c.gy).map { within(it, 0, 64) }

                fun around(size: Int) = notANumbers(c.wide, size + 64)
                val y = around(c.outputs).also { kernels.convolve(c.shape, x, w, it, Announcing.Ready.IGNORED) }
                val gx = around(c.inputs).also { kernels.inputGradient(c.shape, gy, w, it) }
                val gw = around(c.shape.filters() * c.terms).also { kernels.weightGradient(c.shape, x, gy, it) }
                withClue(c) {
                    shouldBeWithin(y, 0, c.forward(kernels))
                    shouldBeWithin(gx, 0, c.inputGradient(kernels))
                    shouldBeWithin(gw, 0, c.weightGradient(kernels))
                }
            }
        }

        test("an odd number of terms keeps the sign of a zero, infinities and NaN").config(enabled = Simd.isPresent()) {
            val kernels = Kernels.of(Provider.VECTOR)
            val a = floatArrayOf(-1e-30f, Float.POSITIVE_INFINITY, Float.NaN, 0f, -2f)
            val b = FloatArray(80) { if (it % 4 == 0) 1e-30f else -1f }
            val n = b.size / 2
            val expected = bits(FloatArray(a.size * n) { Math.fma(a[it / n], b[it % n * 2], 0f) })

            fun product(): Any {
                val c = FloatArray(a.size * n) { 7f }
                val left = Matrix.rowMajor(a, 0, 1)
                val everySecond = Matrix(b, 0, b.size, 2)
                announcing(c.size) {
                    kernels.multiply(a.size, n, 1, left, everySecond, Matrix.rowMajor(c, 0, n), it)
                }
                return c
            }
            bits(product()) shouldBe expected
            Hot.await()
            bits(product()) shouldBe expected
        }
    })
