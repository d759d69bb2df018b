package org.kotangent.dsl

import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key
import org.kotangent.ops.Random
import kotlin.math.sqrt

/**
 * How the first numbers of a parameter are drawn: a pure function of a key.
 *
 * Weights of convolutions and dense layers start as [fanInUniform], biases at zero. In front of batch normalisation the
 * size of the weights changes no value, but small ones turn faster under the same rate. In deep networks without
 * normalisation, [heUniform] keeps the variance of what flows through ReLUs, [glorotUniform] through tanh.
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

        /**
         * Uniform in ±1/√inputs, of variance 1 / (3·inputs), as PyTorch starts its layers. Source: Glorot and Bengio
         * 2010, eq. 1.
         */
        @JvmField
        public val fanInUniform: Initialiser = Uniform("fanInUniform") { 1.0 / (3 * it.input) }

        /** Uniform in ±√(6 / inputs), of variance 2 / inputs. Source: He et al. 2015, eq. 10. */
        @JvmField
        public val heUniform: Initialiser = Uniform("heUniform") { 2.0 / it.input }

        /** Normal with mean 0 and variance 2 / inputs. Source: He et al. 2015, eq. 10. */
        @JvmField
        public val heNormal: Initialiser = Normal("heNormal") { 2.0 / it.input }

        /**
         * Uniform in ±√(6 / (inputs + outputs)), of variance 2 / (inputs + outputs). Source: Glorot and Bengio 2010,
         * eq. 16.
         */
        @JvmField
        public val glorotUniform: Initialiser = Uniform("glorotUniform") { 2.0 / (it.input + it.output) }

        /** Normal with mean 0 and variance 2 / (inputs + outputs). Source: Glorot and Bengio 2010, eq. 12. */
        @JvmField
        public val glorotNormal: Initialiser = Normal("glorotNormal") { 2.0 / (it.input + it.output) }

        /** All numbers equal. */
        @JvmStatic
        public fun constant(value: Double): Initialiser = Constant(value)
    }
}

private data class Constant(val value: Double) : Initialiser {
    override fun sample(key: Key, spec: Spec, fans: Fans): Tensor = Tensor.full(spec, value)
}

/** A uniform distribution on ±a has the variance a²/3. */
private class Uniform(private val name: String, private val variance: (Fans) -> Double) : Initialiser {
    override fun sample(key: Key, spec: Spec, fans: Fans): Tensor {
        val bound = sqrt(3 * variance(fans))
        return Random.uniform(key, -bound, bound, spec.dtype(), *spec.shape().toArray())
    }

    override fun toString(): String = name
}

private class Normal(private val name: String, private val variance: (Fans) -> Double) : Initialiser {
    override fun sample(key: Key, spec: Spec, fans: Fans): Tensor =
        Random.normal(key, 0.0, sqrt(variance(fans)), spec.dtype(), *spec.shape().toArray())

    override fun toString(): String = name
}
