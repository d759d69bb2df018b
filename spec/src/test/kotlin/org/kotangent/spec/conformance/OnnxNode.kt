package org.kotangent.spec.conformance

import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor

/** What an adapter sees of a case: its inputs as tensors and its attributes with the defaults of the standard. */
internal class OnnxNode(private val case: OnnxCase, val inputs: List<Tensor?> = case.inputs.map { it?.tensor() }) {
    val opset: Int get() = case.opset

    /** How many outputs the case names, whether or not it compares them. */
    val outputs: Int get() = case.outputs.size

    operator fun get(i: Int): Tensor = checkNotNull(optional(i)) { "$case: there is no input $i" }

    /** An input that may be left out. */
    fun optional(i: Int): Tensor? = inputs.getOrNull(i)

    /** An input that holds axes, sizes or positions. */
    fun ints(i: Int): IntArray? = optional(i)?.toInts()

    /** Axes, sizes or positions that older versions give as an attribute. */
    fun given(input: Int, attribute: String): IntArray =
        checkNotNull(ints(input) ?: ints(attribute)) { "$case: there must be $attribute" }

    fun ints(name: String): IntArray? = case.attribute(name)?.map { it.asInt() }?.toIntArray()

    fun int(name: String, default: Int): Int = case.attribute(name)?.asInt() ?: default

    fun flag(name: String, default: Boolean = false): Boolean = int(name, if (default) 1 else 0) != 0

    fun float(name: String, default: Double): Double = case.attribute(name)?.asDouble() ?: default

    fun hasAttribute(name: String): Boolean = case.attribute(name) != null

    fun string(name: String, default: String): String = case.attribute(name)?.asText() ?: default

    /** The same node with other inputs. */
    fun on(inputs: List<Tensor?>): OnnxNode = OnnxNode(case, inputs)
}

/**
 * An operator of the standard as a function over the public operations, and [limit]: why a node is outside what they
 * can express, or null when it is inside.
 */
internal class Operator(val limit: OnnxNode.() -> String?, val run: OnnxNode.() -> List<Tensor?>)

/** Collects the operators of one domain by name. */
internal class Operators {
    val byName = sortedMapOf<String, Operator>()

    fun operator(name: String, limit: OnnxNode.() -> String? = { null }, run: OnnxNode.() -> Tensor) =
        outputs(name, limit) { listOf(run()) }

    /** An operator with several outputs; null where one is not computed. */
    fun outputs(name: String, limit: OnnxNode.() -> String? = { null }, run: OnnxNode.() -> List<Tensor?>) {
        check(byName.put(name, Operator(limit, run)) == null) { "$name is declared twice" }
    }
}

internal fun operators(declare: Operators.() -> Unit): Map<String, Operator> = Operators().apply(declare).byName

/** An index that may count from the end, counted from the front. */
internal fun fromFront(i: Int, size: Int): Int = if (i < 0) i + size else i

/** The axis counted from the front. */
internal fun Tensor.axis(axis: Int): Int = shape().axis(axis)

internal fun Tensor.dims(): List<Int> = shape().toArray().toList()

internal fun Tensor.spatialAxes(): IntArray = IntArray(rank() - 2) { it + 2 }

/** Integer positions as a tensor of indices. */
internal fun List<Int>.indices32(shape: Shape = Shape.of(size)): Tensor = Tensor.of(shape, *toIntArray())

internal fun Tensor.isFloating(): Boolean = dtype().isFloating

internal fun Tensor.isBoolean(): Boolean = dtype() == DType.BOOL
