package org.kotangent.bench.kotangent

import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.bench.Model
import org.kotangent.bench.Task
import org.kotangent.bench.Task.Purpose
import org.kotangent.bench.Work

private const val ENOUGH = 0.5

/** Seconds until the kernels of a network have been compiled. */
private const val WARM_UP = 5.0

/**
 * How cost grows: a compiled step of LeNet with the batch, one of a dense network with its depth, the first call of that,
 * and an eager gradient with the length of a chain of operations.
 */
fun curves(report: Work.Report) {
    step(Model.LeNet(64)).let { best(WARM_UP) { it.run() } }
    for (batch in listOf(16, 32, 64, 128, 256, 512)) {
        val step = step(Model.LeNet(batch))
        report.add("batch/$batch", best { step.run() })
    }
    for (depth in listOf(4, 8, 16, 32, 64, 128)) {
        val model = Model.Mlp(64, List(depth + 1) { if (it == depth) 10 else 64 })
        val step = step(model)
        val first = seconds { step.run() }
        report.add("depth/$depth", best { step.run() })
        report.add("compile/$depth", minOf(first, seconds { step(model).run() }))
    }
    for (length in listOf(1_000, 10_000, 100_000, 1_000_000)) {
        report.add("chain/$length", best { gradientOfChain(length) })
    }
}

private fun step(model: Model) = NetworkWork(Task.OfNetwork(model, Purpose.STEP), AsPlan)

private fun gradientOfChain(length: Int): Double = Ad.grad<Tensor> { x ->
    var y = x
    repeat(length) { y = y.plus(x) }
    y
}.apply(Tensor.scalar(1.0)).item()

/** Seconds of the fastest run, once enough of them were made. */
private fun best(enough: Double = ENOUGH, run: () -> Unit): Double {
    val start = System.nanoTime()
    var best = Double.MAX_VALUE
    var runs = 0
    while (runs < 3 || (System.nanoTime() - start) * 1e-9 < enough) {
        best = minOf(best, seconds(run))
        runs++
    }
    return best
}

private fun seconds(run: () -> Unit): Double {
    val start = System.nanoTime()
    run()
    return (System.nanoTime() - start) * 1e-9
}
