package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Network
import org.kotangent.dsl.grad
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.dsl.vmap
import org.kotangent.ops.Key
import org.kotangent.ops.Loss
import org.kotangent.ops.Shapes
import org.kotangent.spec.laws.Sampler
import org.kotangent.spec.laws.requireSameBits
import org.kotangent.spec.seed
import kotlin.random.Random

private const val EXAMPLES = 5

private val dense: Network = network(input(6), DType.F64) {
    dense(8); tanh()
    dense(4); relu()
    dense(3)
}.orThrow()

private val convolutional: Network = network(input(1, 12, 12), DType.F64) {
    conv(3, kernel = 3); relu(); maxPool(2)
    conv(4, kernel = 2); relu(); avgPool(2)
    flatten()
    dense(6); relu()
    dense(3)
}.orThrow()

/** The gradient of each example's loss, all at once: those of clipping, of influence, of privacy. */
class PerExampleGradientSpec :
    FunSpec({
        for ((name, model) in mapOf("a dense network" to dense, "a convolutional network" to convolutional)) {
            test(name) {
                val sampler = Sampler(Random(seed))
                val p = model.init(Key.of(3))
                val x = sampler.tensor(Shape.of(EXAMPLES, 1, *model.input.toArray())) // each a batch of one
                val labels = sampler.indices(Shape.of(EXAMPLES, 1), 0..2)

                fun loss(q: Params, image: Tensor, label: Tensor) = Loss.meanSoftmaxCrossEntropy(model(q, image), label)
                val all = vmap(x to labels) { (image, label) -> grad(p) { loss(it, image, label) } }
                all.paths() shouldBe p.paths()
                for (k in 0 until EXAMPLES) {
                    val one = grad(p) { loss(it, Shapes.at(x, k, 0), Shapes.at(labels, k, 0)) }
                    for (path in p.paths()) {
                        requireSameBits(
                            "$path of example $k",
                            listOf(Shapes.at(all.get(path), k, 0)),
                            listOf(one.get(path)),
                        )
                    }
                }
            }
        }
    })
