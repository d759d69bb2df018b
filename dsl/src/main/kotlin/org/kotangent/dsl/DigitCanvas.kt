package org.kotangent.dsl

import org.kotangent.ops.Key

/** A sheet of 28×28 pixels that takes ink, from 0 (none) to 1. Pixel centres have whole coordinates. */
internal class DigitCanvas {
    private val pixels = DoubleArray(SIDE * SIDE)

    /**
     * Inks each pixel by its distance to the segment: fully at half a pixel within the pen's radius, not at all at half a
     * pixel outside. The radius goes from [r0] to [r1] along the way.
     */
    fun segment(x0: Double, y0: Double, r0: Double, x1: Double, y1: Double, r1: Double) {
        val reach = maxOf(r0, r1) + 0.5
        val dx = x1 - x0
        val dy = y1 - y0
        val perSquare = 1 / maxOf(dx * dx + dy * dy, 1e-12) // a segment may be a point
        for (row in first(minOf(y0, y1) - reach)..last(maxOf(y0, y1) + reach)) {
            for (column in first(minOf(x0, x1) - reach)..last(maxOf(x0, x1) + reach)) {
                val t = (((column - x0) * dx + (row - y0) * dy) * perSquare).coerceIn(0.0, 1.0)
                val ex = column - x0 - t * dx
                val ey = row - y0 - t * dy
                val edge = r0 + t * (r1 - r0) + 0.5
                val square = ex * ex + ey * ey
                if (square < edge * edge) {
                    val i = row * SIDE + column
                    pixels[i] = maxOf(pixels[i], minOf(edge - Math.sqrt(square), 1.0))
                }
            }
        }
    }

    /**
     * Writes the pixels as bytes, 255·[ink] where they are full: each mixed with [blur] of the mean over its
     * neighbourhood, and with noise of standard deviation [grain].
     */
    fun write(ink: Double, blur: Double, grain: Double, forGrain: Key, into: ByteArray, at: Int) {
        val soft = smooth(smooth(pixels, 1), SIDE)
        val words = forGrain.words(pixels.size)
        for (i in pixels.indices) {
            val level = ink * (pixels[i] + blur * (soft[i] - pixels[i])) + grain * nearlyNormal(words[i])
            into[at + i] = (255 * level + 0.5).coerceIn(0.0, 255.0).toInt().toByte()
        }
    }

    /** Each pixel with its neighbours [stride] before and after it, weighted ½, ¼, ¼. */
    private fun smooth(p: DoubleArray, stride: Int) = DoubleArray(p.size) { i ->
        val before = if (i >= stride) p[i - stride] else 0.0
        val after = if (i + stride < p.size) p[i + stride] else 0.0
        0.5 * p[i] + 0.25 * (before + after)
    }

    /** A number of mean 0 and variance 1: the sum of the word's four 16-bit parts, centred and scaled (Irwin–Hall). */
    private fun nearlyNormal(word: Long): Double {
        val sum = (word and 0xffff) + (word ushr 16 and 0xffff) + (word ushr 32 and 0xffff) + (word ushr 48)
        return (sum / 65536.0 - 2) * SQRT_3
    }

    private fun first(edge: Double) = maxOf(Math.ceil(edge).toInt(), 0)

    private fun last(edge: Double) = minOf(Math.floor(edge).toInt(), SIDE - 1)

    companion object {
        /** Height and width in pixels. */
        const val SIDE: Int = 28

        /** The middle of the sheet: half-way between the two pixels there. */
        const val CENTRE: Double = (SIDE - 1) / 2.0

        private val SQRT_3 = Math.sqrt(3.0)
    }
}
