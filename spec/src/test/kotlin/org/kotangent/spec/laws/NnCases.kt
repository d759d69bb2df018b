package org.kotangent.spec.laws

import org.kotangent.ad.Shape
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d

/** Operations of neural networks. */
val nnCases: List<Case> = cases("Nn") {
    one("linear", large = { dense(64, 300, 120) }) { dense(2, 3, 2) }
    one("linear", "fields") {
        listOf(tensor(2, 2, 3), tensor(3, 2), tensor(2)) through { (x, w, b) -> Nn.linear(x, w, b) }
    }

    one("conv2d", "the standard one") {
        listOf(tensor(2, 2, 4, 3), tensor(2, 2, 2, 2)) through
            { (x, w) -> Nn.conv2d(x, w) }
    }
    one("conv2d", "any window", large = {
        listOf(tensor(9, 3, 30, 31), tensor(5, 3, 3, 3)) through { (x, w) ->
            Nn.conv2d(x, w, Conv2d.standard().stride(2).padding(1, 0, 0, 1))
        }
    }) {
        val conv = convolution()
        listOf(tensor(2, 2, 5, 4), tensor(2, 2 / conv.groups(), 2, 2)) through { (x, w) -> Nn.conv2d(x, w, conv) }
    }
    one("conv2d", "with a bias", large = {
        listOf(tensor(20, 3, 28, 28), tensor(6, 3, 5, 5), tensor(6)) through { (x, w, b) ->
            Nn.conv2d(x, w, b, Conv2d.standard())
        }
    }) {
        val conv = convolution()
        listOf(tensor(1, 2, 4, 5), tensor(2, 2 / conv.groups(), 1, 2), tensor(2)) through { (x, w, b) ->
            Nn.conv2d(x, w, b, conv)
        }
    }
    one("conv2d", "no images") { listOf(tensor(0, 1, 3, 3), tensor(2, 1, 2, 2)) through { (x, w) -> Nn.conv2d(x, w) } }

    one("maxPool2d", large = {
        distinct(Shape.of(9, 4, 28, 28)) through { (x) -> Nn.maxPool2d(x, Pool2d.of(3).stride(2)) }
    }) {
        val pool = pooling()
        distinct(Shape.of(2, 2, 5, 4)) through { (x) -> Nn.maxPool2d(x, pool) }
    }
    one("avgPool2d", large = {
        tensor(9, 4, 28, 28) through { (x) -> Nn.avgPool2d(x, Pool2d.of(3).stride(2)) }
    }) {
        val pool = pooling().countPadding(flip())
        tensor(2, 1, 5, 4) through { (x) -> Nn.avgPool2d(x, pool) }
    }

    many("batchNorm", "its own statistics", large = {
        batchNorm(Shape.of(64, 7, 15, 14))
    }) { batchNorm(Shape.of(3, 2)) }
    many("batchNorm", "its own statistics, images") { batchNorm(Shape.of(2, 2, 2, 3)) }
    one("batchNorm", "given statistics", large = { normalisation(Shape.of(64, 7, 15, 14)) }) {
        normalisation(pick(Shape.of(3, 2), Shape.of(2, 2, 2, 3)))
    }

    one("softmax", large = { tensor(700, 101) through { (x) -> Nn.softmax(x, 1) } }) {
        val shape = shape()
        val axes = axes(shape.rank())
        tensor(shape) through { (x) -> Nn.softmax(x, *axes) }
    }
    one("logSoftmax", large = { tensor(700, 101) through { (x) -> Nn.logSoftmax(x, 1) } }) {
        val shape = shape()
        val axes = axes(shape.rank())
        tensor(shape) through { (x) -> Nn.logSoftmax(x, *axes) }
    }
}

private fun Sampler.dense(batch: Int, inputs: Int, outputs: Int) =
    listOf(tensor(batch, inputs), tensor(inputs, outputs), tensor(outputs)) through { (x, w, b) -> Nn.linear(x, w, b) }

private fun Sampler.convolution(): Conv2d = Conv2d
    .standard()
    .stride(int(1..2), int(1..3))
    .padding(int(0..2), int(0..1), int(0..1), int(0..2))
    .dilation(int(1..2), int(1..2))
    .groups(int(1..2))

/** A window that sees at least one pixel wherever it is. */
private fun Sampler.pooling(): Pool2d {
    val height = int(1..2)
    return Pool2d
        .of(height, int(2..3))
        .stride(int(1..2), int(1..2))
        .padding(0, int(0 until height), int(0..1), 0)
        .dilation(int(1..2), 1)
        .ceil(flip())
}

private fun Sampler.batchNorm(shape: Shape): Problem {
    val channels = shape.dim(1)
    return Problem(listOf(tensor(shape), tensor(channels), tensor(channels))) { (x, gamma, beta) ->
        val (y, mean, variance) = Nn.batchNorm(x, gamma, beta, 0.1)
        listOf(y, mean, variance)
    }
}

private operator fun Nn.BatchNormed.component1() = y()

private operator fun Nn.BatchNormed.component2() = mean()

private operator fun Nn.BatchNormed.component3() = variance()

private fun Sampler.normalisation(shape: Shape): Single {
    val channels = shape.dim(1)
    val statistics = listOf(tensor(channels), tensor(channels, domain = positive))
    return (listOf(tensor(shape), tensor(channels), tensor(channels)) + statistics) through
        { (x, gamma, beta, mean, variance) -> Nn.batchNorm(x, gamma, beta, mean, variance, 1e-3) }
}
