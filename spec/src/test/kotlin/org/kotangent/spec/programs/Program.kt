package org.kotangent.spec.programs

import org.kotangent.ad.Tensor

/** What an instruction does: a function of floating tensors, with its attributes fixed. */
interface Operation {
    /** Name and attributes, such as `sum[axis 0]`. */
    val name: String

    /** Whether it asks for numbers, which values without any, as in a graph, and batches of values cannot answer. */
    val readsNumbers: Boolean get() = false

    /** How much there is to read: 1, and what is inside. */
    val size: Int get() = 1

    /** The result; it may throw what the library throws where the shapes do not fit. */
    fun apply(x: List<Tensor>): Tensor

    /** Whether the function is smooth at these numbers and some way around them. */
    fun isSmoothAt(x: List<Tensor>): Boolean = true

    /** The application as text. */
    fun text(operands: List<String>, depth: Int): String = operands.joinToString(prefix = "$name(", postfix = ")")

    /** Applications to some of the same operands that are easier to understand. */
    fun simpler(operands: List<Int>): List<Instruction> = emptyList()
}

/** An operation applied to values by their numbers. */
class Instruction(val operation: Operation, val operands: List<Int>) {
    fun apply(values: List<Tensor>): Tensor = operation.apply(operands.map(values::get))

    fun isSmoothAt(values: List<Tensor>): Boolean = operation.isSmoothAt(operands.map(values::get))

    fun on(operands: List<Int>) = Instruction(operation, operands)
}

/**
 * A function as a list of instructions. Values are numbered: the inputs first, then the result of each instruction,
 * whose operands have smaller numbers.
 *
 * @property inputs how many inputs there are
 * @property outputs which values are the results
 */
class Code(val inputs: Int, val instructions: List<Instruction>, val outputs: List<Int>) {
    /** How many values there are. */
    val values: Int get() = inputs + instructions.size

    /** Whether any of the instructions asks for numbers. */
    val readsNumbers: Boolean get() = instructions.any { it.operation.readsNumbers }

    /** How many instructions there are, those inside of others included. */
    val size: Int get() = instructions.sumOf { it.operation.size }

    fun run(x: List<Tensor>): List<Tensor> = trace(x).let { all -> outputs.map(all::get) }

    /** All values, in the order of their numbers. */
    fun trace(x: List<Tensor>): List<Tensor> =
        x.toMutableList().also { all -> instructions.forEach { all += it.apply(all) } }

    /** Whether every instruction is smooth where it is applied. */
    fun isSmoothAt(x: List<Tensor>): Boolean {
        val values = x.toMutableList()
        return instructions.all { it.isSmoothAt(values) && values.add(it.apply(values)) }
    }

    /** The same with a value replaced by another one that does not depend on it, and without what is then of no use. */
    fun replaced(value: Int, by: Int): Code {
        fun moved(i: Int) = if (i == value) by else i
        return Code(inputs, instructions.map { it.on(it.operands.map(::moved)) }, outputs.map(::moved)).pruned()
    }

    /** The same with the instruction that computes a value replaced. */
    fun replaced(value: Int, by: Instruction): Code =
        Code(inputs, instructions.mapIndexed { k, old -> if (inputs + k == value) by else old }, outputs).pruned()

    /** The same with these results only. */
    fun giving(vararg outputs: Int): Code = Code(inputs, instructions, outputs.toList()).pruned()

    /** The values that the results depend on. */
    fun needed(): Set<Int> {
        val needed = outputs.toMutableSet()
        for (value in values - 1 downTo inputs) {
            if (value in needed) needed += instructions[value - inputs].operands
        }
        return needed
    }

    /** The same without instructions on which nothing depends. */
    private fun pruned(): Code {
        val needed = needed()
        val kept = (0 until inputs) + (inputs until values).filter { it in needed }
        val place = kept.withIndex().associate { (new, old) -> old to new }
        return Code(
            inputs,
            kept.drop(inputs).map { old -> instructions[old - inputs].let { it.on(it.operands.map(place::getValue)) } },
            outputs.map(place::getValue),
        )
    }

    /** The same with other inputs, of which there are [inputs]: input i is the one at [place] of i. */
    fun rewired(inputs: Int, place: (Int) -> Int): Code {
        fun moved(i: Int) = if (i < this.inputs) place(i) else i - this.inputs + inputs
        return Code(inputs, instructions.map { it.on(it.operands.map(::moved)) }, outputs.map(::moved))
    }

    /** The names of values at a depth of nesting. */
    fun names(depth: Int): List<String> = List(values) { "${LETTERS[depth]}$it" }

    /** The instructions as text. */
    fun lines(depth: Int): List<String> {
        val names = names(depth)
        return instructions.mapIndexed { k, it ->
            "${names[inputs + k]} = ${it.operation.text(it.operands.map(names::get), depth)}"
        }
    }

    private companion object {
        val LETTERS = listOf("v", "u", "t")
    }
}

/** Code and the point at which it is to be differentiated. It prints as readable text. */
class Program(val point: List<Tensor>, val code: Code) {
    override fun toString(): String {
        val names = code.names(0)
        val values = code.trace(point)
        val inputs = point.mapIndexed { i, x -> "${names[i]} = $x" }
        val body = code.lines(0).mapIndexed { k, line -> "$line // ${values[point.size + k].shape()}" }
        return (inputs + body + "return ${code.outputs.joinToString { names[it] }}").joinToString("\n") { "    $it" }
    }
}
