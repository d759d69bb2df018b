package org.kotangent.dsl

import arrow.core.Either
import arrow.core.NonEmptyList
import arrow.core.left
import arrow.core.right
import arrow.core.toNonEmptyListOrNull
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key

/**
 * A chain of layers for examples of one shape, known to fit together: a value without numbers of its own.
 *
 * `network(input(1, 28, 28)) { conv(6, kernel = 5); relu(); … }` makes one in Kotlin, [of] in Java. Its parameters are
 * made by [init] and its state by [state]; both are named by the paths of the layers, `conv1.weight`. Two networks are
 * equal when they have equal layers, input and element type. A network is a layer of other networks, too.
 *
 * @property chain the layers
 * @property input the shape of one example
 * @property dtype the type of parameters and examples
 */
public class Network private constructor(public val chain: Chain, public val input: Shape, public val dtype: DType) :
    Layer {
    /** The shape of the result for one example. */
    public val output: Shape = chain.links(input).lastOrNull()?.output ?: input

    private val parameters = chain.parameters(input)

    private val states = chain.state(input)

    override val kind: String get() = "network"

    override fun label(input: Outline): String = "network ${this.input} → $output"

    /** Numbers in all parameters. */
    public val parameterCount: Long get() = parameters.count()

    /**
     * Initial parameters. Each depends on the key and its own path only, so that adding a layer leaves the numbers of
     * the others as they are.
     */
    public fun init(key: Key): Params = parameters.sample(key, dtype)

    /** Initial state: the running statistics of the layers that have some. */
    public fun state(): Params = states.sample(Key.of(0), dtype)

    /**
     * The network's value in inference. `[batch, *input] → [batch, *output]`
     *
     * @throws ShapeException when x is not a batch of examples, or a parameter has another shape
     * @throws DTypeException when x is of another type than the network
     * @throws DomainException when parameters or state are not those of this network
     */
    public operator fun invoke(params: Params, state: Params, x: Tensor): Tensor =
        apply(params, state, x, Context.inference).y

    /**
     * The network's value in inference, for a network whose layers have no state. `[batch, *input] → [batch, *output]`
     *
     * Throws as the form with a state does.
     */
    public operator fun invoke(params: Params, x: Tensor): Tensor = invoke(params, Params.of(), x)

    /**
     * The network's value and the next state. `[batch, *input] → [batch, *output]`
     *
     * @throws ShapeException when x is not a batch of examples, or a parameter has another shape
     * @throws DTypeException when x is of another type than the network
     * @throws DomainException when parameters or state are not those of this network
     */
    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied {
        requireBatch(x)
        requireAll("params", params, parameters, "init(key)")
        requireAll("state", state, states, "state()")
        return chain.apply(params, state, x, context)
    }

    private fun requireBatch(x: Tensor) {
        if (x.rank() == 0 || x.shape().drop(0) != input) {
            throw ShapeException(
                "network: x must be a batch of examples of shape $input; got x: ${x.spec()}; " +
                    "give it the shape ${input.insert(0, 1)} for one example",
            )
        }
        if (x.dtype() != dtype) {
            throw DTypeException(
                "network: x must have the network's type ${dtype.label()}; got x: ${x.spec()}; " +
                    "convert it with to(DType.$dtype)",
            )
        }
    }

    private fun requireAll(name: String, given: Params, needed: List<Parameter>, remedy: String) {
        val tensors = given.toMap()
        if (tensors.size != needed.size || needed.any { it.path !in tensors }) {
            throw DomainException(
                "network: $name must be those of this network, ${needed.map { it.path }}; got ${tensors.keys}; " +
                    "make them with $remedy",
            )
        }
        needed.find { tensors.getValue(it.path).shape() != it.shape }?.let {
            throw ShapeException(
                "network: $name must have the shapes of this network; got ${it.path}: " +
                    "${tensors.getValue(it.path).shape()} for ${it.shape}; make them with $remedy",
            )
        }
    }

    /** The layers as a table. */
    public fun summary(): Summary =
        Summary(input, output, dtype, Summary.rows("", chain, input, ReceptiveField.of(input)))

    /**
     * What an element of the value of one layer sees of the value of an earlier one; by default, what the network's
     * output sees of its input. Source: Vedaldi 2022, §3.4.3, "of" and "in".
     *
     * @param of name of a layer, such as `maxPool2`
     * @param within name of an earlier layer, or `input`
     * @throws DomainException when there is no such layer, or not in this order
     */
    @JvmOverloads
    public fun receptiveField(
        of: String = chain.layers.lastOrNull()?.name ?: INPUT,
        within: String = INPUT,
    ): ReceptiveField {
        val names = listOf(INPUT) + chain.layers.map { it.name }
        val (from, to) = listOf(within, of).map(names::indexOf)
        if (from < 0 || to < from) {
            throw DomainException(
                "receptiveField: the layers must exist, the one seen before the one that sees; " +
                    "got of: $of, within: $within; use two of $names",
            )
        }
        val links = chain.links(input).subList(from, to)
        return links.fold(ReceptiveField.of(links.firstOrNull()?.input ?: input)) { field, link ->
            link.layer.receptiveField(field)
        }
    }

    /** This network followed by another, whose layers are numbered on; or why they do not fit together. */
    public infix fun then(next: Network): Either<NonEmptyList<ModelError>, Network> {
        val last = chain.layers.lastOrNull()?.name ?: INPUT
        val (errors, _) = next.check(Outline.of(output), Place(ROOT, "$ROOT.$last"))
        return errors.toNonEmptyListOrNull()?.left()
            ?: of(Input(input.toArray().asList()), chain then next.chain, dtype)
    }

    override fun check(input: Outline, at: Place): Checked {
        val fits = input.mayEqual(Outline.of(this.input))
        val remedy = "build the network for this input"
        return Checked(
            listOfNotNull(at.input(fits, label(input), "input must be ${this.input}", input, remedy)),
            Outline.of(output),
        )
    }

    override fun parameters(input: Shape): List<Parameter> = parameters

    override fun state(input: Shape): List<Parameter> = states

    override fun receptiveField(input: ReceptiveField): ReceptiveField = chain.receptiveField(input)

    override fun flops(input: Shape): Long = chain.flops(input)

    override fun equals(other: Any?): Boolean =
        other is Network && chain == other.chain && input == other.input && dtype == other.dtype

    override fun hashCode(): Int = 31 * (31 * chain.hashCode() + input.hashCode()) + dtype.hashCode()

    /** Its layers in a line. */
    override fun toString(): String =
        chain.links(input).joinToString(" → ", "network $input → ") { it.layer.label(Outline.of(it.input)) }

    public companion object {
        private const val ROOT = "network"
        private const val INPUT = "input"

        /** The chain for examples of the given input, or everything that is wrong with it. */
        @JvmStatic
        @JvmOverloads
        public fun of(
            input: Input,
            chain: Chain,
            dtype: DType = DType.F32,
        ): Either<NonEmptyList<ModelError>, Network> {
            val root = Place(ROOT, "$ROOT.$INPUT")
            val (inputErrors, given) = input.check(root.inside(INPUT, ""), dtype)
            val (errors, _) = chain.check(given, root)
            return (inputErrors + errors).toNonEmptyListOrNull()?.left()
                ?: Network(chain, Shape.of(*input.sizes.toIntArray()), dtype).right()
        }
    }
}
