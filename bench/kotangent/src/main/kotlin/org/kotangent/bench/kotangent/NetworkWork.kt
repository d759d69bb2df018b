package org.kotangent.bench.kotangent

import org.kotangent.ad.Ad
import org.kotangent.ad.Params
import org.kotangent.ad.Tensor
import org.kotangent.ad.internal.Hot
import org.kotangent.bench.Model
import org.kotangent.bench.Task
import org.kotangent.bench.Task.Purpose
import org.kotangent.bench.Work
import org.kotangent.dsl.Batch
import org.kotangent.dsl.Context
import org.kotangent.dsl.softmaxCrossEntropy
import org.kotangent.ops.Key

/** What the functions of a network depend on. */
data class Given(val params: Params, val state: Params, val direction: Params, val batch: Batch)

/** What a training step computes. */
data class Stepped(val params: Params, val state: Params, val loss: Tensor)

/**
 * A network's step, inference, loss, gradient or Hessian-vector product.
 *
 * @property steps the training steps of a run, of which the last is handed out
 */
class NetworkWork(task: Task.OfNetwork, style: Style, private val steps: Int = 1) : Work.Repeated {
    private val purpose = task.purpose()
    private val network = networkOf(task.model())
    private val context = Context.training(Key.of(1))

    private var given =
        Given(
            paramsOf(task.model().parameters()),
            paramsOf(task.model().statistics()),
            paramsOf(task.model().direction()),
            batchOf(task.model()),
        )

    private val step = style.repeated(::stepped) { result: Stepped -> result.loss.item().let { after(result) } }
    private val scores = style.of { at: Given -> network(at.params, at.state, at.batch.x) }
    private val loss = style.of { at: Given -> loss(at, at.params).value() }
    private val gradient = style.of(::gradient)
    private val product =
        style.of { at: Given -> Ad.hvp({ loss(at, it).value() }, at.params, at.direction) }

    private fun loss(at: Given, params: Params): Ad.WithAux<Params> {
        val (scores, state) = network.apply(params, at.state, at.batch.x, context)
        return Ad.WithAux(softmaxCrossEntropy(scores, at.batch.labels), state)
    }

    private fun gradient(at: Given): Params = Ad.grad<Params> { loss(at, it).value() }.apply(at.params)

    private fun stepped(at: Given): Stepped {
        val result = Ad.valueGradAux<Params, Params> { loss(at, it) }.apply(at.params)
        return Stepped(at.params - result.grad() * Model.RATE.toDouble(), result.aux(), result.value())
    }

    private fun after(result: Stepped) = given.copy(params = result.params, state = result.state)

    private fun advance(steps: Int) {
        val result = step(given, steps)
        result.loss.item()
        given = after(result)
    }

    override fun operations(): Int = if (purpose == Purpose.STEP) steps else 1

    override fun settle() = Hot.await()

    override fun run() {
        when (purpose) {
            Purpose.STEP -> advance(steps)
            Purpose.INFERENCE -> scores(given)
            Purpose.LOSS -> loss(given).item()
            Purpose.GRADIENT -> gradient.invoke(given)
            Purpose.HVP -> product(given)
        }
    }

    override fun resultBytes(): Long = when (purpose) {
        Purpose.STEP -> bytes(given.params.tensors()) + bytes(given.state.tensors())
        Purpose.INFERENCE -> bytes(listOf(scores(given)))
        Purpose.LOSS -> bytes(listOf(loss(given)))
        Purpose.GRADIENT, Purpose.HVP -> bytes(given.params.tensors())
    }

    private fun bytes(tensors: List<Tensor>): Long = tensors.sumOf { it.size() * 4L }

    override fun results(): Map<String, DoubleArray> = when (purpose) {
        Purpose.STEP -> {
            repeat(3) { advance(1) }
            numbersOf(given.params)
        }

        Purpose.INFERENCE -> mapOf("scores" to numbersOf(scores(given)))

        Purpose.LOSS -> mapOf("loss" to numbersOf(loss(given)))

        Purpose.GRADIENT -> numbersOf(gradient.invoke(given))

        Purpose.HVP -> numbersOf(product(given))
    }
}
