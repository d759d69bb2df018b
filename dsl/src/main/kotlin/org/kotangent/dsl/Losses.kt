package org.kotangent.dsl

import org.kotangent.ad.Tensor
import org.kotangent.ops.Loss

/**
 * What training makes small: a scalar, the mean over all examples of how far scores are from what is expected. Any
 * differentiable function of the two is one.
 */
public typealias LossFunction = (scores: Tensor, labels: Tensor) -> Tensor

/**
 * Mean cross-entropy, in nats, of the softmax of scores `[n, classes, …]` against labels I32 `[n, …]`, or against one-hot
 * or soft targets `[n, classes, …]`; see [Loss.softmaxCrossEntropy].
 */
public val softmaxCrossEntropy: LossFunction = Loss::meanSoftmaxCrossEntropy

/**
 * Mean cross-entropy, in nats, of the sigmoid of scores against probabilities of the same shape; see
 * [Loss.binaryCrossEntropyWithLogits].
 */
public val sigmoidCrossEntropy: LossFunction = Loss::meanBinaryCrossEntropyWithLogits

/** Mean of the squared differences of predictions and targets of the same shape; see [Loss.squaredError]. */
public val meanSquaredError: LossFunction = Loss::meanSquaredError
