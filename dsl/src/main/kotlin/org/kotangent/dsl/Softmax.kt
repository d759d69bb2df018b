package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Nn

/**
 * Scores as probabilities, y = eˣ/Σeˣ, over chosen axes of an example. `[batch, …] → [batch, …]`
 *
 * For training, leave it out: the cross-entropy losses take scores, which is exact where probabilities underflow.
 * Source: Vedaldi 2022, eq. 3.18.
 *
 * @property axes the axes to sum over, the batch axis not counted: 0 is that of features or channels
 */
public data class Softmax
@JvmOverloads
constructor(val axes: List<Int> = listOf(0)) : Layer {
    override val kind: String get() = "softmax"

    override fun check(input: Outline, at: Place): Checked {
        val names = axes.joinToString(", ")
        val rank = (input as? Outline.Sizes)?.rank
        val errors =
            listOfNotNull(
                at.argument(
                    axes.isNotEmpty() && axes.distinct() == axes && axes.all { it >= 0 },
                    kind,
                    "axes must be different numbers from 0",
                    "axes: [$names]",
                    "name each axis of an example once",
                ),
                at.input(
                    rank == null || axes.all { it < rank },
                    kind,
                    "input must have the axes [$names]",
                    input,
                    "count the axes of one example from 0",
                ),
            )
        return Checked(errors, input)
    }

    /** The maximum, the difference, the exponential, the sum and the quotient. */
    override fun flops(input: Shape): Long = 5L * input.size()

    override fun receptiveField(input: ReceptiveField): ReceptiveField =
        if (axes == listOf(0) && input != ReceptiveField.ofVector) input else ReceptiveField.Whole

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied =
        Applied(Nn.softmax(x, *axes.map { it + 1 }.toIntArray()), state)
}
