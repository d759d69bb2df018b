package org.kotangent.spec.dsl

import org.kotangent.ad.DType
import org.kotangent.dsl.Network
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow

/** The LeNet-5 variant of Boué 2018, tables 1 and 2, without its last softmax, which the loss contains. */
internal fun lenet(dtype: DType = DType.F32): Network = network(input(1, 28, 28), dtype) {
    conv(6, kernel = 5); relu(); batchNorm(); maxPool(2)
    conv(16, kernel = 5); relu(); batchNorm(); maxPool(2)
    flatten()
    dense(120); relu(); batchNorm()
    dense(84); relu(); batchNorm()
    dense(10)
}.orThrow()
