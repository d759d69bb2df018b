package org.kotangent.dsl

import org.kotangent.ad.DType
import org.kotangent.ops.Key
import org.kotangent.ops.Random

/**
 * Draws one digit of class [label] as 28×28 grey bytes at [at] of [into].
 *
 * One style of the class is chosen and its control points shaken; the whole is bent by waves, slanted, scaled, turned
 * and moved. The pen then follows the points, pressing harder here and lighter there; blur and grain come last. Every
 * number is drawn from [key] and worked on by IEEE arithmetic and [StrictMath] alone, so that the bytes are the same on
 * every machine.
 */
internal fun drawDigit(label: Int, key: Key, into: ByteArray, at: Int) {
    val (forStyle, forHand, forShake, forGrain) = key.split(4)
    val styles = digitShapes[label]
    val strokes = styles[Math.unsignedMultiplyHigh(forStyle.bits(0), styles.size.toLong()).toInt()]
    val hand = Handwriting(Random.uniform(forHand, -1.0, 1.0, DType.F64, 16).toDoubles().iterator())
    val shake = Random.normal(forShake, DType.F64, 3 * strokes.sumOf { it.size }).toDoubles().iterator()
    val canvas = DigitCanvas()
    for (stroke in strokes) {
        val path = hand.path(stroke, shake)
        if (stroke.smooth) path.curve(canvas) else path.corners(canvas)
    }
    canvas.write(hand.ink, hand.blur, hand.grain, forGrain, into, at)
}

/** How one person writes one digit: what is the same for all of its points, taken from numbers in [−1, 1). */
private class Handwriting(private val chance: DoubleIterator) {
    private val turn = about(0.0, 0.25) // radians
    private val slant = about(0.12, 0.32) // to the right more often than to the left
    private val width = DigitCanvas.SIDE * about(0.65, 0.16)
    private val height = DigitCanvas.SIDE * about(0.69, 0.10)
    private val x0 = DigitCanvas.CENTRE + about(0.0, 2.5)
    private val y0 = DigitCanvas.CENTRE + about(0.0, 2.5)
    private val waveX = about(0.0, 0.075)
    private val phaseX = about(0.0, Math.PI)
    private val waveY = about(0.0, 0.06)
    private val phaseY = about(0.0, Math.PI)
    private val unsteadiness = about(0.026, 0.016)
    private val radius = about(1.15, 0.5) // pixels
    private val pressure = about(0.12, 0.1)
    private val cos = StrictMath.cos(turn)
    private val sin = StrictMath.sin(turn)

    val ink = about(0.86, 0.14)
    val blur = about(0.35, 0.35)
    val grain = about(0.035, 0.035)

    private fun about(centre: Double, spread: Double) = centre + spread * chance.next()

    /** The stroke's points on the canvas, with three normal numbers for each to shake it. */
    fun path(stroke: Stroke, shake: DoubleIterator): PenPath {
        val path = PenPath(stroke.size)
        for (i in 0 until stroke.size) {
            val u = stroke.points[2 * i] - 0.5 + unsteadiness * shake.next()
            val v = stroke.points[2 * i + 1] - 0.5 + unsteadiness * shake.next()
            val x = width * (u - slant * v + waveX * StrictMath.sin(WAVENUMBER * v + phaseX))
            val y = height * (v + waveY * StrictMath.sin(WAVENUMBER * u + phaseY))
            path.x[i] = x0 + cos * x - sin * y
            path.y[i] = y0 + sin * x + cos * y
            path.radius[i] = radius * (1 + pressure * shake.next().coerceIn(-2.0, 2.0))
        }
        return path
    }

    private companion object {
        const val WAVENUMBER = 5.0 // radians per height: a little less than one wave
    }
}

/** The places that a stroke goes through, in pixels, with the pen's radius at each. */
private class PenPath(private val size: Int) {
    val x = DoubleArray(size)
    val y = DoubleArray(size)
    val radius = DoubleArray(size)

    fun corners(canvas: DigitCanvas) {
        for (i in 1 until size) canvas.segment(x[i - 1], y[i - 1], radius[i - 1], x[i], y[i], radius[i])
    }

    /** A uniform Catmull–Rom spline (Catmull and Rom, "A class of local interpolating splines", 1974). */
    fun curve(canvas: DigitCanvas) {
        for (i in 1 until size) {
            for (step in 0 until STEPS) {
                val s = step / STEPS.toDouble()
                val t = (step + 1) / STEPS.toDouble()
                canvas.segment(
                    spline(x, i, s),
                    spline(y, i, s),
                    width(i, s),
                    spline(x, i, t),
                    spline(y, i, t),
                    width(i, t),
                )
            }
        }
    }

    /** The spline at [t] of the way from point i − 1 to point [i]; an end stands in for the point beyond it. */
    private fun spline(p: DoubleArray, i: Int, t: Double): Double {
        val a = p[maxOf(i - 2, 0)]
        val b = p[i - 1]
        val c = p[i]
        val d = p[minOf(i + 1, size - 1)]
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    }

    private fun width(i: Int, t: Double) = radius[i - 1] + t * (radius[i] - radius[i - 1])

    private companion object {
        const val STEPS = 5
    }
}
