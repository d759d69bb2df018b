package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary

/** A function applied to each number by itself. `[batch, …] → [batch, …]` */
public sealed interface Activation : Layer {
    /** The function. */
    public fun value(x: Tensor): Tensor

    override fun check(input: Outline, at: Place): Checked = Checked(emptyList(), input)

    override fun flops(input: Shape): Long = input.size().toLong()

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied = Applied(value(x), state)
}

/** max(0, x), with derivative 0 at 0. */
public data object Relu : Activation {
    override val kind: String get() = "relu"

    override fun value(x: Tensor): Tensor = Elementary.relu(x)
}

/**
 * x where it is positive, else slope·x; its derivative at 0 is the slope. Source: Vedaldi 2022, §3.3.2.
 *
 * @property slope ε, the derivative for negative numbers
 */
public data class LeakyRelu
@JvmOverloads
constructor(val slope: Double = 0.01) : Activation {
    override val kind: String get() = "leakyRelu"

    override fun label(input: Outline): String = "leakyRelu $slope"

    override fun check(input: Outline, at: Place): Checked {
        val rule = "slope must be finite"
        val error = at.argument(
            slope.isFinite(),
            label(input),
            rule,
            "slope: $slope",
            "use a small number like 0.01",
        )
        return Checked(listOfNotNull(error), input)
    }

    override fun value(x: Tensor): Tensor = Elementary.leakyRelu(x, slope)
}

/** The logistic function 1/(1 + e⁻ˣ), without overflow. */
public data object Sigmoid : Activation {
    override val kind: String get() = "sigmoid"

    override fun value(x: Tensor): Tensor = Elementary.sigmoid(x)
}

/** The hyperbolic tangent. */
public data object Tanh : Activation {
    override val kind: String get() = "tanh"

    override fun value(x: Tensor): Tensor = Elementary.tanh(x)
}

/** ln(1 + eˣ), the soft ReLU, without overflow. */
public data object Softplus : Activation {
    override val kind: String get() = "softplus"

    override fun value(x: Tensor): Tensor = Elementary.softplus(x)
}
