package org.kotangent.spec.conformance

import org.kotangent.ad.DType
import org.kotangent.ad.Tensor
import org.kotangent.ops.Axes
import org.kotangent.ops.Elementary
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes

/** Normalisation, softmax and losses. */
internal val statisticalOperators: Map<String, Operator> =
    operators {
        normalisations()
        softmaxes()
        losses()
    }

private fun Operators.normalisations() {
    outputs("BatchNormalization") {
        val (x, scale, bias) = Triple(this[0], this[1], this[2])
        val (mean, variance) = this[3] to this[4]
        val epsilon = float("epsilon", 1e-5)
        if (flag("training_mode")) {
            val momentum = float("momentum", 0.9)
            val batch = Nn.batchNorm(x, scale, bias, epsilon)
            listOf(
                batch.y(),
                mean * momentum + batch.mean() * (1 - momentum),
                variance * momentum + batch.variance() * (1 - momentum),
            )
        } else {
            listOf(Nn.batchNorm(x, scale, bias, mean, variance, epsilon))
        }
    }
    outputs("LayerNormalization") {
        val (x, axes) = this[0] to trailingAxes()
        val mean = Reduce.mean(x, axes)
        val deviation = Elementary.sqrt(Reduce.variance(x, axes) + float("epsilon", 1e-5))
        val y = (x - mean) / deviation * this[1]
        listOf(optional(2)?.let { y + it } ?: y, mean, Elementary.reciprocal(deviation))
    }
    operator("RMSNormalization") {
        val meanSquare = Reduce.mean(Elementary.square(this[0]), trailingAxes())
        this[0] / Elementary.sqrt(meanSquare + float("epsilon", 1e-5)) * this[1]
    }
    operator("InstanceNormalization") {
        val x = this[0]
        standardised(x, float("epsilon", 1e-5)) * perChannel(this[1], x) + perChannel(this[2], x)
    }
    operator("GroupNormalization") {
        val x = this[0]
        val groups = int("num_groups", 1)
        val dims = x.shape().toArray()
        val grouped = standardised(Shapes.reshape(x, x.dim(0), groups, -1), float("epsilon", 1e-5))
        if (opset < 21) {
            Shapes.reshape(grouped * perChannel(this[1], grouped) + perChannel(this[2], grouped), *dims)
        } else {
            Shapes.reshape(grouped, *dims) * perChannel(this[1], x) + perChannel(this[2], x)
        }
    }
    operator("MeanVarianceNormalization") {
        val axes = Axes.keep(*(ints("axes") ?: intArrayOf(0, 2, 3)))
        (this[0] - Reduce.mean(this[0], axes)) / (Reduce.std(this[0], axes) + 1e-9)
    }
    operator("LpNormalization") {
        val axis = int("axis", -1)
        val axes = Axes.keep(int("axis", -1))
        val norm = if (int("p", 2) == 1) Reduce.sum(Elementary.abs(this[0]), axes) else Reduce.norm(this[0], axes)
        this[0] / Elementary.where(Elementary.equal(norm, norm.like(0.0)), norm.like(1.0), norm)
    }
}

private fun Operators.softmaxes() {
    operator("Softmax") { Nn.softmax(this[0], *softmaxAxes()) }
    operator("LogSoftmax") { Nn.logSoftmax(this[0], *softmaxAxes()) }
    outputs(
        "Dropout",
        limit = { "random numbers of another generator".takeIf { dropoutRatio() > 0 } },
    ) { listOf(this[0], Elementary.equal(this[0].to(DType.F64), this[0].to(DType.F64))) }
}

/** The axes from the one that is named on. */
private fun OnnxNode.trailingAxes(): Axes = this[0].axis(int("axis", -1)).let { first ->
    Axes.keep(*IntArray(this[0].rank() - first) { first + it })
}

/** Mean 0 and variance 1 over all axes but the first two. */
private fun standardised(x: Tensor, epsilon: Double): Tensor {
    val axes = Axes.keep(*x.spatialAxes())
    return (x - Reduce.mean(x, axes)) / Elementary.sqrt(Reduce.variance(x, axes) + epsilon)
}

/** [c] → [c, 1, …], to stand beside x: [n, c, …]. */
private fun perChannel(v: Tensor, x: Tensor): Tensor = Shapes.reshape(v, -1, *IntArray(x.rank() - 2) { 1 })

/** Before version 13 everything from the axis on is one vector. */
private fun OnnxNode.softmaxAxes(): IntArray {
    val x = this[0]
    if (opset >= 13) return intArrayOf(int("axis", -1))
    val first = x.axis(int("axis", 1))
    return IntArray(x.rank() - first) { first + it }
}

/** The probability of dropping a number; 0 outside training. */
private fun OnnxNode.dropoutRatio(): Double {
    val training = optional(2)?.toBooleans()?.single() ?: false
    return if (training) optional(1)?.item() ?: 0.5 else 0.0
}

private fun Operators.losses() {
    outputs("SoftmaxCrossEntropyLoss") {
        val each = Loss.softmaxCrossEntropy(this[0], existing(this[1]))
        listOf(reduced(each, this[1]), Nn.logSoftmax(this[0], 1))
    }
    operator("NegativeLogLikelihoodLoss") {
        val x = this[0]
        val chosen = isClass(existing(this[1]), x.dim(1), 1)
        reduced(-Reduce.sum(Elementary.where(chosen, x, x.like(0.0)), 1), this[1])
    }
}

private fun OnnxNode.ignored(labels: Tensor): Tensor? =
    if (hasAttribute("ignore_index")) Elementary.equal(labels, labels.like(int("ignore_index", 0).toDouble())) else null

/** The labels with a class that exists where they are to be ignored. */
private fun OnnxNode.existing(labels: Tensor): Tensor =
    ignored(labels)?.let { Elementary.where(it, labels.like(0.0), labels) } ?: labels

/** The losses weighted by the class of their label, 0 where it is ignored, and reduced as the node says. */
private fun OnnxNode.reduced(each: Tensor, labels: Tensor): Tensor {
    val ones = Tensor.full(each.spec(), 1.0)
    val byClass = optional(2)?.let { Shapes.gather(it, existing(labels), 0) } ?: ones
    val weights = ignored(labels)?.let { Elementary.where(it, byClass.like(0.0), byClass) } ?: byClass
    return when (string("reduction", "mean")) {
        "none" -> each * weights
        "sum" -> Reduce.sum(each * weights)
        else -> Reduce.sum(each * weights) / Reduce.sum(weights)
    }
}
