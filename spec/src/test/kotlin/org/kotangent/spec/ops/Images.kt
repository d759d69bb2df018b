package org.kotangent.spec.ops

import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.int
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Padding
import org.kotangent.ops.Pool2d

/** A window over one axis, as the definition has it. */
internal data class Sliding(
    val size: Int,
    val taps: Int,
    val stride: Int,
    val dilation: Int,
    val before: Int,
    val after: Int,
) {
    /** Vedaldi 2022, eq. 3.4. */
    val out: Int get() = 1 + Math.floorDiv(size + before + after - dilation * (taps - 1) - 1, stride)

    /** Where a tap of a window looks, or nowhere in the padding. */
    fun source(window: Int, tap: Int): Int? = (window * stride - before + tap * dilation).takeIf { it in 0 until size }

    companion object {
        /** Small axes with every combination of window, stride, dilation and padding that fits. */
        val arb: Arb<Sliding> =
            arbitrary {
                val taps = Arb.int(1..4).bind()
                val dilation = Arb.int(1..3).bind()
                val before = Arb.int(0..3).bind()
                val after = Arb.int(0..3).bind()
                val least = maxOf(1, dilation * (taps - 1) + 1 - before - after)
                Sliding(least + Arb.int(0..6).bind(), taps, Arb.int(1..3).bind(), dilation, before, after)
            }
    }
}

internal fun conv(rows: Sliding, columns: Sliding, groups: Int = 1): Conv2d = Conv2d(
    rows.stride,
    columns.stride,
    Padding(rows.before, rows.after, columns.before, columns.after),
    rows.dilation,
    columns.dilation,
    groups,
)

internal fun pool(rows: Sliding, columns: Sliding): Pool2d = Pool2d
    .of(rows.taps, columns.taps)
    .stride(rows.stride, columns.stride)
    .padding(rows.before, rows.after, columns.before, columns.after)
    .dilation(rows.dilation, columns.dilation)
