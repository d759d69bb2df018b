package org.kotangent.dsl

import org.kotangent.ad.Core
import org.kotangent.ad.Params
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor

/** A function applied to each number by itself. `[batch, …] → [batch, …]` */
public interface Activation : Layer {
    /** The function. */
    public fun value(x: Tensor): Tensor

    override fun check(input: Outline, at: Place): Checked = Checked(emptyList(), input)

    override fun flops(input: Shape): Long = input.size().toLong()

    override fun apply(params: Params, state: Params, x: Tensor, context: Context): Applied = Applied(value(x), state)
}

/** max(0, x), with derivative 0 at 0. */
public data object Relu : Activation {
    override val kind: String get() = "relu"

    override fun value(x: Tensor): Tensor = Core.select(ScalarOp.LESS.primitive().apply(x.like(0.0), x), x, x.like(0.0))
}
