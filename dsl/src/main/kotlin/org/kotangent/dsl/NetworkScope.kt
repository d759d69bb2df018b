@file:JvmName("Networks")

package org.kotangent.dsl

import arrow.core.Either
import arrow.core.NonEmptyList
import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor

/**
 * What one example is, before it is known to make sense.
 *
 * @property sizes the size of each axis, the batch axis left out
 */
public data class Input(val sizes: List<Int>) {
    internal fun check(at: Place, dtype: DType): Checked {
        val label = "input ${sizes.joinToString("×")}"
        val outline = Outline.Sizes(sizes.map { size -> size.takeIf { it > 0 } })
        val rule = "a tensor has at most 2³¹−1 numbers"
        val errors = listOfNotNull(
            at.argument(sizes.all { it > 0 }, label, "sizes must be positive", sizes.toString(), "use at least 1"),
            at.argument(outline.mayExist, label, rule, "$outline for one example", "use smaller examples"),
            at.argument(
                dtype.isFloating,
                label,
                "the element type must be floating",
                dtype.label(),
                "use DType.F32 or DType.F64",
            ),
        )
        return Checked(errors, outline)
    }
}

/** Examples of the given sizes, the batch axis left out: `input(1, 28, 28)` for grey images, `input(784)` for vectors. */
public fun input(vararg sizes: Int): Input = Input(sizes.asList())

/**
 * The network of the layers in the block, or everything that is wrong with it.
 *
 * The block only collects; all that is computed is shapes. Layers are called by their kind and a number: `conv1`,
 * `relu1`, `conv2`. Errors that do not depend on each other are reported all at once.
 *
 * ```kotlin
 * val lenet = network(input(1, 28, 28)) {
 *     conv(6, kernel = 5); relu(); batchNorm(); maxPool(2)
 *     flatten()
 *     dense(10)
 * }.orThrow()
 * ```
 */
public fun network(
    input: Input,
    dtype: DType = DType.F32,
    layers: NetworkScope.() -> Unit,
): Either<NonEmptyList<ModelError>, Network> = Network.of(input, chain(layers), dtype)

/** The layers in the block as a chain, for whatever input they accept. */
public fun chain(layers: NetworkScope.() -> Unit): Chain = NetworkScope().apply(layers).collected()

/** Keeps the layers of an inner block from being added to an outer one. */
@DslMarker
@Target(AnnotationTarget.CLASS)
public annotation class NetworkDsl

/** Collects the layers of a chain in the order of the calls. */
@NetworkDsl
public class NetworkScope internal constructor() {
    private val steps = ArrayList<Step>()

    internal fun collected(): Chain = Chain(steps.toList())

    /** Adds any layer. Without a name it is called by its kind and a number. */
    public fun add(layer: Layer, name: String = "") {
        steps += Step(layer, name)
    }

    /** Adds a [Conv] layer with square filters. */
    public fun conv(
        channels: Int,
        kernel: Int,
        stride: Int = 1,
        padding: Int = 0,
        dilation: Int = 1,
        groups: Int = 1,
        bias: Boolean = true,
        weights: Initialiser = Initialiser.fanInUniform,
        name: String = "",
    ): Unit = add(Conv(channels, Window(kernel, stride, padding, dilation), groups, bias, weights), name)

    /** Adds a [Conv] layer with filters of so many rows and columns; each pair is (vertical, horizontal). */
    public fun conv(
        channels: Int,
        kernel: Pair<Int, Int>,
        stride: Pair<Int, Int> = 1 to 1,
        padding: Pair<Int, Int> = 0 to 0,
        dilation: Pair<Int, Int> = 1 to 1,
        groups: Int = 1,
        bias: Boolean = true,
        weights: Initialiser = Initialiser.fanInUniform,
        name: String = "",
    ): Unit = add(Conv(channels, Window(kernel, stride, padding, dilation), groups, bias, weights), name)

    /** Adds a [Conv] layer with any window, such as one with more padding on one side than on the other. */
    public fun conv(
        channels: Int,
        window: Window,
        groups: Int = 1,
        bias: Boolean = true,
        weights: Initialiser = Initialiser.fanInUniform,
        name: String = "",
    ): Unit = add(Conv(channels, window, groups, bias, weights), name)

    /** Adds a [Dense] layer of so many units. */
    public fun dense(
        units: Int,
        bias: Boolean = true,
        weights: Initialiser = Initialiser.fanInUniform,
        name: String = "",
    ): Unit = add(Dense(units, bias, weights), name)

    /** Adds a [MaxPool] layer with square windows, by default without overlap. */
    public fun maxPool(window: Int, stride: Int = window, padding: Int = 0, dilation: Int = 1): Unit =
        add(MaxPool(Window(window, stride, padding, dilation)))

    /** Adds a [MaxPool] layer. */
    public fun maxPool(window: Window): Unit = add(MaxPool(window))

    /** Adds an [AvgPool] layer with square windows, by default without overlap. */
    public fun avgPool(window: Int, stride: Int = window, padding: Int = 0, dilation: Int = 1): Unit =
        add(AvgPool(Window(window, stride, padding, dilation)))

    /** Adds an [AvgPool] layer. */
    public fun avgPool(window: Window): Unit = add(AvgPool(window))

    /** Adds a [BatchNorm] layer. */
    public fun batchNorm(momentum: Double = 0.1, eps: Double = 1e-5, name: String = ""): Unit =
        add(BatchNorm(momentum, eps), name)

    /** Adds [Relu]. */
    public fun relu(): Unit = add(Relu)

    /** Adds a [LeakyRelu]. */
    public fun leakyRelu(slope: Double = 0.01): Unit = add(LeakyRelu(slope))

    /** Adds [Sigmoid]. */
    public fun sigmoid(): Unit = add(Sigmoid)

    /** Adds [Tanh]. */
    public fun tanh(): Unit = add(Tanh)

    /** Adds [Softplus]. */
    public fun softplus(): Unit = add(Softplus)

    /** Adds a [Softmax] layer over the given axes of an example, by default over axis 0. */
    public fun softmax(vararg axes: Int): Unit = add(if (axes.isEmpty()) Softmax() else Softmax(axes.asList()))

    /** Adds a [Dropout] layer. */
    public fun dropout(rate: Double): Unit = add(Dropout(rate))

    /** Adds [Flatten]. */
    public fun flatten(): Unit = add(Flatten)

    /** Adds a function as a layer, see [FunctionLayer]: `layer("double") { x -> x * 2.0 }`. */
    public fun layer(kind: String, function: (Tensor) -> Tensor): Unit =
        layer(kind, { emptyList() }) { _, x -> function(x) }

    /**
     * Adds a function with parameters as a layer, see [FunctionLayer]; `parameters` names them for examples of a given
     * shape: `layer("gain", { listOf(Parameter("factor", it, Initialiser.ones)) }) { p, x -> x * p["factor"] }`.
     */
    public fun layer(
        kind: String,
        parameters: (Shape) -> List<Parameter>,
        function: (Params, Tensor) -> Tensor,
    ): Unit = add(FunctionLayer(kind, parameters, function))

    /** Adds the layers of the block as one, a [Chain]; their paths follow its name, `block1.conv1`. */
    public fun block(name: String = "", layers: NetworkScope.() -> Unit): Unit = add(chain(layers), name)

    /** Adds a [Residual]: the block is added to x, or to what the shortcut makes of x. */
    public fun residual(
        name: String = "",
        shortcut: NetworkScope.() -> Unit = {},
        body: NetworkScope.() -> Unit,
    ): Unit = add(Residual(chain(body), chain(shortcut)), name)
}
