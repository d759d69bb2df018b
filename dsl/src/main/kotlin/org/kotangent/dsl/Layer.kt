package org.kotangent.dsl

import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key

/**
 * A pure function of parameters, state and a batch of examples, which can be checked and described before it is given
 * any number.
 *
 * Shapes are those of one example, without the batch axis, except in [apply], where x is `[batch, …]`. A layer keeps
 * nothing: its parameters and its state (running statistics) are handed in, and the next state is handed back.
 */
public interface Layer {
    /** What it is, in a word: `conv`. Layers without a name of their own are called by it and a number: `conv2`. */
    public val kind: String

    /** What it is, for tables and messages, as far as the input is known: `conv 6→16, k5`. */
    public fun label(input: Outline): String = kind

    /**
     * What is wrong with the layer, and what is known of its output.
     *
     * Wrong arguments are reported whatever the input is; a wrong input only as far as it is known. The outline of the
     * output is what holds for every input the layer accepts, so that the layers behind an erroneous one are checked
     * as well.
     */
    public fun check(input: Outline, at: Place): Checked

    /** The parameters for examples of the given shape, which [check] has accepted; by default none. */
    public fun parameters(input: Shape): List<Parameter> = emptyList()

    /** The state for examples of the given shape, which [check] has accepted; by default none. */
    public fun state(input: Shape): List<Parameter> = emptyList()

    /** The layer's value for a batch, and the next state. `[batch, *input] → [batch, *output]` */
    public fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied

    /** What an element of the output sees of the network's input, given what an element of the layer's input sees. */
    public fun receptiveField(input: ReceptiveField): ReceptiveField = input

    /**
     * Floating-point operations per example in inference, by default 0. A multiply-add counts 2; any other operation on
     * a number, an exponential and a comparison included, counts 1.
     */
    public fun flops(input: Shape): Long = 0

    /**
     * Initial parameters. Each depends on the key and its own path only, so that adding a layer leaves the numbers of
     * the others as they are.
     */
    public fun init(key: Key, input: Shape, dtype: DType): Params = parameters(input).sample(key, dtype)

    /** Initial state. */
    public fun initState(input: Shape, dtype: DType): Params = state(input).sample(Key.of(0), dtype)
}

/**
 * What a layer computed.
 *
 * @property y its value, `[batch, …]`
 * @property state the state to hand in next time
 */
public data class Applied(val y: Tensor, val state: Params)

/**
 * What a layer is applied for.
 *
 * @property training whether the network is being trained: batch statistics are used and dropout drops
 */
public class Context internal constructor(public val training: Boolean, private val source: () -> Key) {
    /** The randomness of this application; a layer of a network has one of its own. */
    public val key: Key get() = source()

    /** The context of a part with the given name: the same, with a key of its own. */
    public fun within(name: String): Context = if (training) Context(true) { key.named(name) } else this

    public companion object {
        /** Inference: nothing is random and running statistics are used. */
        @JvmField
        public val inference: Context = Context(training = false) { Key.of(0) }

        /** Training, with the randomness of one step. */
        @JvmStatic
        public fun training(key: Key): Context = Context(training = true) { key }
    }
}

/** The key that belongs to a name; different names have unrelated keys, whatever follows them. */
internal fun Key.named(name: String): Key =
    foldAll(name.length.toLong(), *LongArray(name.length) { name[it].code.toLong() })
