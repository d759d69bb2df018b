package org.kotangent.spec.conformance

import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.ops.Axes
import org.kotangent.ops.Elementary
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes
import kotlin.math.ceil
import kotlin.math.floor

/** Products, convolutions and pooling. */
internal val networkOperators: Map<String, Operator> =
    operators {
        products()
        convolutions()
        poolings()
    }

private fun Operators.products() {
    operator("MatMul") { Linalg.matmul(this[0], this[1]) }
    operator("Gemm") {
        val product = Linalg.matmul(this[0], this[1], flag("transA"), flag("transB")) * float("alpha", 1.0)
        optional(2)?.let { product + it * float("beta", 1.0) } ?: product
    }
}

private fun OnnxNode.beyondPlanes(what: String): String? =
    "$what over ${this[0].rank() - 2} axes is not in this library yet".takeIf { this[0].rank() > 4 }

private fun Operators.convolutions() {
    operator("Conv", limit = { beyondPlanes("convolution") }) {
        val (x, w) = planes(this[0]) to planes(this[1])
        val (rows, columns) = convolutionWindows(this[0], this[1])
        val y = Nn.conv2d(x, w, convolution(rows, columns, int("group", 1)))
        withBias(y, this[0].rank())
    }
    operator("ConvTranspose", limit = { beyondPlanes("convolution") }) { withBias(transposed(), this[0].rank()) }
}

private fun OnnxNode.convolutionWindows(x: Tensor, w: Tensor): List<WindowAxis> =
    (listOf(WindowAxis.POINT) + windows(x, w.dims().drop(2))).takeLast(2)

/** [n, c, l] as an image of one row; [n, c, h, w] as it is. */
private fun planes(x: Tensor): Tensor = if (x.rank() == 3) Shapes.expandDims(x, 2) else x

private fun OnnxNode.withBias(y: Tensor, rank: Int): Tensor {
    val shifted = optional(2)?.let { y + Shapes.reshape(it, -1, 1, 1) } ?: y
    return if (rank == 3) Shapes.squeeze(shifted, 2) else shifted
}

/** Convolution pulled back to its input: all that it reaches without padding, then cropped or extended to the size. */
private fun OnnxNode.transposed(): Tensor {
    val (x, w) = planes(this[0]) to planes(this[1])
    val spatial = this[0].rank() - 2
    val axes = convolutionWindows(this[0], this[1])
    val group = int("group", 1)
    val full = axes.indices.map { axes[it].stride * (x.dim(2 + it) - 1) + axes[it].extent }
    val conv = convolution(axes[0].copy(before = 0, after = 0), axes[1].copy(before = 0, after = 0), group)
    val zeros = Tensor.zeros(x.dtype(), x.dim(0), w.dim(1) * group, full[0], full[1])
    val y = Ad.vjp<Tensor, Tensor>({ Nn.conv2d(it, w, conv) }, zeros).pullback().apply(x)
    val (before, after) = IntArray(4) to IntArray(4)
    for (i in 2 - spatial until 2) {
        val (cut, size) = transposedExtent(full[i], axes[i], x.dim(2 + i), i - (2 - spatial))
        before[2 + i] = -cut
        after[2 + i] = size + cut - full[i]
    }
    return y.padded(before, after, 0.0)
}

/** How much is cut off in front, and the size that is left, along spatial axis [i]. */
private fun OnnxNode.transposedExtent(full: Int, axis: WindowAxis, input: Int, i: Int): Pair<Int, Int> {
    val auto = string("auto_pad", "NOTSET")
    val same = auto == "SAME_UPPER" || auto == "SAME_LOWER"
    val extra = ints("output_padding")?.get(i) ?: 0
    val size = ints("output_shape")?.get(i) ?: (input * axis.stride).takeIf { same }
    if (size == null) return axis.before to full + extra - axis.before - axis.after
    val total = full + extra - size
    return (if (auto == "SAME_UPPER") Math.floorDiv(total, 2) else total - Math.floorDiv(total, 2)) to size
}

private fun OnnxNode.kernel(): List<Int> = checkNotNull(ints("kernel_shape")) { "there must be a size" }.toList()

private fun Operators.poolings() {
    outputs(
        "MaxPool",
        limit = { "the indices of maxima are not an output in this library".takeIf { outputs > 1 } },
    ) {
        val ceil = flag("ceil_mode")
        listOf(pool(this[0], windows(this[0], kernel())) { x, window -> Nn.maxPool2d(x, window.ceil(ceil)) })
    }
    operator("AveragePool") { averages(this[0], flag("count_include_pad")) }
    operator("LpPool") {
        val p = float("p", 2.0)
        val sums = averages(Elementary.pow(Elementary.abs(this[0]), p), true) * kernel().reduce(Int::times).toDouble()
        Elementary.pow(sums, 1 / p)
    }
    operator("GlobalAveragePool") { Reduce.mean(this[0], Axes.keep(*this[0].spatialAxes())) }
    operator("GlobalMaxPool") { Reduce.max(this[0], Axes.keep(*this[0].spatialAxes())) }
    operator("GlobalLpPool") {
        val p = float("p", 2.0)
        Elementary.pow(Reduce.sum(Elementary.pow(Elementary.abs(this[0]), p), Axes.keep(*this[0].spatialAxes())), 1 / p)
    }
    operator("LRN") {
        val (x, size) = this[0] to int("size", 1)
        val pool =
            Pool2d
                .of(size, 1)
                .stride(1)
                .padding(floor((size - 1) / 2.0).toInt(), ceil((size - 1) / 2.0).toInt(), 0, 0)
        val squares = Shapes.flatten(Elementary.square(x), 2)
        val means = Shapes.reshape(Nn.avgPool2d(squares, pool), *x.shape().toArray())
        x / Elementary.pow(means * float("alpha", 0.0001) + float("bias", 1.0), float("beta", 0.75))
    }
}

private fun OnnxNode.averages(x: Tensor, countPadding: Boolean): Tensor {
    val ceil = flag("ceil_mode")
    return pool(x, windows(x, kernel())) { plane, window ->
        Nn.avgPool2d(plane, window.ceil(ceil).countPadding(countPadding))
    }
}
