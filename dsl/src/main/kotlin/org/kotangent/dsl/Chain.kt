package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
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
 * A chain fits any input that its layers accept. [then] is associative, and the empty chain is its identity.
 *
 * @property steps the layers as they were given
 */
public data class Chain(val steps: List<Step>) : Layer {
    /** The layers, each with the name that its path ends with; those without one are numbered by kind, from 1. */
    public val layers: List<Step> = named(steps)

    override val kind: String get() = "block"

    /** These layers followed by those. */
    public infix fun then(next: Chain): Chain = Chain(steps + next.steps)

    override fun check(input: Outline, at: Place): Checked = layers
        .fold(Checked(nameErrors(at), input) to at.source) { (before, source), (layer, name) ->
            val place = at.inside(name, source)
            val (errors, output) = layer.check(before.output, place)
            val oversize = if (errors.isEmpty() &&
                before.output.mayExist
            ) {
                sizeErrors(layer, before.output, output, place)
            } else {
                emptyList()
            }
            Checked(before.errors + errors + oversize, output) to place.path
        }.first

    private fun sizeErrors(layer: Layer, input: Outline, output: Outline, at: Place): List<ModelError> {
        val label = layer.label(input)
        val rule = "a tensor has at most 2³¹−1 numbers"
        val weights = runCatching { input.shape()?.let(layer::parameters) }.exceptionOrNull()
        return listOfNotNull(
            at.argument(output.mayExist, label, rule, "$output for one example", "make less of it"),
            at.argument(
                weights !is ShapeException,
                label,
                rule,
                "parameters for $input",
                "use fewer units or channels",
            ),
        )
    }

    private fun nameErrors(at: Place): List<ModelError> {
        val kinds = layers.groupBy({ it.name }, { it.layer.kind })
        return kinds.flatMap { (name, kinds) ->
            val place = at.inside(name, at.source)
            listOfNotNull(
                place.argument(
                    kinds.size == 1,
                    kinds.first(),
                    "a name must be used once",
                    "$name for ${kinds.joinToString(", ")}",
                    "give each a name of its own",
                ),
                place.argument('.' !in name, kinds.first(), "a name must not have a dot", name, "use another name"),
            )
        }
    }

    override fun parameters(input: Shape): List<Parameter> =
        links(input).flatMap { link -> link.layer.parameters(link.input).map { it.under(link.name) } }

    override fun state(input: Shape): List<Parameter> =
        links(input).flatMap { link -> link.layer.state(link.input).map { it.under(link.name) } }

    override fun receptiveField(input: ReceptiveField): ReceptiveField =
        layers.fold(input) { field, (layer, _) -> layer.receptiveField(field) }

    override fun flops(input: Shape): Long = links(input).sumOf { it.layer.flops(it.input) }

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied =
        layers.fold(Applied(x, Params.of())) { (y, states), (layer, name) ->
            val next = layer.apply(params.under(name), state.under(name), y, context.within(name))
            Applied(next.y, states.merge(next.state.prefixed(name)))
        }

    /** The layers with their shapes, for an input that [check] has accepted. */
    internal fun links(input: Shape): List<Link> =
        layers.runningFold(Link("", Chain(emptyList()), input, input)) { before, (layer, name) ->
            Link(name, layer, before.output, layer.outputOf(before.output))
        }.drop(1)

    public companion object {
        /** The chain of the given layers. */
        @JvmStatic
        public fun of(vararg layers: Layer): Chain = Chain(layers.map { Step(it) })

        private fun named(steps: List<Step>): List<Step> {
            val counts = HashMap<String, Int>()
            return steps.map { (layer, name) ->
                Step(layer, name.ifEmpty { layer.kind + counts.merge(layer.kind, 1, Int::plus) })
            }
        }
    }
}

/** A layer of a chain with its name and its shapes. */
internal data class Link(val name: String, val layer: Layer, val input: Shape, val output: Shape)

/** The shape of the output for an input that has been accepted. */
internal fun Layer.outputOf(input: Shape): Shape =
    checkNotNull(check(Outline.of(input), Place(kind, kind)).output.shape()) {
        "$kind must say the shape of its output for $input"
    }
