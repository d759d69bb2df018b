package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor

/**
 * A layer of a chain.
 *
 * @property layer the layer
 * @property name its name in paths; empty for the layer's kind and a number
 */
public data class Step
@JvmOverloads
constructor(val layer: Layer, val name: String = "")

/**
 * Layers applied one after the other: the composition of functions, as a value.
 *
 * Chains of any inputs compose: [then] is associative, and the empty chain is its identity.
 *
 * @property steps the layers as they were given
 */
public data class Chain(val steps: List<Step>) : Layer {
    /** The layers, each with the name that its path ends with. Layers of a kind are numbered from 1. */
    public val layers: List<Pair<String, Layer>> = named(steps)

    override val kind: String get() = "block"

    /** These layers followed by those. */
    public infix fun then(next: Chain): Chain = Chain(steps + next.steps)

    override fun check(input: Outline, at: Place): Checked =
        layers.fold(Walk(Checked(nameErrors(at), input), at.source)) { (before, source), (name, layer) ->
            val place = at.inside(name, source)
            val (errors, output) = layer.check(before.output, place)
            Walk(Checked(before.errors + errors, output), place.path)
        }.checked

    /** What the layers so far gave, and the path of the last of them. */
    private data class Walk(val checked: Checked, val source: String)

    private fun nameErrors(at: Place): List<ModelError> {
        val twice = layers.groupingBy { it.first }.eachCount().filterValues { it > 1 }
        return twice.map { (name, count) ->
            ModelError(
                "${at.path}.$name",
                layers.first {
                    it.first == name
                }.second.kind,
                "names must differ",
                "$count layers named $name",
                "rename all but one",
            )
        } +
            layers.filter { (name, _) -> name.contains('.') }.map { (name, layer) ->
                ModelError("${at.path}.$name", layer.kind, "a name must not contain a dot", name, "choose another name")
            }
    }

    override fun parameters(input: Shape): List<Parameter> =
        walk(input).flatMap { (name, layer, shape) -> layer.parameters(shape).map { it.under(name) } }

    override fun state(input: Shape): List<Parameter> =
        walk(input).flatMap { (name, layer, shape) -> layer.state(shape).map { it.under(name) } }

    override fun receptiveField(input: ReceptiveField): ReceptiveField =
        layers.fold(input) { field, (_, layer) -> layer.receptiveField(field) }

    override fun flops(input: Shape): Long = walk(input).sumOf { (_, layer, shape) -> layer.flops(shape) }

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied =
        layers.fold(Applied(x, Params.of())) { (y, states), (name, layer) ->
            val next = layer.apply(params.under(name), state.under(name), y, context.within(name))
            Applied(next.y, states.merge(next.state.prefixed(name)))
        }

    /** Each layer with its name and the shapes of its input and output, for an input that [check] has accepted. */
    internal fun walk(input: Shape): List<Link> {
        val links = ArrayList<Link>()
        layers.fold(input) { shape, (name, layer) ->
            layer.outputOf(shape).also { links += Link(name, layer, shape, it) }
        }
        return links
    }

    private companion object {
        fun named(steps: List<Step>): List<Pair<String, Layer>> {
            val counts = HashMap<String, Int>()
            return steps.map { (layer, name) ->
                name.ifEmpty { layer.kind + counts.merge(layer.kind, 1, Int::plus) } to layer
            }
        }
    }
}

/** A layer of a chain with its name and its shapes. */
internal data class Link(val name: String, val layer: Layer, val input: Shape, val output: Shape)

/** The shape of the output for an input that has been accepted. */
internal fun Layer.outputOf(input: Shape): Shape =
    checkNotNull(check(Outline.of(input), Place("network", "input")).output.shape()) {
        "$kind does not say its output for $input"
    }
