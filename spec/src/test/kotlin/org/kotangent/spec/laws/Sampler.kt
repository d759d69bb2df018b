package org.kotangent.spec.laws

import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import kotlin.random.Random

/** Where the elements of an operand may lie. */
fun interface Domain {
    fun draw(random: Random): Double
}

/** Numbers between two bounds. */
fun between(low: Double, high: Double): Domain = Domain { it.nextDouble(low, high) }

/** The part of a domain at least [gap] away from points where the function is not smooth. */
fun Domain.awayFrom(vararg kinks: Double, gap: Double = 0.1): Domain = Domain { random ->
    generateSequence { draw(random) }.first { x -> kinks.all { kotlin.math.abs(x - it) > gap } }
}

/** Numbers close to `offset`, `offset ± step`, …; two such domains of different offset never meet. */
fun nearMultiples(step: Double, offset: Double): Domain =
    Domain { offset + step * it.nextInt(-4, 5) + step * it.nextDouble(-0.1, 0.1) }

/** Any moderate number. */
val anywhere: Domain = between(-2.0, 2.0)

/** Moderate numbers that are not close to 0. */
val nonZero: Domain = anywhere.awayFrom(0.0, gap = 0.25)

/** Positive numbers that are not close to 0. */
val positive: Domain = between(0.3, 3.0)

/**
 * Draws what a problem is made of. Every real number it draws is a value of F32 too, so that both float types can be
 * asked about the same point.
 */
class Sampler(val random: Random) {
    fun int(range: IntRange): Int = random.nextInt(range.first, range.last + 1)

    fun flip(): Boolean = random.nextBoolean()

    fun <T> pick(vararg of: T): T = of[random.nextInt(of.size)]

    fun number(domain: Domain = anywhere): Double = domain.draw(random).toFloat().toDouble()

    /** A real tensor of type F64. */
    fun tensor(shape: Shape, domain: Domain = anywhere): Tensor =
        Tensor.generate(Spec(DType.F64, shape)) { out -> repeat(out.size()) { out.set(it, number(domain)) } }

    fun tensor(vararg dims: Int, domain: Domain = anywhere): Tensor = tensor(Shape.of(*dims), domain)

    /** A real tensor whose elements all differ by more than 0.1, in random order. */
    fun distinct(shape: Shape): Tensor {
        val places = (0 until shape.size()).shuffled(random)
        return Tensor.generate(Spec(DType.F64, shape)) { out ->
            places.forEachIndexed { i, place ->
                out.set(i, ((place - shape.size() / 2) * 0.2 + random.nextDouble(0.05)).toFloat().toDouble())
            }
        }
    }

    /** Integers of a range. */
    fun indices(shape: Shape, range: IntRange): Tensor = Tensor.generate(Spec(DType.I32, shape)) { out ->
        repeat(out.size()) { out.set(it, int(range).toDouble()) }
    }

    fun mask(shape: Shape): Tensor = Tensor.generate(Spec(DType.BOOL, shape)) { out ->
        repeat(out.size()) { out.set(it, random.nextInt(2).toDouble()) }
    }

    /** A small shape, now and then that of a scalar or an empty one. */
    fun shape(ranks: IntRange = 0..3): Shape {
        val shape = filledShape(ranks)
        return if (shape.rank() > 0 && int(1..8) == 1) shape.with(int(0 until shape.rank()), 0) else shape
    }

    /** A small shape with at least one element. */
    fun filledShape(ranks: IntRange = 0..3): Shape = Shape.of(*IntArray(int(ranks)) { int(1..4) })

    /** Some axes of a shape of this rank, in random order and counted from either end; none means all. */
    fun axes(rank: Int): IntArray = (0 until rank)
        .filter { flip() }
        .shuffled(random)
        .map { if (flip()) it else it - rank }
        .toIntArray()

    fun permutation(n: Int): IntArray = (0 until n).shuffled(random).toIntArray()
}
