package org.kotangent.dsl

import arrow.core.Either
import arrow.core.NonEmptyList
import arrow.core.left
import arrow.core.right
import arrow.core.toNonEmptyListOrNull
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
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
 * equal when they have equal layers, input and element type.
 *
 * @property chain the layers
 * @property input the shape of one example
 * @property output the shape of the result for one example
 * @property dtype the type of parameters and examples
 */
public class Network private constructor(
    public val chain: Chain,
    public val input: Shape,
    public val output: Shape,
    public val dtype: DType,
) : Layer {
    override val kind: String get() = "network"

    private val parameters = chain.parameters(input)

    /** Numbers in all parameters. */
    public val parameterCount: Long get() = parameters.count()

    /**
     * Initial parameters. Each depends on the key and its own path only, so that adding a layer leaves the numbers of
     * the others as they are.
     */
    public fun init(key: Key): Params = parameters.sample(key, dtype)

    /** Initial state: the running statistics of the layers that have some. */
    public fun state(): Params = chain.initState(input, dtype)

    /**
     * The network's value in inference. `[batch, *input] → [batch, *output]`
     *
     * @throws ShapeException when x is not a batch of examples
     * @throws DTypeException when x is of another type than the network
     */
    public operator fun invoke(params: Params, state: Params, x: Tensor): Tensor =
        apply(params, state, x, Context.inference).y

    /**
     * The network's value and the next state. `[batch, *input] → [batch, *output]`
     *
     * @throws ShapeException when x is not a batch of examples
     * @throws DTypeException when x is of another type than the network
     */
    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied {
        if (x.rank() == 0 || x.shape().drop(0) != input) {
            throw ShapeException(
                "network: x must be a batch of examples of shape $input; got x: ${x.spec()}; " +
                    "give it the shape ${input.insert(0, 1)} for one example",
            )
        }
        if (x.dtype() != dtype) {
            throw DTypeException(
                "network: x must have the network's type ${dtype.label()}; got x: ${x.spec()}; convert it with to(DType.$dtype)",
            )
        }
        return chain.apply(params, state, x, context)
    }

    override fun check(input: Outline, at: Place): Checked {
        val fits = input.admits(this.input)
        val remedy = "build the network for this input"
        return Checked(
            listOfNotNull(at.input(fits, label(input), "input must be ${this.input}", input, remedy)),
            Outline.of(output),
        )
    }

    override fun parameters(input: Shape): List<Parameter> = parameters

    override fun state(input: Shape): List<Parameter> = chain.state(input)

    override fun receptiveField(input: ReceptiveField): ReceptiveField = chain.receptiveField(input)

    override fun flops(input: Shape): Long = chain.flops(input)

    /** This network followed by another, whose layers are numbered on. Errors are those of the whole. */
    public infix fun then(next: Network): Either<NonEmptyList<ModelError>, Network> =
        of(input, chain then next.chain, dtype)

    override fun equals(other: Any?): Boolean =
        other is Network && chain == other.chain && input == other.input && dtype == other.dtype

    override fun hashCode(): Int = 31 * (31 * chain.hashCode() + input.hashCode()) + dtype.hashCode()

    public companion object {
        /** The chain for examples of the given shape, or all that is wrong with it. */
        @JvmStatic
        @JvmOverloads
        public fun of(
            input: Shape,
            chain: Chain,
            dtype: DType = DType.F32,
        ): Either<NonEmptyList<ModelError>, Network> {
            val (errors, output) = chain.check(Outline.of(input), Place(ROOT, INPUT))
            return errors.toNonEmptyListOrNull()?.left()
                ?: Network(chain, input, checkNotNull(output.shape()), dtype).right()
        }

        internal const val ROOT = "network"
        internal const val INPUT = "network.input"
    }
}
