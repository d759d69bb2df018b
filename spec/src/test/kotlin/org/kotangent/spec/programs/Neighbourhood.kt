package org.kotangent.spec.programs

import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import org.kotangent.spec.laws.Sampler
import org.kotangent.spec.laws.between
import kotlin.math.abs
import kotlin.random.Random

/**
 * The values of a growing program at its point and at points close by, along two directions. They tell, without any
 * derivative of ours, whether difference quotients can be trusted: values and their first three differences must be of
 * moderate size and nothing may come near a point where an operation is not smooth.
 */
class Neighbourhood private constructor(private val lines: List<List<MutableList<Tensor>>>) {
    /** The values at the point itself. */
    val values: List<Tensor> get() = lines.first()[OFFSETS.indexOf(0.0)]

    /** Adds the result of an instruction; gives false, and adds nothing, where it is not defined or not tame. */
    fun add(instruction: Instruction): Boolean {
        val results =
            try {
                lines.map { line ->
                    line.map { if (instruction.isSmoothAt(it)) instruction.apply(it) else return false }
                }
            } catch (_: ShapeException) {
                return false
            }
        if (results.first().first().size() == 0 || !results.all(::isTame)) return false
        lines.forEachIndexed { d, line -> line.forEachIndexed { k, values -> values += results[d][k] } }
        return true
    }

    /** Whether a value depends on the point so much that its derivative is no rounding error. */
    fun moves(value: Int): Boolean = lines.any { line ->
        val ahead = line.last()[value].toDoubles()
        val behind = line.first()[value].toDoubles()
        ahead.indices.any { abs(ahead[it] - behind[it]) > LEAST_SLOPE * (OFFSETS.last() - OFFSETS.first()) }
    }

    /** The same point and its neighbours, with what [of] makes of some of the values so far, and only that. */
    fun inside(operands: List<Int>, of: (List<Tensor>) -> List<Tensor>): Neighbourhood =
        Neighbourhood(lines.map { line -> line.map { values -> of(operands.map(values::get)).toMutableList() } })

    companion object {
        private const val STEP = 0.02

        /** Steps along a direction of components up to 1; difference quotients of the laws go half as far. */
        private val OFFSETS = listOf(-2 * STEP, -STEP, 0.0, STEP, 2 * STEP)

        /** The largest value, and the largest first, second and third derivative along a direction. */
        private val LIMITS = listOf(6.0, 8.0, 40.0, 400.0)

        fun around(point: List<Tensor>): Neighbourhood {
            val sampler = Sampler(Random(1))
            val lines =
                List(2) {
                    val direction = Trees.map(point) { sampler.tensor(it.shape(), between(-1.0, 1.0)) }
                    OFFSETS.map { Trees.plus(point, Trees.times(direction, it)).toMutableList() }
                }
            return Neighbourhood(lines)
        }

        private const val LEAST_SLOPE = 0.01

        /** Whether a program is defined and tame at its point, and all its results depend on that. */
        fun isTame(program: Program): Boolean {
            val around = around(program.point)
            return program.code.instructions.all(around::add) && program.code.outputs.all(around::moves)
        }

        private fun isTame(line: List<Tensor>): Boolean {
            var differences = line.map { it.toDoubles() }
            return LIMITS.all { limit ->
                val small = differences.all { row -> row.all { abs(it) <= limit } }
                differences = differences.zipWithNext { a, b -> DoubleArray(a.size) { (b[it] - a[it]) / STEP } }
                small
            }
        }
    }
}
