package org.kotangent.spec.ops

import io.kotest.assertions.withClue
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import java.util.Random
import kotlin.math.abs

// What the specs of products, networks and losses share: functions of several operands, and their derivatives to the
// second order by every nesting of the modes and by differences.

/** Numbers of a normal distribution. */
internal fun random(seed: Long, dtype: DType, vararg dims: Int): Tensor {
    val source = Random(seed)
    return tensor(dtype, Shape.of(*dims)) { source.nextGaussian() }
}

/** Numbers in random order and 0.1 apart, so that no difference quotient steps across a tie. */
internal fun spaced(seed: Long, vararg dims: Int): Tensor {
    val shape = Shape.of(*dims)
    val order = (0 until shape.size()).shuffled(Random(seed))
    return tensor(DType.F64, shape) { order[it] / 10.0 }
}

/** A tensor of the same type and shape with other numbers. */
internal fun randomLike(seed: Long, t: Tensor): Tensor = random(seed, t.dtype(), *t.shape().toArray())

private fun randomLike(seed: Long, tensors: List<Tensor>): List<Tensor> =
    tensors.mapIndexed { i, t -> randomLike(seed + 31 * i, t) }

/** The sum of all elements, a scalar. */
internal fun sumOf(t: Tensor): Tensor = Core.sum(t, intArrayOf(), false)

/** Largest difference relative to the size of the numbers. */
internal fun distance(a: Tensor, b: Tensor): Double {
    a.spec() shouldBe b.spec()
    val wanted = b.toDoubles()
    val size = 1 + (wanted.maxOfOrNull { abs(it) } ?: 0.0)
    return a.toDoubles().zip(wanted) { p, q -> abs(p - q) / size }.maxOrNull() ?: 0.0
}

/** Derivative of [f] at 0 by a central difference of the fourth order. */
private fun <T : Any> differenceOf(f: (Double) -> T): T {
    val h = 1e-3
    val near = Trees.times(Trees.minus(f(h), f(-h)), 8.0)
    val far = Trees.minus(f(2 * h), f(-2 * h))
    return Trees.times(Trees.minus(near, far), 1 / (12 * h))
}

private fun moved(x: List<Tensor>, v: List<Tensor>, t: Double): List<Tensor> = Trees.plus(x, Trees.times(v, t))

/**
 * First and second derivatives of a function of F64 operands at [x]: forward mode against differences and against
 * reverse mode, then the three second-order nestings against differences and each other.
 */
internal fun shouldObeyCalculus(seed: Long, x: List<Tensor>, f: (List<Tensor>) -> Tensor) {
    val v = randomLike(seed + 1, x)
    val y = f(x)
    val w = randomLike(seed + 2, y)

    val jvp = Ad.jvp(f, x, v)
    withClue("differentiating leaves the value alone") { jvp.value().contentEquals(y) shouldBe true }
    withClue("forward mode against a difference") {
        distance(jvp.tangent(), differenceOf { f(moved(x, v, it)) }) shouldBeLessThan 1e-8
    }
    val vjp = Ad.vjp(f, x)
    withClue("⟨w, Jv⟩ against ⟨Jᵀw, v⟩") {
        Trees.dot(vjp.pullback().apply(w), v).item() near (sumOf(jvp.tangent().times(w)).item() within 1e-11)
    }

    val scalar = { at: List<Tensor> -> f(at).let { sumOf(it.times(it).times(w)) } }
    val gradient = Ad.grad(scalar)
    val product = Ad.hvp(scalar, x, v)
    fun compare(name: String, other: List<Tensor>, error: Double) = product.zip(other).forEachIndexed { i, (a, b) ->
        withClue("second order in operand $i, forward over reverse against $name") {
            distance(a, b) shouldBeLessThan error
        }
    }
    compare("a difference of gradients", differenceOf { gradient.apply(moved(x, v, it)) }, 1e-7)
    compare("reverse over reverse", Ad.grad<List<Tensor>> { Trees.dot(gradient.apply(it), v) }.apply(x), 1e-10)
    val slope = { at: List<Tensor> -> Ad.jvp(scalar, at, v).tangent() }
    compare("reverse over forward", Ad.grad(slope).apply(x), 1e-10)
    val other = randomLike(seed + 3, x)
    withClue("the Hessian is symmetric") {
        Trees.dot(other, product).item() near (Trees.dot(v, Ad.hvp(scalar, x, other)).item() within 1e-10)
    }
}

/** Runs [f] with one thread and with two and requires the same bits. */
internal fun shouldNotDependOnThreads(f: () -> List<Tensor>) {
    val before = Parallel.threads()
    try {
        Parallel.use(1)
        val one = f()
        Parallel.use(2)
        val two = f()
        one.zip(two).forEach { (a, b) -> a.contentEquals(b) shouldBe true }
    } finally {
        Parallel.use(before)
    }
}
