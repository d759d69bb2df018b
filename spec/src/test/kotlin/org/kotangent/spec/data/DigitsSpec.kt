package org.kotangent.spec.data

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeBetween
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.dsl.Dataset
import org.kotangent.dsl.digits
import org.kotangent.dsl.embeddedDigits
import org.kotangent.ops.Key
import java.util.zip.CRC32

class DigitsSpec :
    FunSpec({
        val (train, test) = embeddedDigits()

        test("6,000 and 1,000 grey images of ten classes, without a file") {
            "$train" shouldBe "6000 × [1, 28, 28], 10 classes"
            "$test" shouldBe "1000 × [1, 28, 28], 10 classes"
        }

        test("example i depends on the key and i alone") {
            val key = Key.of(3)
            val many = digits(230, key)
            val few = digits(77, key)
            pixels(few) shouldBe pixels(many.take(77))
            few.labels() shouldBe many.take(77).labels()
            pixels(digits(77, Key.of(4))) shouldNotBe pixels(few)
        }

        test("the number of threads changes nothing") {
            val threads = Parallel.threads()
            try {
                Parallel.use(1)
                val alone = pixels(digits(200, Key.of(9)))
                Parallel.use(2)
                pixels(digits(200, Key.of(9))) shouldBe alone
            } finally {
                Parallel.use(threads)
            }
        }

        test("the bytes are the same on every machine") {
            val bytes = pixels(train.take(100)).map(Int::toByte).toByteArray()
            CRC32().apply { update(bytes) }.value shouldBe 3_264_246_987
        }

        test("every ten in a row show each class once, in changing order") {
            val tens = train.labels().toList().chunked(10)
            tens.all { it.sorted() == (0..9).toList() } shouldBe true
            (tens.toSet().size > 590) shouldBe true
        }

        test("training and test examples are different ones") {
            val seen = train.batches(1).map { it.x.toFloats().contentHashCode() }.toSet()
            test.batches(1).count { it.x.toFloats().contentHashCode() in seen } shouldBe 0
        }

        test("every image holds a digit's worth of ink within its margins") {
            for ((x, _) in train.batches(1)) {
                val image = x.toFloats()
                (image.average()).shouldBeBetween(0.015, 0.35, 0.0)
                (image.max() > 0.5f) shouldBe true
                val border = image.filterIndexed { i, _ -> i / 28 == 0 || i / 28 == 27 || i % 28 == 0 || i % 28 == 27 }
                (border.average() < 0.2) shouldBe true
            }
        }

        test("the nearest class mean is right far more often than chance and far less often than a network") {
            val means = classMeans(train)
            val right = test.batches(1).count { (x, labels) ->
                nearest(means, x.toFloats()) == labels.toInts().single()
            }
            (right / 1000.0).shouldBeBetween(0.5, 0.9, 0.0)
        }

        test("none at all, and fewer than none") {
            digits(0).all().x.shape() shouldBe Shape.of(0, 1, 28, 28)
            shouldThrow<IllegalArgumentException> { digits(-1) }.message shouldBe
                "digits: n must not be negative; got -1; ask for 0 or more"
        }
    })

private fun pixels(data: Dataset): List<Int> = data.all().x.toFloats().map { Math.round(it * 255) }

private fun classMeans(data: Dataset): List<FloatArray> {
    val sums = List(data.classes) { FloatArray(data.shape.size()) }
    for ((x, labels) in data.batches(1)) {
        val sum = sums[labels.toInts().single()]
        x.toFloats().forEachIndexed { i, pixel -> sum[i] += pixel * data.classes / data.size }
    }
    return sums
}

private fun nearest(means: List<FloatArray>, image: FloatArray): Int = means.indices.minBy { c ->
    image.indices.sumOf { i -> ((image[i] - means[c][i]) * (image[i] - means[c][i])).toDouble() }
}
