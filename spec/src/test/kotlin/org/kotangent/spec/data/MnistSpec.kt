package org.kotangent.spec.data

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Shape
import org.kotangent.dsl.DataException
import org.kotangent.dsl.Dataset
import org.kotangent.dsl.idxImages
import org.kotangent.dsl.mnist
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.deleteExisting
import kotlin.io.path.isDirectory
import kotlin.io.path.moveTo

class MnistSpec :
    FunSpec({
        fun directory() = tempdir().toPath()

        /** A directory of four small files, of which a test then spoils one. */
        fun miniature(): Path {
            val directory = directory()
            directory.holding("train-images-idx3-ubyte.gz", gzip(idx(5, 28, 28) { it % 256 }))
            directory.holding("train-labels-idx1-ubyte.gz", gzip(idx(5) { it }))
            directory.holding("t10k-images-idx3-ubyte", idx(3, 28, 28) { 255 - it % 256 })
            directory.holding("t10k-labels.idx1-ubyte", idx(3) { 9 - it })
            return directory
        }

        fun message(directory: Path) = shouldThrow<DataException> { mnist(directory) }.message!!

        test("files are found plain or packed and in both spellings") {
            val directory = miniature()
            val (train, test) = mnist(directory)
            "$train" shouldBe "5 × [1, 28, 28], 10 classes"
            "$test" shouldBe "3 × [1, 28, 28], 10 classes"
            train.labels() shouldBe intArrayOf(0, 1, 2, 3, 4)
            test.labels() shouldBe intArrayOf(9, 8, 7)
            directory.resolve("t10k-images-idx3-ubyte").moveTo(directory.resolve("t10k-images.idx3-ubyte"))
            mnist("$directory").test.size shouldBe 3
        }

        test("a directory that is missing, or a file") {
            val directory = miniature()
            val nowhere = directory.resolve("nowhere")
            message(nowhere) shouldBe
                "$nowhere: must be the directory of the MNIST files; got no such directory; check the path"
            val file = directory.resolve("t10k-images-idx3-ubyte")
            message(file) shouldBe "$file: must be the directory of the MNIST files; got a file; check the path"
        }

        test("missing files are all named") {
            val directory = miniature()
            directory.resolve("train-labels-idx1-ubyte.gz").deleteExisting()
            directory.resolve("t10k-images-idx3-ubyte").deleteExisting()
            message(directory) shouldBe "$directory: must hold the four MNIST files, plain or .gz; " +
                "got no train-labels-idx1-ubyte, t10k-images-idx3-ubyte; download them there or name another directory"
        }

        test("images and labels of different number") {
            val directory = miniature()
            val labels = directory.holding("train-labels-idx1-ubyte.gz", gzip(idx(4) { it }))
            val images = directory.resolve("train-images-idx3-ubyte.gz")
            message(directory) shouldBe
                "$labels: must hold one label per image of $images; got 5 images, 4 labels; use two files of the same set"
        }

        test("a label that is no digit") {
            val directory = miniature()
            val labels = directory.holding("t10k-labels.idx1-ubyte", idx(3) { if (it == 1) 10 else 0 })
            message(directory) shouldBe
                "$labels: labels must lie in 0..9; got 10 at position 1; check that it is the right file"
        }

        test("images and labels exchanged") {
            val directory = miniature()
            val images = directory.holding("train-images-idx3-ubyte.gz", gzip(idx(5) { it }))
            message(directory) shouldBe "$images: images must be u8 with 3 dimensions (magic number 00000803); " +
                "got u8[5] (00000801); check that images and labels are not exchanged"
            directory.holding("train-images-idx3-ubyte.gz", gzip(idx(5, 28, 28) { it }))
            val labels = directory.holding("train-labels-idx1-ubyte.gz", gzip(idx(0x0D, listOf(5), ByteArray(20))))
            message(directory) shouldBe "$labels: labels must be u8 with 1 dimension (magic number 00000801); " +
                "got f32[5] (00000d01); check that images and labels are not exchanged"
        }

        test("a truncated file is reported as such") {
            val directory = miniature()
            val images = directory.holding("t10k-images-idx3-ubyte", idx(3, 28, 28) { it }.copyOf(1000))
            message(directory) shouldBe
                "$images: must hold 2368 bytes for u8[3, 28, 28]; got 1000; it is truncated, download it again"
        }

        test("images of another size need idxImages") {
            val directory = miniature()
            val images = directory.holding("t10k-images-idx3-ubyte", idx(3, 4, 5) { it })
            message(directory) shouldBe
                "$images: must hold images of 28×28 pixels; got 3 × [1, 4, 5], 10 classes; use idxImages for other sizes"
            val data = idxImages(images, directory.resolve("t10k-labels.idx1-ubyte"))
            data.shape shouldBe Shape.of(1, 4, 5)
            data.all().x.toFloats()[59] shouldBe 59 / 255f
        }

        context("the real files").config(enabledOrReasonIf = { realMnist?.let { Enabled.enabled } ?: absent }) {
            val (train, test) = mnist(realMnist!!)

            test("sizes, first labels and the spread of classes") {
                train.size shouldBe 60_000
                test.size shouldBe 10_000
                train.take(10).labels() shouldBe intArrayOf(5, 0, 4, 1, 9, 2, 1, 3, 1, 4)
                test.take(10).labels() shouldBe intArrayOf(7, 2, 1, 0, 4, 1, 4, 9, 5, 9)
                counts(train) shouldBe listOf(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949)
                counts(test) shouldBe listOf(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009)
            }

            test("pixels have the known mean and deviation") {
                var sum = 0.0
                var squares = 0.0
                for ((x, _) in train.batches(1_000)) {
                    for (pixel in x.toFloats()) {
                        sum += pixel
                        squares += pixel * pixel
                    }
                }
                val mean = sum / 60_000 / 784
                mean shouldBe (0.1307 plusOrMinus 0.0001)
                Math.sqrt(squares / 60_000 / 784 - mean * mean) shouldBe (0.3081 plusOrMinus 0.0001)
            }

            test("an epoch of 64 takes 938 batches, the last of 32") {
                val batches = train.batches(64)
                batches.size shouldBe 938
                batches[937].size shouldBe 32
            }
        }
    })

private val realMnist: Path? =
    System.getProperty("kotangent.root")?.let {
        Path.of(it, "..", "shared", "data", "mnist")
    }?.takeIf { it.isDirectory() }

private val absent = Enabled.disabled("../shared/data/mnist is not beside this repository")

private fun counts(data: Dataset) = data.labels().toList().groupingBy { it }.eachCount().toSortedMap().values.toList()
