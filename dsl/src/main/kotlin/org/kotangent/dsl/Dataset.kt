package org.kotangent.dsl

import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key
import org.kotangent.ops.Random

/**
 * Labelled examples of one shape: an immutable sequence of images or feature vectors, each with a class.
 *
 * Numbers are kept as they came, a byte each for images, and become F32 tensors one batch at a time. Subsets, splits and
 * shuffles are views that share the numbers.
 *
 * ```kotlin
 * val (train, validation) = mnist("data/mnist").train.shuffled(Key.of(1)).split(55_000)
 * train.epochs(5, batch = 64, key = Key.of(2)).forEach { (x, labels) -> … } // x: [64, 1, 28, 28], labels: [64]
 * ```
 *
 * @property shape the shape of one example, such as `[1, 28, 28]`: channels, height, width
 * @property classes the number of classes; labels are 0, …, classes − 1
 */
public class Dataset internal constructor(
    private val numbers: Numbers,
    private val allLabels: IntArray,
    public val shape: Shape,
    public val classes: Int,
    private val rows: IntArray = IntArray(allLabels.size) { it },
) {
    /** The number of examples. */
    public val size: Int get() = rows.size

    /** The class of example [i]. */
    public fun label(i: Int): Int = allLabels[rows[i]]

    /** The classes of all examples in order, as a new array. */
    public fun labels(): IntArray = IntArray(size, ::label)

    /**
     * The examples at [indices], in that order; one may occur more than once.
     *
     * @throws IllegalArgumentException when there is no such example
     */
    public fun subset(indices: IntArray): Dataset = view(rowsAt("subset", indices))

    /** The first [n] examples. */
    public fun take(n: Int): Dataset = split(n).first

    /** All but the first [n] examples. */
    public fun drop(n: Int): Dataset = split(n).second

    /**
     * The first [n] examples, and the others. Data that comes in some order should be [shuffled] before.
     *
     * @throws IllegalArgumentException when there are fewer
     */
    public fun split(n: Int): Pair<Dataset, Dataset> {
        require(n in 0..size) { "split: n must lie in 0..$size; got $n; ask for fewer examples" }
        return view(rows.copyOf(n)) to view(rows.copyOfRange(n, size))
    }

    /** The same examples in the order [Random.permutation] of [key]. */
    public fun shuffled(key: Key): Dataset = subset(Random.permutation(key, size))

    /** All examples as one batch. */
    public fun all(): Batch = batch(IntArray(size) { it })

    /**
     * The examples at [indices] as one batch; bytes b become b/255, so that images lie in [0, 1].
     *
     * @throws IllegalArgumentException when there is no such example
     */
    public fun batch(indices: IntArray): Batch {
        val chosen = rowsAt("batch", indices)
        val width = shape.size()
        return Batch(
            Tensor.generate(Spec(DType.F32, shape.insert(0, chosen.size))) { x ->
                Parallel.forEach(chosen.size, 512) { from, to ->
                    for (i in from until to) numbers.read(chosen[i] * width, x.f32(), i * width, width)
                }
            },
            Tensor.generate(Spec.of(DType.I32, chosen.size)) { classOf ->
                chosen.forEachIndexed { i, row -> classOf.i32()[i] = allLabels[row] }
            },
        )
    }

    /** One epoch in batches of [size] examples: in order or, with a [key], as the first of the [epochs] of that key. */
    @JvmOverloads
    public fun batches(size: Int, key: Key? = null): Batches = Batches.of(this, 1, size, key)

    /**
     * [n] passes over all examples in batches of [batch], each pass in an order of its own: epoch e takes the examples in
     * the order [Random.permutation] of `key.fold(e)`. The last batch of an epoch holds the remainder.
     *
     * @throws IllegalArgumentException when [n] or [batch] is less than 1
     */
    public fun epochs(n: Int, batch: Int, key: Key): Batches = Batches.of(this, n, batch, key)

    /** Size, shape and classes, such as `60000 × [1, 28, 28], 10 classes`. */
    override fun toString(): String = "$size × $shape, $classes classes"

    private fun view(rows: IntArray) = Dataset(numbers, allLabels, shape, classes, rows)

    private fun rowsAt(op: String, indices: IntArray) = IntArray(indices.size) {
        val i = indices[it]
        require(i in rows.indices) { "$op: indices must lie in 0..${size - 1}; got $i; choose examples that exist" }
        rows[i]
    }

    public companion object {
        /**
         * Examples of one unsigned byte per number, which [batch] reads as b/255.
         *
         * @param numbers one example after another, row-major; copied, as are the [labels]
         * @throws DataException when there are not as many labels as examples, or one is not in 0, …, classes − 1
         */
        @JvmStatic
        public fun ofBytes(numbers: ByteArray, labels: IntArray, shape: Shape, classes: Int): Dataset =
            of(Numbers.Bytes(numbers.clone()), labels, shape, classes)

        /**
         * Examples of one float per number, which [batch] reads as it is.
         *
         * @param numbers one example after another, row-major; copied, as are the [labels]
         * @throws DataException when there are not as many labels as examples, or one is not in 0, …, classes − 1
         */
        @JvmStatic
        public fun ofFloats(numbers: FloatArray, labels: IntArray, shape: Shape, classes: Int): Dataset =
            of(Numbers.Floats(numbers.clone()), labels, shape, classes)

        private fun of(numbers: Numbers, labels: IntArray, shape: Shape, classes: Int): Dataset {
            val width = shape.size()
            if (numbers.size.toLong() != labels.size.toLong() * width) {
                throw badData(
                    "dataset",
                    "must hold one label per example of shape $shape",
                    "${numbers.size} numbers, ${labels.size} labels",
                    "give ${labels.size.toLong() * width} numbers",
                )
            }
            checkLabels("dataset", labels, classes)
            return Dataset(numbers, labels.clone(), shape, classes)
        }
    }
}

/** The numbers of all examples, one after another, as they are stored. */
internal sealed interface Numbers {
    val size: Int

    /** Writes [count] numbers, those at [from] and following, to [into] at [at] and following. */
    fun read(from: Int, into: FloatArray, at: Int, count: Int)

    class Bytes(private val data: ByteArray) : Numbers {
        override val size get() = data.size

        override fun read(from: Int, into: FloatArray, at: Int, count: Int) {
            for (i in 0 until count) into[at + i] = UNIT[data[from + i].toInt() and 0xff]
        }
    }

    class Floats(private val data: FloatArray) : Numbers {
        override val size get() = data.size

        override fun read(from: Int, into: FloatArray, at: Int, count: Int) {
            data.copyInto(into, at, from, from + count)
        }
    }

    private companion object {
        /** Entry b is b/255: a table costs less than a division per pixel. */
        val UNIT = FloatArray(256) { it / 255f }
    }
}

/** Raises the error of a label that is no class; [what] names its source. */
internal fun checkLabels(what: Any, labels: IntArray, classes: Int) {
    val i = labels.indexOfFirst { it !in 0 until classes }
    if (i >=
        0
    ) {
        throw badData(
            what,
            "labels must lie in 0..${classes - 1}",
            "${labels[i]} at position $i",
            "check that it is the right file",
        )
    }
}
