package org.kotangent.bench.kotangent

import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.bench.Model
import org.kotangent.bench.Named
import org.kotangent.dsl.Batch
import org.kotangent.dsl.Network
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow

/** The network of a model. */
fun networkOf(model: Model): Network = when (model) {
    is Model.LeNet -> lenet
    is Model.Mlp -> mlp(model.widths())
}

/** LeNet-5 with batch normalisation, as in [Model.LeNet]. */
val lenet: Network by lazy {
    network(input(1, 28, 28)) {
        conv(6, kernel = 5)
        relu()
        batchNorm()
        maxPool(2)
        conv(16, kernel = 5)
        relu()
        batchNorm()
        maxPool(2)
        flatten()
        dense(120)
        relu()
        batchNorm()
        dense(84)
        relu()
        batchNorm()
        dense(10)
    }.orThrow()
}

/** Dense layers of these [widths] with relu between. */
fun mlp(widths: List<Int>): Network = network(input(widths.first())) {
    widths.subList(1, widths.size - 1).forEach {
        dense(it)
        relu()
    }
    dense(widths.last())
}.orThrow()

/** The tensors of these arrays, by name. */
fun paramsOf(named: List<Named>): Params = Params.of(named.associate { it.name() to tensorOf(it) })

/** The tensor of this array. */
fun tensorOf(named: Named): Tensor = Tensor.of(Shape.of(*named.shape()), *named.numbers())

/** The batch of this model. */
fun batchOf(model: Model): Batch = Batch(tensorOf(model.input()), Tensor.of(*model.labels()))

/** The numbers of each parameter. */
fun numbersOf(params: Params): Map<String, DoubleArray> = params.toMap().mapValues { (_, tensor) -> numbersOf(tensor) }

/** The numbers of a tensor. */
fun numbersOf(tensor: Tensor): DoubleArray = tensor.toFloats().map { it.toDouble() }.toDoubleArray()
