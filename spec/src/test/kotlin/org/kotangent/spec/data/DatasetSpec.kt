package org.kotangent.spec.data

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.dsl.Batch
import org.kotangent.dsl.DataException
import org.kotangent.dsl.Dataset
import org.kotangent.ops.Key
import org.kotangent.ops.Random

class DatasetSpec :
    FunSpec({
        /** Features 2i and 2i + 1 and label i mod 3, so that every example can be told from every other. */
        fun numbered(n: Int) =
            Dataset.ofFloats(FloatArray(2 * n) { it.toFloat() }, IntArray(n) { it % 3 }, Shape.of(2), 3)

        /** Which examples a batch of [numbered] holds; it fails where features and labels do not belong together. */
        fun examples(batch: Batch): List<Int> {
            val x = batch.x.toFloats()
            val found = List(batch.size) { (x[2 * it] / 2).toInt() }
            found.flatMap { listOf(2f * it, 2f * it + 1) } shouldBe x.toList()
            found.map { it % 3 } shouldBe batch.labels.toInts().toList()
            return found
        }

        test("bytes become fractions of 255, labels I32") {
            val data = Dataset.ofBytes(
                ByteArray(256 * 4) {
                    (it / 4).toByte()
                },
                IntArray(256) { it },
                Shape.of(1, 2, 2),
                256,
            )
            val (x, labels) = data.all()
            x.shape() shouldBe Shape.of(256, 1, 2, 2)
            x.dtype() shouldBe DType.F32
            x.toFloats() shouldBe FloatArray(256 * 4) { it / 4 / 255f }
            labels.dtype() shouldBe DType.I32
            labels.toInts() shouldBe IntArray(256) { it }
        }

        test("what is given is copied") {
            val numbers = FloatArray(4) { 1f }
            val classes = IntArray(2)
            val data = Dataset.ofFloats(numbers, classes, Shape.of(2), 2)
            numbers[0] = 7f
            classes[0] = 1
            data.labels()[1] = 1
            data.all().x.toFloats() shouldBe FloatArray(4) { 1f }
            data.labels() shouldBe IntArray(2)
        }

        test("an epoch takes every example once and keeps the remainder") {
            checkAll(Arb.int(0..60), Arb.int(1..20), Arb.long()) { n, size, seed ->
                val batches = numbered(n).batches(size, Key.of(seed)).toList()
                batches.flatMap(::examples).sorted() shouldBe (0 until n).toList()
                batches.map(Batch::size) shouldBe (0 until n).chunked(size).map { it.size }
            }
        }

        test("without a key batches come in order") {
            val batches = numbered(10).batches(4)
            batches.map(::examples).toList() shouldBe listOf(listOf(0, 1, 2, 3), listOf(4, 5, 6, 7), listOf(8, 9))
            batches[2].x.shape() shouldBe Shape.of(2, 2)
        }

        test("epoch e is the permutation of key.fold(e), and epochs differ") {
            val key = Key.of(5)
            val batches = numbered(50).epochs(3, 8, key)
            batches.size shouldBe 21
            batches.perEpoch shouldBe 7
            val orders = batches.map(::examples).chunked(7) { it.flatten() }.toList()
            orders shouldBe List(3) { Random.permutation(key.fold(it.toLong()), 50).toList() }
            orders.toSet().size shouldBe 3
            numbered(50).batches(8, key).map(::examples).toList() shouldBe batches.take(7).map(::examples).toList()
            numbered(50).batches(8, Key.of(6)).map(::examples).toList() shouldNotBe
                batches.take(7).map(::examples).toList()
        }

        test("batches are the same every time, by any way to them") {
            checkAll(100, Arb.int(1..30), Arb.int(1..9), Arb.int(0..40), Arb.int(0..40)) { n, size, skip, count ->
                val batches = numbered(n).epochs(3, size, Key.of(n.toLong()))
                val walked = batches.map(::examples).toList()
                batches.map(::examples).toList() shouldBe walked
                walked.size shouldBe batches.size
                (batches.size - 1 downTo 0).map { examples(batches[it]) }.reversed() shouldBe walked
                val part = batches.drop(skip).take(count)
                part.map(::examples).toList() shouldBe walked.drop(skip).take(count)
                part.size shouldBe walked.drop(skip).take(count).size
                batches.drop(skip).drop(1).map(::examples).toList() shouldBe walked.drop(skip + 1)
            }
        }

        test("subsets, splits and shuffles are views of the same examples") {
            val data = numbered(10)
            examples(data.take(3).all()) shouldBe listOf(0, 1, 2)
            examples(data.drop(7).all()) shouldBe listOf(7, 8, 9)
            val (first, rest) = data.split(4)
            examples(first.all()) + examples(rest.all()) shouldBe (0 until 10).toList()
            examples(rest.subset(intArrayOf(5, 0, 0)).all()) shouldBe listOf(9, 4, 4)
            examples(rest.batch(intArrayOf(1, 2))) shouldBe listOf(5, 6)
            rest.label(1) shouldBe 2
            examples(data.shuffled(Key.of(1)).all()) shouldBe Random.permutation(Key.of(1), 10).toList()
            "${data.take(0)}" shouldBe "0 × [2], 3 classes"
            data.take(0).batches(3).toList() shouldBe emptyList()
        }

        test("a batch can be folded over, as training does") {
            numbered(10).epochs(2, 3, Key.of(0)).fold(0) { seen, batch -> seen + batch.size } shouldBe 20
        }

        test("numbers and labels that do not fit") {
            shouldThrow<DataException> {
                Dataset.ofBytes(ByteArray(7), IntArray(2), Shape.of(1, 2, 2), 10)
            }.message shouldBe
                "dataset: must hold one label per example of shape [1, 2, 2]; got 7 numbers, 2 labels; give 8 numbers"
            shouldThrow<DataException> {
                Dataset.ofFloats(FloatArray(3), intArrayOf(0, 1, -1), Shape.of(1), 2)
            }.message shouldBe
                "dataset: labels must lie in 0..1; got -1 at position 2; check that it is the right file"
        }

        test("arguments out of range") {
            val data = numbered(4)
            shouldThrow<IllegalArgumentException> { data.take(5) }.message shouldBe
                "split: n must lie in 0..4; got 5; ask for fewer examples"
            shouldThrow<IllegalArgumentException> { data.subset(intArrayOf(0, 4)) }.message shouldBe
                "subset: indices must lie in 0..3; got 4; choose examples that exist"
            shouldThrow<IllegalArgumentException> { data.batches(0) }.message shouldBe
                "batches: the batch size must be at least 1; got 0; use 1 or more"
            shouldThrow<IllegalArgumentException> { data.epochs(0, 1, Key.of(0)) }.message shouldBe
                "epochs: n must be at least 1; got 0; ask for one epoch or more"
            shouldThrow<IndexOutOfBoundsException> { data.batches(3)[2] }.message shouldBe
                "batches: the index must lie in 0..1; got 2; ask for one of these"
        }
    })
