package org.kotangent.spec.dsl

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.ops.Key

class NetworkSpec :
    FunSpec({
        test("a network names its parameters by layer and computes from them") {
            val net =
                network(input(2, 3), dtype = DType.F64) {
                    flatten()
                    dense(4)
                    relu()
                    dense(2)
                }.orThrow()
            val params = net.init(Key.of(1))
            params.paths() shouldBe listOf("dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias")
            net.parameterCount shouldBe 6 * 4 + 4 + 4 * 2 + 2
            net(params, net.state(), Tensor.zeros(DType.F64, 5, 2, 3)).shape() shouldBe Shape.of(5, 2)
        }
    })
