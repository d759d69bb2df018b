package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Tensor
import org.kotangent.ops.Nn

/**
 * In training, sets each number to 0 with a probability and divides the others by that of staying, so that the mean is
 * kept; in inference, the identity. `[batch, …] → [batch, …]`
 *
 * What is dropped depends on the key in the context alone. Source: Srivastava et al. 2014, §10 ("inverted").
 *
 * @property rate the probability of being dropped, in [0, 1)
 */
public data class Dropout(val rate: Double) : Layer {
    override val kind: String get() = "dropout"

    override fun label(input: Outline): String = "dropout $rate"

    override fun check(input: Outline, at: Place): Checked {
        val rule = "rate must lie in [0, 1)"
        val remedy = "use the probability of being dropped"
        val error = at.argument(rate >= 0 && rate < 1, label(input), rule, "rate: $rate", remedy)
        return Checked(listOfNotNull(error), input)
    }

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied {
        if (!context.training || rate == 0.0) return Applied(x, state)
        return Applied(Nn.dropout(x, rate, context.key), state)
    }
}
