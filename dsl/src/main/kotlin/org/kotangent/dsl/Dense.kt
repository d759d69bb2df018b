package org.kotangent.dsl

import org.kotangent.ad.Core
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn

/**
 * A fully connected layer.
 *
 * y = x·W + b. `[batch, in] → [batch, units]`. Parameters: `weight` `[in, units]`, drawn by [weights], and `bias`
 * `[units]`, starting at zero. Source: Boué 2018, §3.
 *
 * @property units size of the output
 * @property bias whether b is added
 * @property weights how W starts
 */
public data class Dense
@JvmOverloads
constructor(
    val units: Int,
    val bias: Boolean = true,
    val weights: Initialiser = Initialiser.fanInUniform,
) : Layer {
    override val kind: String get() = "dense"

    override fun label(input: Outline): String = "dense ${input.size(0).takeIf {
        input.mayHaveRank(1)
    } ?: "?"}→$units${if (bias) "" else ", no bias"}"

    override fun check(input: Outline, at: Place): Checked {
        val label = label(input)
        return Checked(
            listOfNotNull(
                at.argument(units > 0, label, "units must be positive", "units: $units", "use at least 1"),
                at.input(
                    input.mayHaveRank(1),
                    label,
                    "input must be a vector",
                    input,
                    "put flatten() before it",
                ),
            ),
            Outline.of(units.takeIf { it > 0 }),
        )
    }

    override fun parameters(input: Shape): List<Parameter> = listOfNotNull(
        Parameter("weight", Shape.of(input.dim(0), units), weights),
        Parameter("bias", Shape.of(units)).takeIf { bias },
    )

    override fun receptiveField(input: ReceptiveField): ReceptiveField = ReceptiveField.Whole

    override fun flops(input: Shape): Long = (2L * input.dim(0) + (if (bias) 1 else 0)) * units

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied {
        val weight = params["weight"]
        return Applied(if (bias) Nn.linear(x, weight, params["bias"]) else Linalg.matmul(x, weight), state)
    }
}

/** Each example as a vector, in row-major order. `[batch, …] → [batch, product of …]` */
public data object Flatten : Layer {
    override val kind: String get() = "flatten"

    override fun check(input: Outline, at: Place): Checked = Checked(emptyList(), Outline.of(input.shape()?.size()))

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied =
        Applied(Core.reshape(x, Shape.of(x.dim(0), x.shape().drop(0).size())), state)
}
