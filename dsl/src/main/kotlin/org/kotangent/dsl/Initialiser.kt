package org.kotangent.dsl

import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key
import org.kotangent.ops.Random
import kotlin.math.sqrt

/**
 * How the first numbers of a parameter are drawn: a pure function of a key.
 *
 * Weights of `conv` and `dense` start as [heUniform], which keeps the variance of what flows through a network of ReLUs;
 * biases start at zero. With saturating activations (tanh, sigmoid) [glorotUniform] is the better choice.
 */
public fun interface Initialiser {
    /** The numbers of a parameter of the given spec that connects so many numbers. */
    public fun sample(key: Key, spec: Spec, fans: Fans): Tensor

    public companion object {
        /** All numbers 0. */
        @JvmField
        public val zeros: Initialiser = constant(0.0)

        /** All numbers 1. */
        @JvmField
        public val ones: Initialiser = constant(1.0)

        /** Uniform in ±√(6 / inputs), of variance 2 / inputs. Source: He et al. 2015, eq. 10. */
        @JvmField
        public val heUniform: Initialiser = uniform { 2.0 / it.input }

        /** Normal with mean 0 and variance 2 / inputs. Source: He et al. 2015, eq. 10. */
        @JvmField
        public val heNormal: Initialiser = normal { 2.0 / it.input }

        /** Uniform in ±√(6 / (inputs + outputs)), of variance 2 / (inputs + outputs). Source: Glorot and Bengio 2010, eq. 16. */
        @JvmField
        public val glorotUniform: Initialiser = uniform { 2.0 / (it.input + it.output) }

        /** Normal with mean 0 and variance 2 / (inputs + outputs). Source: Glorot and Bengio 2010, eq. 12. */
        @JvmField
        public val glorotNormal: Initialiser = normal { 2.0 / (it.input + it.output) }

        /** All numbers equal. */
        @JvmStatic
        public fun constant(value: Double): Initialiser = Initialiser { _, spec, _ -> Tensor.full(spec, value) }

        /** A uniform distribution on ±a has the variance a²/3. */
        private fun uniform(variance: (Fans) -> Double) = Initialiser { key, spec, fans ->
            val bound = sqrt(3 * variance(fans))
            Random.uniform(key, -bound, bound, spec.dtype(), *spec.shape().toArray())
        }

        private fun normal(variance: (Fans) -> Double) = Initialiser { key, spec, fans ->
            Random.normal(key, 0.0, sqrt(variance(fans)), spec.dtype(), *spec.shape().toArray())
        }
    }
}
