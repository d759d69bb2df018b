package org.kotangent.spec.laws

import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Loss

/** Losses. */
val lossCases: List<Case> = cases("Loss") {
    val probability = between(0.1, 0.9)

    fun classification(method: String, f: (Tensor, Tensor) -> Tensor) {
        fun Sampler.labelled(n: Int, classes: Int, vararg field: Int): Single {
            val labels = indices(Shape.of(n, *field), 0 until classes)
            return listOf(tensor(n, classes, *field), labels) through { (x, label) -> f(x, label) }
        }

        fun Sampler.targeted(shape: Shape) =
            listOf(tensor(shape), tensor(shape, probability)) through { (x, t) -> f(x, t) }
        one(method, "labels", large = { labelled(2_000, 40) }) { labelled(int(1..3), 4) }
        one(method, "labels of fields") { labelled(2, 3, 2, 2) }
        one(method, "targets", large = { targeted(Shape.of(2_000, 40)) }) { targeted(Shape.of(3, 4)) }
        one(method, "targets of fields") { targeted(Shape.of(2, 3, 2)) }
    }
    classification("softmaxCrossEntropy", Loss::softmaxCrossEntropy)
    classification("meanSoftmaxCrossEntropy", Loss::meanSoftmaxCrossEntropy)

    fun elementwise(
        method: String,
        target: Domain,
        draw: Sampler.() -> Shape = {
            shape()
        },
        f: (Tensor, Tensor) -> Tensor,
    ) {
        fun Sampler.pair(shape: Shape) = listOf(tensor(shape), tensor(shape, target)) through { (x, t) -> f(x, t) }
        one(method, large = { pair(Shape.of(70_001)) }) { pair(draw()) }
    }
    elementwise("squaredError", anywhere, f = Loss::squaredError)
    elementwise("meanSquaredError", anywhere, draw = { filledShape() }, f = Loss::meanSquaredError)
    elementwise("binaryCrossEntropyWithLogits", probability, f = Loss::binaryCrossEntropyWithLogits)
    elementwise("meanBinaryCrossEntropyWithLogits", probability, draw = {
        filledShape()
    }, f = Loss::meanBinaryCrossEntropyWithLogits)
}
