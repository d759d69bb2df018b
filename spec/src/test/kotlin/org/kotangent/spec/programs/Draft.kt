package org.kotangent.spec.programs

import org.kotangent.ad.Tensor
import org.kotangent.spec.laws.Sampler

/** A program while it is written: its values so far, of which the next instruction takes its operands. */
class Draft(val sampler: Sampler, private val around: Neighbourhood, val depth: Int) {
    val values: List<Tensor> get() = around.values

    /** The number of a value that fits, more often a late one than an early one; null if there is none. */
    fun value(fits: (Tensor) -> Boolean = { true }): Int? {
        val fitting = values.indices.filter { fits(values[it]) }
        return when {
            fitting.isEmpty() -> null
            sampler.flip() -> fitting.takeLast(3).random(sampler.random)
            else -> fitting.random(sampler.random)
        }
    }

    operator fun get(value: Int): Tensor = values[value]

    /** Adds the result of an instruction, where it is defined and tame. */
    fun add(instruction: Instruction): Boolean = around.add(instruction)

    /** The draft of a nested function, which sees these values alone, [of] which it makes its inputs. */
    fun inside(operands: List<Int>, of: (List<Tensor>) -> List<Tensor>): Draft =
        Draft(sampler, around.inside(operands, of), depth + 1)
}

/** A way to write the next instruction; null where the values so far do not suit. */
fun interface Recipe {
    fun write(draft: Draft): Instruction?
}

/** An operation without anything inside. */
internal class Plain(
    override val name: String,
    private val smooth: (List<Tensor>) -> Boolean = { true },
    private val f: (List<Tensor>) -> Tensor,
) : Operation {
    override fun apply(x: List<Tensor>): Tensor = f(x)

    override fun isSmoothAt(x: List<Tensor>): Boolean = smooth(x)
}

/** An operation of one value, whose attributes are drawn for it. */
internal fun ofOne(fits: (Tensor) -> Boolean = { true }, operation: Sampler.(Tensor) -> Operation) = Recipe { draft ->
    draft.value(fits)?.let { x -> Instruction(draft.sampler.operation(draft[x]), listOf(x)) }
}

/** An operation of two values. */
internal fun ofTwo(
    fits: (Tensor) -> Boolean = { true },
    partner: (Tensor, Tensor) -> Boolean = { _, _ -> true },
    operation: Sampler.(Tensor, Tensor) -> Operation,
) = Recipe { draft ->
    draft.value(fits)?.let { x ->
        draft.value { partner(draft[x], it) }?.let { y ->
            Instruction(draft.sampler.operation(draft[x], draft[y]), listOf(x, y))
        }
    }
}
