package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Nn
import org.kotangent.ops.Padding

/**
 * A convolution of images with learnt filters; the filters are not flipped.
 *
 * `[batch, in, height, width] → [batch, channels, height′, width′]`, with the sizes of [Sliding]. Parameters: `weight`
 * `[channels, in/groups, rows, columns]`, drawn by [weights], and `bias` `[channels]`, starting at zero. Source: Vedaldi
 * 2022, §3.3.1; Boué 2018, §4.
 *
 * @property channels number of filters
 * @property window their size, stride, padding with zeros, and dilation
 * @property groups independent groups: a filter sees only the channels of its own
 * @property bias whether a number is added per channel
 * @property weights how the weights start
 */
public data class Conv
@JvmOverloads
constructor(
    val channels: Int,
    val window: Window,
    val groups: Int = 1,
    val bias: Boolean = true,
    val weights: Initialiser = Initialiser.fanInUniform,
) : Layer {
    override val kind: String get() = "conv"

    override fun label(input: Outline): String = listOfNotNull(
        "conv ${channelsOf(input) ?: "?"}→$channels",
        window.label { 1 },
        "g$groups".takeIf { groups != 1 },
        "no bias".takeIf { !bias },
    ).joinToString(", ")

    override fun check(input: Outline, at: Place): Checked {
        val label = label(input)
        val image = WindowCheck(window, input, at, label, "kernel")
        val atLeast1 = "use at least 1"
        val arguments =
            listOfNotNull(
                at.argument(channels > 0, label, "channels must be positive", "channels: $channels", atLeast1),
                at.argument(groups > 0, label, "groups must be positive", "groups: $groups", atLeast1),
                at.argument(
                    groups <= 0 || channels <= 0 || channels % groups == 0,
                    label,
                    "groups must divide the channels",
                    "channels: $channels, groups: $groups",
                    "use a divisor of $channels",
                ),
                at.input(
                    groups <= 0 || (channelsOf(input) ?: 0) % groups == 0,
                    label,
                    "groups must divide the input's channels",
                    input,
                    "use a divisor of ${input.size(0)} instead of $groups",
                ),
            )
        return Checked(arguments + image.errors, image.output(channels.takeIf { it > 0 }))
    }

    override fun parameters(input: Shape): List<Parameter> = listOfNotNull(
        Parameter("weight", filters(input), weights, fans(input)),
        Parameter("bias", Shape.of(channels)).takeIf { bias },
    )

    private fun filters(input: Shape) =
        Shape.of(channels, input.dim(0) / groups, window.vertical.size, window.horizontal.size)

    private fun fans(input: Shape) =
        Fans(input = window.area * (input.dim(0) / groups), output = window.area * (channels / groups))

    override fun receptiveField(input: ReceptiveField): ReceptiveField = input.through(window)

    override fun flops(input: Shape): Long =
        (2 * window.area * (input.dim(0) / groups) + (if (bias) 1 else 0)) * outputOf(input).size()

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied {
        val weight = params["weight"]
        val sliding = sliding()
        return Applied(
            if (bias) Nn.conv2d(x, weight, params["bias"], sliding) else Nn.conv2d(x, weight, sliding),
            state,
        )
    }

    private fun sliding() =
        window.let { (v, h) -> Conv2d(v.stride, h.stride, window.edges(), v.dilation, h.dilation, groups) }
}

/** The channels of an image. */
internal fun channelsOf(image: Outline): Int? = image.size(0).takeIf { image.mayHaveRank(3) }

/** The padding as the operations take it. */
internal fun Window.edges(): Padding = Padding(vertical.before, vertical.after, horizontal.before, horizontal.after)
