package org.kotangent.spec.programs

import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Shapes
import kotlin.math.round

/** A small program, and how many were tried on the way to it. */
class Shrunk(val program: Program, val tries: Int)

/**
 * The smallest program that can be reached from one that [fails] by steps after each of which it still fails. Every
 * step makes the program smaller, so there is an end; programs that are not defined or not tame are passed over.
 */
fun shrink(program: Program, fails: (Program) -> Boolean): Shrunk {
    var smallest = program
    var tries = 0
    while (true) {
        val next =
            simplerPrograms(smallest).firstOrNull { candidate ->
                Neighbourhood.isTame(candidate) && fails(candidate).also { tries++ }
            }
        smallest = next ?: return Shrunk(smallest, tries)
    }
}

/** The same without inputs on which nothing depends; one is left in any case. */
internal fun Program.withoutIdleInputs(): Program {
    val needed = code.needed()
    val kept = point.indices.filter { it in needed }.ifEmpty { listOf(0) }
    return Program(kept.map(point::get), code.rewired(kept.size, kept::indexOf))
}

/** Smaller programs, the smallest first: less code, then fewer and smaller inputs, then shorter numbers. */
private fun simplerPrograms(program: Program): Sequence<Program> = sequence {
    val values = program.code.trace(program.point)
    yieldAll(results(program))
    yieldAll(cuts(program, values))
    yieldAll(simplerCodes(program.code, values).map { Program(program.point, it) })
    yieldAll(inlined(program))
    yieldAll(simplerInputs(program))
}.map { it.withoutIdleInputs() }

/** A single result, from the first value on, then one result less. */
private fun results(program: Program): Sequence<Program> = sequence {
    val code = program.code
    val last = code.values - 1
    for (value in program.point.size..last) {
        if (code.outputs != listOf(value)) yield(Program(program.point, code.giving(value)))
    }
    for (k in code.outputs.indices) {
        val fewer = code.outputs.filterIndexed { i, _ -> i != k }
        if (fewer.size > 1) yield(Program(program.point, code.giving(*fewer.toIntArray())))
    }
}

/** A value on the way becomes an input, with the number it had, and what led to it is gone. */
private fun cuts(program: Program, values: List<Tensor>): Sequence<Program> = sequence {
    val inputs = program.point.size
    for (value in values.lastIndex downTo inputs) {
        if (value in program.code.outputs) continue
        val shifted = program.code.rewired(inputs + 1) { it }
        yield(Program(program.point + single(values[value]), shifted.replaced(value + 1, inputs)))
    }
}

/** The same numbers as F32 has them, so that both types can be asked about the same point. */
private fun single(t: Tensor): Tensor = t.to(DType.F32).to(DType.F64)

/** A value is replaced by an earlier one, of its shape where [values] are known, or computed in a simpler way. */
internal fun simplerCodes(code: Code, values: List<Tensor>? = null): Sequence<Code> = sequence {
    for (value in code.values - 1 downTo code.inputs) {
        for (earlier in 0 until value) {
            if (values == null || values[value].shape() == values[earlier].shape()) yield(code.replaced(value, earlier))
        }
    }
    for (value in code.values - 1 downTo code.inputs) {
        val instruction = code.instructions[value - code.inputs]
        yieldAll(instruction.operation.simpler(instruction.operands).map { code.replaced(value, it) })
    }
}

/** A nested function is called instead of transformed, and what it computes is the result. */
private fun inlined(program: Program): Sequence<Program> = program.code.instructions.asSequence().mapNotNull { outer ->
    (outer.operation as? Nested)?.let { nested ->
        val code = program.code
        val places = nested.inputsOf(outer.operands)
        val body = nested.body.rewired(code.values) { places[it] }
        Program(
            program.point,
            Code(code.inputs, code.instructions + body.instructions, body.outputs).giving(*body.outputs.toIntArray()),
        )
    }
}

/** Two inputs become one; an input loses an axis or some of its numbers; numbers lose digits. */
private fun simplerInputs(program: Program): Sequence<Program> = sequence {
    val point = program.point
    for (i in point.indices) {
        for (j in 0 until i) {
            if (point[i].shape() == point[j].shape()) yield(Program(point, program.code.replaced(i, j)))
        }
    }
    for (i in point.indices) {
        for (smaller in smallerTensors(point[i])) {
            yield(Program(point.mapIndexed { k, x -> if (k == i) smaller else x }, program.code))
        }
    }
}

private fun smallerTensors(t: Tensor): Sequence<Tensor> = sequence {
    for (axis in 0 until t.rank()) {
        val n = t.dim(axis)
        if (n == 1) yield(Shapes.squeeze(t, axis))
        val fewer = listOf(1, n / 2, n - 1).distinct().filter { it in 1 until n }
        yieldAll(fewer.map { Shapes.slice(t, 0, it, axis) })
    }
    val numbers = t.toDoubles()
    for (parts in listOf(2, 8)) {
        if (numbers.all { it * parts == round(it * parts) }) break
        yield(Tensor.of(t.shape(), *DoubleArray(t.size()) { round(numbers[it] * parts) / parts + 0.0 }))
    }
}
