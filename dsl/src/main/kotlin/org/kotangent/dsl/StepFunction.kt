package org.kotangent.dsl

import org.kotangent.ad.Arr
import org.kotangent.ad.DType
import org.kotangent.ad.Primitive
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor

/**
 * A number that ordinary code computes from the number of steps, as an operation: a compiled step computes it anew each
 * time. I32 [] → F64 []. Not differentiated.
 */
private class StepFunction(private val function: (Long) -> Double) : Primitive() {
    override fun name() = "ofStep"

    override fun attributes() = function

    override fun differentiable(i: Int) = false

    override fun infer(input: Array<Spec>) = arrayOf(Spec(DType.F64, input[0].shape()))

    override fun kernel(input: Array<Arr>, output: Array<Arr>) {
        for (i in 0 until output[0].size()) {
            output[0].set(i, function(input[0].get(i).toLong()))
        }
    }

    override fun batch(input: Array<Tensor>, batched: BooleanArray, size: Int) = arrayOf(apply(*input))
}

/** The number at this step. */
internal fun Tensor.number(function: (Long) -> Double): Tensor = StepFunction(function).apply(this)
