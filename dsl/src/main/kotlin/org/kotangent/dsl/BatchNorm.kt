package org.kotangent.dsl

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Nn

/**
 * Batch normalisation of each channel of an image, or of each feature of a vector.
 *
 * y = scale·(x − μ)/√(σ² + ε) + shift. `[batch, c, …] → [batch, c, …]`
 *
 * In training, μ and σ² are the mean and the population variance (the mean squared deviation) of the batch and all
 * positions, and the state moves towards them: r ← (1 − momentum)·r + momentum·(statistic of the batch). In inference
 * they are the state. The variance in the state is the population variance too, without Bessel's correction. Momentum is
 * thus the weight of the new batch, as in PyTorch; Keras calls 1 − momentum so.
 *
 * Parameters: `scale` `[c]`, starting at 1, and `shift` `[c]`, starting at 0. State: `mean` `[c]`, starting at 0, and
 * `variance` `[c]`, starting at 1. A channel that is constant over a batch is mapped to its shift.
 *
 * Source: Boué 2018, §5.5; Ioffe and Szegedy 2015, algorithms 1 and 2.
 *
 * @property momentum weight of a new batch in the running statistics, in [0, 1]
 * @property eps ε, which keeps the divisor away from zero
 */
public data class BatchNorm
@JvmOverloads
constructor(val momentum: Double = 0.1, val eps: Double = 1e-5) : Layer {
    override val kind: String get() = "batchNorm"

    override fun label(input: Outline): String = "batchNorm ${input.size(0) ?: "?"}"

    override fun check(input: Outline, at: Place): Checked {
        val label = label(input)
        val hasChannels = input !is Outline.Sizes || input.rank > 0
        val errors =
            listOfNotNull(
                at.argument(
                    momentum in 0.0..1.0,
                    label,
                    "momentum must lie in [0, 1]",
                    "momentum: $momentum",
                    "use the weight of a new batch, like 0.1",
                ),
                at.argument(
                    eps > 0 && eps.isFinite(),
                    label,
                    "eps must be positive",
                    "eps: $eps",
                    "use a small number like 1e-5",
                ),
                at.input(hasChannels, label, "input must have channels", input, "use it on vectors or images"),
            )
        return Checked(errors, if (hasChannels) input else Outline.Unknown)
    }

    override fun parameters(input: Shape): List<Parameter> = perChannel(input, "scale" to 1.0, "shift" to 0.0)

    override fun state(input: Shape): List<Parameter> = perChannel(input, "mean" to 0.0, "variance" to 1.0)

    private fun perChannel(input: Shape, vararg initial: Pair<String, Double>) =
        initial.map { (name, value) -> Parameter(name, Shape.of(input.dim(0)), Initialiser.constant(value)) }

    override fun flops(input: Shape): Long = 2L * input.size()

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied {
        val scale = params["scale"]
        val shift = params["shift"]
        val mean = state["mean"]
        val variance = state["variance"]
        if (!context.training) return Applied(Nn.batchNorm(x, scale, shift, mean, variance, eps), state)
        val batch = Nn.batchNorm(x, scale, shift, eps)
        val next = state.with(
            "mean",
            towards(mean, batch.mean()),
        ).with("variance", towards(variance, batch.variance()))
        return Applied(batch.y(), next)
    }

    private fun towards(running: Tensor, batch: Tensor) = running * (1 - momentum) + batch * momentum
}
