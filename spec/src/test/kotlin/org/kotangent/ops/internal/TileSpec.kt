package org.kotangent.ops.internal

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.internal.Simd
import kotlin.random.Random

/** Numbers for a tile of one type, a different one for each depth. */
private class Terms(val wide: Boolean, val depth: Int) {
    private val random = Random(depth)
    val lanes = Numbers.of(array(1)).lanes()
    val left = array((depth + PanelTile.TERMS) * Tile.PITCH) { random.nextDouble(-1.0, 1.0) }
    val right = List(2) { array((depth + PanelTile.TERMS) * lanes) { random.nextDouble(-1.0, 1.0) } }
    val offsets = IntArray(depth) { random.nextInt(depth) * lanes }
    val places: IntArray = Tile.places()

    init {
        for (r in 0 until Tile.ROWS) places[r] = r * Tile.VECTORS * lanes
        places[Tile.ROWS + 1] = lanes
        Numbers.of(left).fill(left, depth * Tile.PITCH, (depth + PanelTile.TERMS) * Tile.PITCH, -0.0)
        right.forEach { Numbers.of(it).fill(it, depth * lanes, (depth + PanelTile.TERMS) * lanes, 0.0) }
    }

    fun array(size: Int, value: (Int) -> Double = { 0.0 }): Any =
        if (wide) DoubleArray(size, value) else FloatArray(size) { value(it).toFloat() }

    /** What a tile leaves of sums that were there before. */
    fun sums(tile: (Any) -> Unit): List<Number> {
        val sums = array(Tile.ROWS * Tile.VECTORS * lanes) { it / 7.0 }
        tile(sums)
        return if (sums is FloatArray) sums.map { it.toRawBits() } else (sums as DoubleArray).map { it.toRawBits() }
    }

    fun sums(tile: PanelTile) = sums { c -> tile.run(depth, left, right[0], right[1], c, places, c, places.clone()) }

    fun sums(tile: Tile) = sums { c -> tile.run(depth, left, right[0], offsets, 0, 0, c, places, places.clone()) }

    override fun toString() = "$depth terms, wide $wide"
}

/** However the loop of a tile is written, its sums are those of the plain tile, bit for bit. */
class TileSpec :
    FunSpec({
        val present = Simd.isPresent()
        val terms = listOf(false, true).flatMap { wide -> ((1..9) + listOf(130, 263)).map { Terms(wide, it) } }

        fun Terms.plain(): PlainTiles = if (wide) ScalarF64(lanes) else ScalarF32(lanes)

        fun Terms.compiler() = TileCompiler(wide, lanes)

        for (arrangement in if (present) Arrangement.ALL else emptyList()) {
            test("a panel tile, $arrangement") {
                for (t in terms) {
                    withClue(t) {
                        t.sums(t.compiler().panelTile(arrangement)) shouldBe t.sums(t.plain().panelTile())
                    }
                }
            }
        }

        for (add in listOf(false, true)) {
            test("a tile, adding $add").config(enabled = present) {
                for (t in terms) {
                    withClue(t) {
                        t.sums(t.compiler().tile(add)) shouldBe t.sums(t.plain().tile(add))
                    }
                }
            }
        }
    })
