package org.kotangent.spec.conformance

import org.kotangent.ad.Tensor
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Pool2d
import org.kotangent.ops.Shapes

/** How a window moves along one spatial axis. */
internal data class WindowAxis(val size: Int, val stride: Int, val dilation: Int, val before: Int, val after: Int) {
    val extent = dilation * (size - 1) + 1

    /** How much padding makes a window start at every [stride]th position of an axis. */
    fun missing(length: Int): Int = maxOf(0, ((length + stride - 1) / stride - 1) * stride + extent - length)

    companion object {
        /** An axis of size 1 along which nothing moves. */
        val POINT = WindowAxis(size = 1, stride = 1, dilation = 1, before = 0, after = 0)
    }
}

/** The windows of a convolution or pooling by the attributes of a node, an entry for each spatial axis of [x]. */
internal fun OnnxNode.windows(x: Tensor, kernel: List<Int>): List<WindowAxis> {
    val n = kernel.size
    val strides = ints("strides") ?: IntArray(n) { 1 }
    val dilations = ints("dilations") ?: IntArray(n) { 1 }
    val pads = ints("pads") ?: IntArray(2 * n)
    val auto = string("auto_pad", "NOTSET")
    return List(n) { i ->
        val window = WindowAxis(kernel[i], strides[i], dilations[i], pads[i], pads[n + i])
        val missing = window.missing(x.dim(2 + i))
        when (auto) {
            "SAME_UPPER" -> window.copy(before = missing / 2, after = missing - missing / 2)
            "SAME_LOWER" -> window.copy(before = missing - missing / 2, after = missing / 2)
            "VALID" -> window.copy(before = 0, after = 0)
            else -> window
        }
    }
}

internal fun convolution(rows: WindowAxis, columns: WindowAxis, groups: Int): Conv2d = Conv2d
    .standard()
    .stride(rows.stride, columns.stride)
    .padding(rows.before, rows.after, columns.before, columns.after)
    .dilation(rows.dilation, columns.dilation)
    .groups(groups)

private fun pooling(rows: WindowAxis, columns: WindowAxis): Pool2d = Pool2d
    .of(rows.size, columns.size)
    .stride(rows.stride, columns.stride)
    .padding(rows.before, rows.after, columns.before, columns.after)
    .dilation(rows.dilation, columns.dilation)

/**
 * Pools [x] over its spatial axes, of which there may be one to three. A maximum or mean over a box is that over its
 * planes followed by that over its depth, so a third axis is a second pooling.
 */
internal fun pool(x: Tensor, windows: List<WindowAxis>, pool: (Tensor, Pool2d) -> Tensor): Tensor =
    when (windows.size) {
        1 -> Shapes.squeeze(pool(Shapes.expandDims(x, 2), pooling(WindowAxis.POINT, windows[0])), 2)

        2 -> pool(x, pooling(windows[0], windows[1]))

        else -> {
            val planes = pool(x, pooling(windows[1], windows[2]))
            val (n, c, d, h, w) = planes.dims()
            val deep = pool(Shapes.reshape(planes, n, c, d, h * w), pooling(windows[0], WindowAxis.POINT))
            Shapes.reshape(deep, n, c, -1, h, w)
        }
    }
