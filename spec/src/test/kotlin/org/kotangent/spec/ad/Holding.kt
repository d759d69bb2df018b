package org.kotangent.spec.ad

import org.kotangent.ad.Arr
import org.kotangent.ad.Core
import org.kotangent.ad.Primitive
import org.kotangent.ad.Residuals
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor

/** Counts how many products are on a tape at one time: recorded, and not yet pulled back. */
class Holding {
    private var held = 0

    /** The most there were. */
    var most = 0
        private set

    fun times(a: Tensor, b: Tensor): Tensor = Product().apply(a, b)

    private inner class Product : Primitive() {
        override fun name() = "product"

        override fun infer(specs: Array<Spec>) = arrayOf(specs[0])

        override fun kernel(x: Array<Arr>, y: Array<Arr>) = y[0].set(0, x[0].get(0) * x[1].get(0))

        /** Asked once, when the product is recorded. */
        override fun needsOutput(j: Int, active: BooleanArray): Boolean {
            most = maxOf(most, ++held)
            return false
        }

        override fun vjp(residuals: Residuals, gy: Array<Tensor?>): Array<Tensor?> {
            held--
            return arrayOf(Core.mul(gy[0]!!, residuals.x(1)), Core.mul(gy[0]!!, residuals.x(0)))
        }
    }
}
