package org.kotangent.spec.programs

import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Tensor
import org.kotangent.ops.Shapes
import java.util.function.Function

/**
 * What is done with a nested function.
 *
 * @property seeds how many operands there are between its point and the values it closes over
 * @property mayReadNumbers whether the function may ask for numbers
 */
enum class Kind(val seeds: Int, val mayReadNumbers: Boolean = true) {
    /** The gradient of the sum of its result: (point, captured…). */
    GRAD(0) {
        override fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor = Ad.grad(total(f)).apply(x)
    },

    /** Its tangent: (point, direction, captured…). */
    JVP(1) {
        override fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor = Ad.jvp(f, x, seed!!).tangent()
    },

    /** The cotangent of its argument: (point, cotangent of the result, captured…). */
    VJP(1) {
        override fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor =
            Ad.vjp(f, x).pullback().apply(seed!!)

        override fun seedLike(x: Tensor, y: Tensor): Tensor = y
    },

    /** A product with the Hessian of the sum of its result: (point, direction, captured…). */
    HVP(1) {
        override fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor = Ad.hvp(total(f), x, seed!!)
    },

    /** Its linear map, applied: (point, direction, captured…). */
    LINEARIZE(1) {
        override fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor =
            Ad.linearize(f, x).map().apply(seed!!)
    },

    /** All its derivatives: (point, captured…). */
    JACOBIAN(0) {
        override fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor = Ad.jacobian(f, x).tensor()
    },

    /** Its value, computed again when it is pulled back: (point, captured…). */
    CHECKPOINT(0, mayReadNumbers = false) {
        override fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor = Ad.checkpoint(f).apply(x)
    },

    /** Its values for all that lies along axis 0: (batch of points, captured…). */
    VMAP(0, mayReadNumbers = false) {
        override fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor = Ad.vmap(f).apply(x)

        override fun points(x: Tensor): List<Tensor> =
            if (x.rank() == 0) emptyList() else List(x.dim(0)) { Shapes.at(x, it, 0) }
    }, ;

    abstract fun of(f: Function<Tensor, Tensor>, x: Tensor, seed: Tensor?): Tensor

    /** What the seed must be like, for a point and the result there. */
    open fun seedLike(x: Tensor, y: Tensor): Tensor = x

    /** Where the function is computed. */
    open fun points(x: Tensor): List<Tensor> = listOf(x)

    companion object {
        private fun total(f: Function<Tensor, Tensor>): Function<Tensor, Tensor> =
            Function { Core.sum(f.apply(it), intArrayOf(), false) }
    }
}

/**
 * A transformation on the way: of the function that [body] is of its first input, while its other inputs are values of
 * the function around it, closed over.
 */
internal class Nested(val kind: Kind, val body: Code) : Operation {
    override val name: String = kind.name.lowercase()

    override val size: Int get() = 1 + body.size

    override val readsNumbers: Boolean get() = body.readsNumbers

    override fun apply(x: List<Tensor>): Tensor {
        val captured = x.drop(1 + kind.seeds)
        return kind.of({ t -> body.run(listOf(t) + captured).single() }, x[0], x.getOrNull(kind.seeds))
    }

    override fun isSmoothAt(x: List<Tensor>): Boolean =
        kind.points(x[0]).all { body.isSmoothAt(listOf(it) + x.drop(1 + kind.seeds)) }

    override fun text(operands: List<String>, depth: Int): String {
        val names = body.names(depth + 1)
        val steps = body.lines(depth + 1).joinToString("") { "$it; " }
        val inputs = names.take(body.inputs).joinToString()
        return "$name { $inputs -> $steps${names[body.outputs.single()]} }(${operands.joinToString()})"
    }

    override fun simpler(operands: List<Int>): List<Instruction> = simplerCodes(body).toList().map { simple ->
        val used = simple.needed().filter { it in 1 until body.inputs }
        val kept = simple.rewired(1 + used.size) { i -> if (i == 0) 0 else 1 + used.indexOf(i) }
        Instruction(Nested(kind, kept), operands.take(1 + kind.seeds) + used.map { operands[it + kind.seeds] })
    }

    /** Which of its operands the inputs of the body are. */
    fun inputsOf(operands: List<Int>): List<Int> = operands.take(1) + operands.drop(1 + kind.seeds)
}

/** How deep functions are nested. */
private const val DEEPEST = 2

/** A transformation of a small function, which is written with the same recipes. */
internal fun nested(write: (Draft, Int) -> List<Instruction>) = Recipe { draft ->
    val kind = Kind.entries.random(draft.sampler.random)
    val point = draft.value { it.size() <= 6 && kind.points(it).isNotEmpty() }
    if (point == null || draft.depth == DEEPEST) {
        null
    } else {
        val captured = List(draft.sampler.int(0..2)) { draft.value()!! }
        val inside = draft.inside(listOf(point) + captured) { kind.points(it).first() }
        val instructions = write(inside, draft.sampler.int(1..4))
        val body = Code(1 + captured.size, instructions, listOf()).giving(inside.values.lastIndex)
        val like = kind.seedLike(draft[point], inside.values.last())
        val seeds = List(kind.seeds) { draft.value { it.shape() == like.shape() } }
        val suits = 0 in body.needed() && null !in seeds && (kind.mayReadNumbers || !body.readsNumbers)
        if (suits) Instruction(Nested(kind, body), listOf(point) + seeds.filterNotNull() + captured) else null
    }
}
