package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d

/**
 * One number for each window of each channel.
 *
 * `[batch, channels, height, width] → [batch, channels, height′, width′]`, with the sizes of [Sliding].
 */
public sealed interface Pool : Layer {
    /** The window: its size, stride, padding and dilation. */
    public val window: Window

    /** The value. */
    public fun value(x: Tensor): Tensor

    override fun label(input: Outline): String = "$kind ${window.label(Sliding::size)}"

    override fun check(input: Outline, at: Place): Checked {
        val label = label(input)
        val image = WindowCheck(window, input, at, label, "window")
        val rule = "every window must see more than padding"
        val padded = at.input(!image.missesInput, label, rule, input, "use less padding")
        return Checked(image.errors + listOfNotNull(padded), image.output(channelsOf(input)))
    }

    override fun receptiveField(input: ReceptiveField): ReceptiveField = input.through(window)

    override fun flops(input: Shape): Long = window.area * outputOf(input).size()

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied = Applied(value(x), state)
}

/**
 * The largest number of each window; padding counts as −∞, and of several largest numbers the first has the derivative.
 * Source: Vedaldi 2022, eq. 3.9; Boué 2018, eq. 22.
 */
public data class MaxPool(override val window: Window) : Pool {
    override val kind: String get() = "maxPool"

    override fun value(x: Tensor): Tensor = Nn.maxPool2d(x, window.pooling())
}

/**
 * The mean of each window. Source: Vedaldi 2022, eq. 3.10.
 *
 * @property countPadding whether padding counts as zeros, or not at all
 */
public data class AvgPool
@JvmOverloads
constructor(override val window: Window, val countPadding: Boolean = true) :
    Pool {
    override val kind: String get() = "avgPool"

    override fun value(x: Tensor): Tensor = Nn.avgPool2d(x, window.pooling().countPadding(countPadding))
}

private fun Window.pooling() = Pool2d
    .of(vertical.size, horizontal.size)
    .stride(vertical.stride, horizontal.stride)
    .padding(edges())
    .dilation(vertical.dilation, horizontal.dilation)
