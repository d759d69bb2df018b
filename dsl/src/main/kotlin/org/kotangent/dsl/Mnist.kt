@file:JvmName("Mnist")

package org.kotangent.dsl

import org.kotangent.ad.Shape
import java.nio.file.Files
import java.nio.file.Path

/**
 * Images to train on and images to test with.
 *
 * @property train the examples to learn from
 * @property test examples of the same kind that training does not see
 */
public data class ImageData(public val train: Dataset, public val test: Dataset)

/**
 * Reads the MNIST digits, 60,000 to train on and 10,000 to test with, or a data set of the same form such as
 * Fashion-MNIST.
 *
 * [directory] holds the four files `train-images`, `train-labels`, `t10k-images` and `t10k-labels`, each with the ending
 * `-idx3-ubyte` or `.idx3-ubyte` (`idx1` for labels), plain or with `.gz` after it. Images are [1, 28, 28] and labels 0 to 9.
 *
 * Source: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition" (1998), §III.A.
 *
 * @throws DataException when files are missing, damaged, of another kind or do not belong together
 */
public fun mnist(directory: Path): ImageData {
    if (!Files.isDirectory(directory)) {
        val got = if (Files.exists(directory)) "a file" else "no such directory"
        throw badData(directory, "must be the directory of the MNIST files", got, "check the path")
    }
    val parts = listOf("train-images" to 3, "train-labels" to 1, "t10k-images" to 3, "t10k-labels" to 1)
    val found = parts.map { (part, rank) -> spellings(part, rank).map(directory::resolve).find(Files::exists) }
    val missing = parts.zip(found).filter {
        it.second == null
    }.map { (part, _) -> "${part.first}-idx${part.second}-ubyte" }
    if (missing.isNotEmpty()) {
        throw badData(
            directory,
            "must hold the four MNIST files, plain or .gz",
            "no ${missing.joinToString()}",
            "download them there or name another directory",
        )
    }
    val (trainImages, trainLabels, testImages, testLabels) = found.filterNotNull()
    return ImageData(digits28(trainImages, trainLabels), digits28(testImages, testLabels))
}

/** Reads the MNIST digits from the directory with this path. */
public fun mnist(directory: String): ImageData = mnist(Path.of(directory))

/**
 * Reads labelled grey images from a pair of IDX files: images `u8[n, height, width]` and labels `u8[n]`. Examples are
 * [1, height, width].
 *
 * @param classes the number of classes; labels must be 0, …, classes − 1
 * @throws DataException when a file is missing, damaged or of another kind, or when they do not belong together
 */
@JvmOverloads
public fun idxImages(images: Path, labels: Path, classes: Int = 10): Dataset {
    val pixels = readIdx(images).also { it.requireBytes(3, "images") }
    val classOf = readIdx(labels).also { it.requireBytes(1, "labels") }
    val (n, height, width) = pixels.shape.toArray()
    if (classOf.shape.size() != n) {
        throw badData(
            labels,
            "must hold one label per image of $images",
            "$n images, ${classOf.shape.size()} labels",
            "use two files of the same set",
        )
    }
    val indices = classOf.toTensor().toInts()
    checkLabels(labels, indices, classes)
    return Dataset(Numbers.Bytes(pixels.bytes), indices, Shape.of(1, height, width), classes)
}

private fun digits28(images: Path, labels: Path): Dataset {
    val data = idxImages(images, labels)
    if (data.shape != Shape.of(1, 28, 28)) {
        throw badData(images, "must hold images of 28×28 pixels", "$data", "use idxImages for other sizes")
    }
    return data
}

private fun spellings(part: String, rank: Int) =
    listOf("-", ".").flatMap { listOf("$part${it}idx$rank-ubyte", "$part${it}idx$rank-ubyte.gz") }

private fun IdxArray.requireBytes(rank: Int, what: String) {
    if (type != IdxType.U8 || shape.rank() != rank) {
        throw badData(
            file,
            "$what must be u8 with $rank ${if (rank == 1) "dimension" else "dimensions"} (magic number ${magic(
                IdxType.U8,
                rank,
            )})",
            "$this (${magic(type, shape.rank())})",
            "check that images and labels are not exchanged",
        )
    }
}

private fun magic(type: IdxType, rank: Int) = "0000%02x%02x".format(type.code, rank)
