package org.kotangent.dsl

/**
 * One movement of the pen over the unit square, x to the right and y down: through its points in turn, on a smooth curve
 * or, between corners, on straight lines.
 *
 * @property points x₀, y₀, x₁, y₁, …
 */
internal class Stroke(val smooth: Boolean, val points: DoubleArray) {
    /** The number of points. */
    val size: Int get() = points.size / 2
}

private fun curve(points: String) = Stroke(true, hundredths(points))

private fun line(points: String) = Stroke(false, hundredths(points))

private fun hundredths(points: String) = points.split(' ', ',').map { it.toInt() / 100.0 }.toDoubleArray()

/**
 * The ways to write each digit: entry c lists the styles of class c, each a list of strokes. Drawn for this library, by
 * looking at how people write.
 */
internal val digitShapes: List<List<List<Stroke>>> =
    listOf(
        listOf( // 0: from the top, anticlockwise, closing beside the start
            listOf(curve("56,05 30,15 17,48 27,86 52,95 77,80 84,45 72,14 50,05")),
            listOf(curve("62,12 40,05 24,25 20,62 38,94 62,88 78,60 74,25 54,06 44,10")),
        ),
        listOf( // 1: a stem; with a flag; with a flag and a foot
            listOf(line("52,04 49,96")),
            listOf(line("34,24 53,04 51,96")),
            listOf(line("30,26 52,05 52,95"), line("28,95 76,95")),
        ),
        listOf( // 2: with a corner at the foot; with a loop; with a wavy foot
            listOf(curve("20,27 30,09 53,04 74,15 76,36 58,60 36,80 19,94"), line("19,94 83,93")),
            listOf(curve("22,24 38,06 62,08 72,28 60,55 40,82 24,94 16,84 28,76 52,90 84,90")),
            listOf(curve("20,20 46,05 70,18 66,45 42,72 20,92 24,94 48,88 68,95 84,86")),
        ),
        listOf( // 3: two bows; with a small loop at the waist; with a flat top
            listOf(curve("22,16 45,04 70,14 68,34 46,46"), curve("46,46 72,54 78,76 56,95 20,86")),
            listOf(curve("24,12 52,04 70,20 58,40 40,46 50,44 74,58 74,84 48,96 22,88")),
            listOf(line("22,06 76,06 46,40"), curve("46,40 72,50 78,74 58,94 20,90")),
        ),
        listOf( // 4: open, with straight arms; closed; open, with a bowl
            listOf(line("30,05 20,56 84,54"), line("66,24 62,97")),
            listOf(line("64,97 66,04 15,65 86,64")),
            listOf(curve("26,07 21,34 30,52 52,52 72,40"), line("76,05 70,97")),
        ),
        listOf( // 5: in one go; with the roof drawn last
            listOf(line("76,06 34,06 28,45"), curve("28,45 52,38 76,52 77,78 54,96 20,88")),
            listOf(curve("36,08 30,44 56,40 76,60 68,88 40,96 20,88"), line("36,08 82,05")),
        ),
        listOf( // 6: bent; nearly straight
            listOf(curve("68,05 42,20 24,50 24,80 46,96 70,86 74,64 54,52 34,60 24,76")),
            listOf(curve("54,03 34,36 26,70 36,93 60,94 74,76 62,60 42,62 28,80")),
        ),
        listOf( // 7: plain; with a bar; with a hook at the start and a bent stem
            listOf(line("18,08 80,08 42,97")),
            listOf(line("20,08 80,07 46,97"), line("32,52 74,48")),
            listOf(line("18,24 21,07 79,09"), curve("79,09 60,38 48,68 46,97")),
        ),
        listOf( // 8: in one go; as two rings
            listOf(curve("72,15 50,04 28,17 36,38 62,55 76,76 54,96 28,84 32,62 58,44 74,24 68,10")),
            listOf(
                curve("52,46 32,36 32,14 52,04 70,16 68,36 50,46"),
                curve("50,46 26,60 26,84 50,96 74,84 74,60 52,46"),
            ),
        ),
        listOf( // 9: with a straight stem; with a bent one; in one go, with a hook
            listOf(curve("74,22 55,05 30,14 25,36 44,50 66,42 75,22"), line("75,20 68,97")),
            listOf(curve("72,20 52,04 30,18 30,40 50,48 72,32 74,18 72,50 60,78 44,97")),
            listOf(curve("74,26 60,06 34,10 26,34 46,48 72,34 76,20 76,60 66,88 44,96 26,88")),
        ),
    )
