package org.kotangent.spec.laws

/**
 * The derivative of a curve at 0 from its values alone: central differences for steps h, h/2, h/4, … whose error is a
 * power series in h², extrapolated to step 0. Of all extrapolations the one that moved least is taken, since later ones
 * suffer from rounding. Source: Ridders 1982.
 */
fun centralDifference(curve: (Double) -> DoubleArray): DoubleArray {
    var best = DoubleArray(0)
    var bestMove = Double.POSITIVE_INFINITY
    var previous = listOf<DoubleArray>()
    var step = FIRST_STEP
    repeat(STEPS) {
        val ahead = curve(step)
        val behind = curve(-step)
        val row = mutableListOf(DoubleArray(ahead.size) { (ahead[it] - behind[it]) / (2 * step) })
        var factor = 4.0
        for (coarse in previous) {
            val fine = row.last()
            val next = DoubleArray(fine.size) { fine[it] + (fine[it] - coarse[it]) / (factor - 1) }
            val move = largest(DoubleArray(fine.size) { next[it] - fine[it] })
            if (move < bestMove) {
                bestMove = move
                best = next
            }
            row += next
            factor *= 4
        }
        previous = row
        step /= 2
    }
    return best
}

/** Problems keep at least this far from points where they are not smooth, for directions of components up to 1. */
private const val FIRST_STEP = 0.02
private const val STEPS = 5
