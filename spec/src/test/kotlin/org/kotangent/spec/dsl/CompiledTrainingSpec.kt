package org.kotangent.spec.dsl

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.dsl.Network
import org.kotangent.dsl.NetworkScope
import org.kotangent.dsl.TrainState
import org.kotangent.dsl.adam
import org.kotangent.dsl.embeddedDigits
import org.kotangent.dsl.epochs
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.dsl.softmaxCrossEntropy
import org.kotangent.dsl.training
import org.kotangent.ops.Key
import org.kotangent.spec.warningsOf

/** Networks train in compiled steps as they do one operation at a time, bit for bit. */
class CompiledTrainingSpec :
    FunSpec({
        val batches = embeddedDigits(train = 100, test = 10).train.epochs(1, batch = 32, key = Key.of(1)).toList()

        fun ofDigits(layers: NetworkScope.() -> Unit) = network(input(1, 28, 28), DType.F32, layers).orThrow()

        val networks: Map<String, Network> = mapOf(
            "LeNet with batch normalisation" to lenet(),
            "dense layers" to ofDigits { flatten(); dense(64); relu(); dense(48); tanh(); dense(10) },
        )

        for ((name, network) in networks) {
            test(name) {
                val learn = training(network, softmaxCrossEntropy, adam(1e-3), Key.of(2))
                lateinit var compiled: List<TrainState>
                warningsOf { compiled = learn.over(batches.asSequence()).toList() }.shouldBeEmpty()
                val eager = learn.eager().over(batches.asSequence()).toList()
                compiled.size shouldBe batches.size
                compiled.zip(eager) { a, b ->
                    a.params.contentEquals(b.params).shouldBeTrue()
                    a.layerState.contentEquals(b.layerState).shouldBeTrue()
                    a.optimiserState.contentEquals(b.optimiserState).shouldBeTrue()
                    a.metrics shouldBe b.metrics
                }
            }
        }
    })
