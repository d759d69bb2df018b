package org.kotangent.spec.programs

import org.kotangent.ad.Tensor
import org.kotangent.ad.scalar.Real

/**
 * A transformation on the way: of the function that [body] is of its first inputs, while its other inputs are values of
 * the function around it, closed over.
 */
internal class Nested(val kind: Kind, val body: Code) : ScalarOperation {
    private val own: Int = kind.points + kind.seeds

    override val name: String get() = kind.title

    override val size: Int get() = 1 + body.size

    override val readsNumbers: Boolean get() = body.readsNumbers

    override fun apply(x: List<Tensor>): Tensor = kind.of(Body(body, x.drop(own)), x.take(own))

    override fun on(x: List<Real>): Real =
        scalarKinds.getValue(kind)({ t -> body.inReals(listOf(t) + x.drop(own)).single() }, x.take(own))

    override fun isSmoothAt(x: List<Tensor>): Boolean {
        val captured = x.drop(own)
        return kind.places(Body(body, captured), x.take(kind.points)).all { body.isSmoothAt(it + captured) }
    }

    override fun text(operands: List<String>, depth: Int): String {
        val names = body.names(depth + 1)
        val steps = body.lines(depth + 1).joinToString("") { "$it; " }
        val inputs = names.take(body.inputs).joinToString()
        return "$name { $inputs -> $steps${body.outputs.joinToString { names[it] }} }(${operands.joinToString()})"
    }

    override fun simpler(operands: List<Int>): List<Instruction> = simplerCodes(body).toList().map { simple ->
        val points = kind.points
        val used = simple.needed().filter { it in points until body.inputs }
        val kept = simple.rewired(points + used.size) { i -> if (i < points) i else points + used.indexOf(i) }
        Instruction(Nested(kind, kept), operands.take(own) + used.map { operands[it + kind.seeds] })
    }

    /** Which of its operands the inputs of the body are. */
    fun inputsOf(operands: List<Int>): List<Int> = operands.take(kind.points) + operands.drop(own)
}

/** How deep functions are nested. */
private const val DEEPEST = 2

/** How many numbers there are at most in a point. */
private const val LARGEST = 6

/** A transformation of a small function, which is written with the same recipes. */
internal fun nested(kinds: List<Kind>, write: (Draft, Int) -> List<Instruction>) = Recipe { draft ->
    val kind = kinds.random(draft.sampler.random)
    val points = List(kind.points) { draft.value { it.size() <= LARGEST } }.filterNotNull()
    if (draft.depth == DEEPEST || points.size < kind.points) null else draft.nested(kind, points, write)
}

private fun Draft.nested(kind: Kind, points: List<Int>, write: (Draft, Int) -> List<Instruction>): Instruction? {
    val captured = List(sampler.int(0..2)) { value()!! }
    val nothing = Body(Code(kind.points, listOf(), listOf(0)), listOf())
    kind.places(nothing, points.map(::get)).firstOrNull() ?: return null
    val inside = inside(points + captured) { x ->
        kind.places(nothing, x.take(kind.points)).first() + x.drop(kind.points)
    }
    val instructions = write(inside, sampler.int(1..4))
    val results = inside.results(kind) ?: return null
    val body = Code(points.size + captured.size, instructions, listOf()).giving(*results)
    val like = kind.seedLike(get(points[0]), inside.values.last())
    val seeds = List(kind.seeds) { value { it.shape() == like.shape() } }.filterNotNull()
    val suits = 0 in body.needed() && seeds.size == kind.seeds && (kind.mayReadNumbers || !body.readsNumbers)
    return if (suits) Instruction(Nested(kind, body), points + seeds + captured) else null
}

/** What a nested function returns: its last value, after the last one that can be the next state of a loop. */
private fun Draft.results(kind: Kind): IntArray? {
    val last = values.lastIndex
    if (kind !in Kind.loops) return intArrayOf(last)
    val next = (last downTo 0).firstOrNull { it > 0 && values[it].shape() == values[0].shape() }
    return next?.let { intArrayOf(it, last) }
}
