package org.kotangent.spec.programs

import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Tensor

/** What is asked of a nested function. */
enum class Kind(val seeds: Int) {
    /** The gradient of the sum of its result: (point, captured…). */
    GRAD(0) {
        override fun of(f: (Tensor) -> Tensor, x: Tensor, seed: Tensor?): Tensor = Ad.grad(total(f)).apply(x)
    },

    /** Its tangent: (point, direction, captured…). */
    JVP(1) {
        override fun of(f: (Tensor) -> Tensor, x: Tensor, seed: Tensor?): Tensor = Ad.jvp(f, x, seed!!).tangent()
    },

    /** The cotangent of its argument: (point, cotangent of the result, captured…). */
    VJP(1) {
        override fun of(f: (Tensor) -> Tensor, x: Tensor, seed: Tensor?): Tensor = Ad.vjp(f, x).pullback().apply(seed!!)
    },

    /** A product with the Hessian of the sum of its result: (point, direction, captured…). */
    HVP(1) {
        override fun of(f: (Tensor) -> Tensor, x: Tensor, seed: Tensor?): Tensor = Ad.hvp(total(f), x, seed!!)
    }, ;

    abstract fun of(f: (Tensor) -> Tensor, x: Tensor, seed: Tensor?): Tensor

    /** The shape that the seed must have, for a point and the result there. */
    fun seedLike(x: Tensor, y: Tensor): Tensor = if (this == VJP) y else x

    companion object {
        private fun total(f: (Tensor) -> Tensor): (Tensor) -> Tensor = { Core.sum(f(it), intArrayOf(), false) }
    }
}

/**
 * A derivative on the way: of the function that [body] is of its first input, while its other inputs are values of the
 * function around it, closed over.
 */
internal class Derivative(val kind: Kind, val body: Code) : Operation {
    override val name: String = kind.name.lowercase()

    override val size: Int get() = 1 + body.size

    override val readsNumbers: Boolean get() = body.readsNumbers

    override fun apply(x: List<Tensor>): Tensor {
        val captured = x.drop(1 + kind.seeds)
        return kind.of({ t -> body.run(listOf(t) + captured).single() }, x[0], x.getOrNull(kind.seeds))
    }

    override fun isSmoothAt(x: List<Tensor>): Boolean {
        val values = body.trace(inputsOf(x))
        return body.instructions.all { it.isSmoothAt(values) }
    }

    override fun text(operands: List<String>, depth: Int): String {
        val names = body.names(depth + 1)
        val steps = body.lines(depth + 1).joinToString("") { "$it; " }
        val inputs = names.take(body.inputs).joinToString()
        return "$name { $inputs -> $steps${names[body.outputs.single()]} }(${operands.joinToString()})"
    }

    override fun simpler(operands: List<Int>): List<Instruction> = simplerCodes(body).toList().map { simple ->
        val used = simple.needed().filter { it in 1 until body.inputs }
        val kept = simple.rewired(1 + used.size) { i -> if (i == 0) 0 else 1 + used.indexOf(i) }
        Instruction(Derivative(kind, kept), operands.take(1 + kind.seeds) + used.map { operands[it + kind.seeds] })
    }

    /** Which of its operands the inputs of the body are. */
    fun <T> inputsOf(operands: List<T>): List<T> = operands.take(1) + operands.drop(1 + kind.seeds)
}

/** How deep derivatives are nested. */
private const val DEEPEST = 2

/** A derivative of a small function, which is written with the same recipes. */
internal fun derivativeOf(write: (Draft, Int) -> List<Instruction>) = Recipe { draft ->
    val point = draft.value { it.size() <= 6 }
    if (point == null || draft.depth == DEEPEST) {
        null
    } else {
        val inputs = listOf(point) + List(draft.sampler.int(0..2)) { draft.value()!! }
        val inside = Draft(draft.sampler, draft.inside(inputs), draft.depth + 1)
        val instructions = write(inside, draft.sampler.int(1..4))
        val body = Code(inputs.size, instructions, listOf(inside.values.lastIndex)).giving(inside.values.lastIndex)
        val kind = Kind.entries.random(draft.sampler.random)
        val like = kind.seedLike(draft[point], inside.values.last())
        val seeds = List(kind.seeds) { draft.value { it.shape() == like.shape() } }
        if (0 !in body.needed() || null in seeds) {
            null
        } else {
            Instruction(Derivative(kind, body), listOf(point) + seeds.filterNotNull() + inputs.drop(1))
        }
    }
}
