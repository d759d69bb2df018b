package org.kotangent.bench.kotangent

import org.kotangent.ad.Shape
import org.kotangent.ad.internal.Hot
import org.kotangent.bench.Digits
import org.kotangent.bench.Model
import org.kotangent.bench.Task
import org.kotangent.bench.Task.Purpose
import org.kotangent.bench.ThisProcess
import org.kotangent.bench.Work
import org.kotangent.dsl.Batches
import org.kotangent.dsl.Dataset
import org.kotangent.dsl.TrainState
import org.kotangent.dsl.Training
import org.kotangent.dsl.mnist
import org.kotangent.dsl.sgd
import org.kotangent.dsl.softmaxCrossEntropy
import org.kotangent.dsl.training
import org.kotangent.ops.Key

/** The training of a model, and its first state with the model's parameters. */
private fun trainingOf(model: Model): Pair<Training, TrainState> {
    val training = training(networkOf(model), softmaxCrossEntropy, sgd(Model.RATE.toDouble()), Key.of(1))
    return training to training.initial().copy(params = paramsOf(model.parameters()))
}

/** A step of the training fold. */
class FoldWork(model: Model) : Work.Repeated {
    private val batch = batchOf(model)
    private val training: Training
    private var state: TrainState

    init {
        val (training, initial) = trainingOf(model)
        this.training = training
        state = initial
    }

    override fun settle() = Hot.await()

    override fun run() {
        state = training.step(state, batch)
    }

    override fun resultBytes(): Long = (state.params.tensors() + state.layerState.tensors()).sumOf { it.size() * 4L }

    override fun results(): Map<String, DoubleArray> {
        repeat(3) { run() }
        return numbersOf(state.params)
    }
}

/** The first compiled step of LeNet in this process. */
fun firstStep(report: Work.Report) {
    val start = System.nanoTime()
    NetworkWork(Task.OfNetwork(Model.LeNet(64), Purpose.STEP), AsPlan).run()
    report.add("first", (System.nanoTime() - start) * 1e-9)
    report.add("since-start", ThisProcess.age())
}

/** Training of LeNet over 60,000 digits that are kept as bytes. */
object Digits60000 {
    private const val BATCH = 64
    private const val STEPS = 500

    private fun load(): Dataset =
        System.getProperty("bench.data")?.let { mnist(it).train } ?: Digits.load().let { made ->
            Dataset.ofBytes(
                made.images(),
                IntArray(Digits.COUNT) {
                    made.labels()[it].toInt()
                },
                Shape.of(1, 28, 28),
                10,
            )
        }

    /** Two epochs: the first from the start of the process, files included, the second when all is warm. */
    fun epochs(report: Work.Report) {
        val (training, initial) = trainingOf(Model.LeNet(BATCH))
        val batches = load().epochs(2, BATCH, Key.of(1))
        val first = batches.take(batches.perEpoch)
        val (loss, middle) = first.meanLoss(training, initial)
        report.add("cold-loss", loss)
        report.add("cold", ThisProcess.age())
        val start = System.nanoTime()
        report.add("warm-loss", batches.drop(batches.perEpoch).meanLoss(training, middle).first)
        report.add("warm", (System.nanoTime() - start) * 1e-9)
    }

    /** Some steps; the peak of memory is looked at afterwards. */
    fun memory(report: Work.Report) {
        val (training, initial) = trainingOf(Model.LeNet(BATCH))
        report.add("loss", load().epochs(1, BATCH, Key.of(1)).take(STEPS).meanLoss(training, initial).first)
    }

    private fun Batches.meanLoss(training: Training, from: TrainState): Pair<Double, TrainState> {
        var sum = 0.0
        val end = training.over(this, from).onEach { sum += it.loss }.last()
        return sum / size to end
    }
}
