package org.kotangent.spec.conformance

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Optimiser
import org.kotangent.dsl.Update
import org.kotangent.dsl.adam
import org.kotangent.dsl.sgd
import org.kotangent.dsl.then
import org.kotangent.dsl.times
import org.kotangent.dsl.weightDecay
import kotlin.math.pow
import kotlin.math.sqrt

private const val DOMAIN = "ai.onnx.preview.training"
private const val FACTOR = "Nesterov's momentum with a factor on the gradient"

/**
 * One step of an optimiser: inputs are the rate R, the count T of steps made, then all parameters, all gradients and
 * every state of all parameters. L2 regularisation comes first as weight decay.
 */
internal val optimiserOperators: Map<String, Operator> =
    operators {
        outputs(
            "$DOMAIN.Momentum",
            limit = { FACTOR.takeIf { isNesterov() && gradientFactor() != 1.0 } },
        ) {
            val momentum = sgd(this[0].item(), float("alpha", 0.0), isNesterov())
            val (parameters, gradients, velocities) = groups(3)
            val factor = gradientFactor()
            val decay = weightDecay(float("norm_coefficient", 0.0) * factor)
            val state = steps(0).merge(velocities.prefixed("velocity"))
            val update = (decay then momentum).step(gradients * factor, state, parameters)
            (parameters + update.updates).tensors() + update.state.under("second.velocity").tensors()
        }
        outputs("$DOMAIN.Adam") {
            val (beta1, beta2) = float("alpha", 0.9) to float("beta", 0.999)
            val made = this[1].item()
            val (parameters, gradients, means, squares) = groups(4)
            val correction = if (made > 0) sqrt(1 - beta2.pow(made)) else 1.0
            val adam = adam(this[0].item(), beta1, beta2, float("epsilon", 0.0) / correction)
            val decay = weightDecay(float("norm_coefficient", 0.0))
            val state = steps(if (made > 0) made.toInt() - 1 else UNCORRECTED)
            val all = state.merge(means.prefixed("mean")).merge(squares.prefixed("square"))
            val update = (decay then adam).step(gradients, all, parameters)
            val next = (parameters + update.updates) * (1 - float("norm_coefficient_post", 0.0))
            next.tensors() + listOf("mean", "square").flatMap { update.state.under("second.$it").tensors() }
        }
    }

/** So many steps that the correction of the first ones, which the standard leaves out at T = 0, is no more. */
private const val UNCORRECTED = 1_000_000_000

private fun OnnxNode.isNesterov(): Boolean = string("mode", "standard") == "nesterov"

private fun OnnxNode.gradientFactor(): Double = if (this[1].item() > 0) float("beta", 1.0) else 1.0

/** The inputs after R and T in [count] groups, each with an entry for every parameter. */
private fun OnnxNode.groups(count: Int): List<Params> = inputs
    .drop(2)
    .filterNotNull()
    .let { all -> all.chunked(all.size / count) }
    .map { group -> group.foldIndexed(Params.of()) { i, params, tensor -> params.with("p$i", tensor) } }

private fun steps(made: Int): Params = Params.of("step", Tensor.of(Shape.scalar(), *intArrayOf(made)))

/** A step of the second of two optimisers, of which the first has no state. */
private fun Optimiser.step(gradients: Params, state: Params, parameters: Params): Update =
    update(gradients, state.prefixed("second"), parameters)
