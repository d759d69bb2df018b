package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.doubles.shouldBeGreaterThan
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import org.kotangent.ad.Parallel
import org.kotangent.ad.Params
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Accuracy
import org.kotangent.dsl.Batch
import org.kotangent.dsl.Dataset
import org.kotangent.dsl.TrainState
import org.kotangent.dsl.accuracy
import org.kotangent.dsl.adam
import org.kotangent.dsl.clipByNorm
import org.kotangent.dsl.cosineDecay
import org.kotangent.dsl.digits
import org.kotangent.dsl.embeddedDigits
import org.kotangent.dsl.epochs
import org.kotangent.dsl.grad
import org.kotangent.dsl.input
import org.kotangent.dsl.meanSquaredError
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.dsl.progress
import org.kotangent.dsl.sgd
import org.kotangent.dsl.softmaxCrossEntropy
import org.kotangent.dsl.takeUntil
import org.kotangent.dsl.then
import org.kotangent.dsl.times
import org.kotangent.dsl.training
import org.kotangent.ops.Key
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.util.Locale
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TestTimeSource

/** Training is a left fold over batches: its laws, that it learns, and that nothing but its arguments matters. */
class TrainingSpec :
    FunSpec({
        val few = embeddedDigits(train = 320, test = 100)
        val lenet =
            network(input(1, 28, 28)) {
                conv(6, kernel = 5); relu(); batchNorm(); maxPool(3)
                flatten()
                dense(32); relu(); dropout(0.1)
                dense(10)
            }.orThrow()
        val batches = few.train.epochs(2, batch = 32, key = Key.of(1))
        val learn = training(lenet, softmaxCrossEntropy, clipByNorm(5.0) then adam(3e-3), Key.of(2))

        test("the fold over gradients, written out, trains") {
            val mlp = network(input(1, 28, 28)) { flatten(); dense(10) }.orThrow()
            val p0 = mlp.init(Key.of(1))
            val rate = 0.2
            fun loss(p: Params, b: Batch) = softmaxCrossEntropy(mlp(p, mlp.state(), b.x), b.labels)

            val end = batches.fold(p0) { p, b -> p - rate * grad(p) { loss(it, b) } }

            val all = few.train.all()
            loss(p0, all).item() shouldBeGreaterThan 2.0
            loss(end, all).item() shouldBeLessThan 1.5
            training(mlp, softmaxCrossEntropy, sgd(rate), Key.of(3)).let { same ->
                val start = same.initial().copy(params = p0)
                same.over(batches, from = start).last().params.contentEquals(end).shouldBeTrue()
            }
        }

        test("training over xs and then ys is training over both, bit for bit") {
            val whole = learn.over(batches).last()
            checkAll(4, Arb.int(1, batches.size - 1)) { n ->
                val half = learn.over(batches.take(n)).last()
                learn.over(batches.drop(n), from = half).last() shouldBeSame whole
            }
        }

        test("a network learns, and its running statistics with it") {
            val some = digits(2_000).epochs(4, batch = 32, key = Key.of(1))
            val quick = training(lenet, softmaxCrossEntropy, adam(cosineDecay(1e-2, steps = some.size)), Key.of(2))
            val states = quick.over(some).toList()
            states.first().loss shouldBeGreaterThan 2.0
            accuracy(lenet, states.last(), few.test).fraction shouldBeGreaterThan 0.9
            accuracy(lenet, quick.initial(), few.test).fraction shouldBeLessThan 0.5
        }

        test("the number of threads changes no bit") {
            val threads = Parallel.threads()
            try {
                val ends = listOf(1, 2, 3).map { n ->
                    Parallel.use(n)
                    learn.over(batches).last()
                }
                ends.drop(1).forEach { it shouldBeSame ends.first() }
            } finally {
                Parallel.use(threads)
            }
        }

        test("the same key gives the same bits, another key others") {
            learn.over(batches.take(3)).last() shouldBeSame learn.over(batches.take(3)).last()
            val other = training(lenet, softmaxCrossEntropy, learn.optimiser, Key.of(3))
            other.initial().params.contentEquals(learn.initial().params) shouldBe false
        }

        test("a step changes nothing it is given") {
            val state = learn.over(batches.take(1)).single()
            val copy = state.copy(
                params = state.params.map { it * 1.0 },
                layerState = state.layerState.map { it * 1.0 },
                optimiserState = state.optimiserState.map { it * 1.0 },
            )
            val batch = batches[1]
            learn.step(state, batch) shouldBeSame learn.step(state, batch)
            state shouldBeSame copy
        }

        test("states are lazy and may be walked again") {
            var drawn = 0
            val states = learn.over(batches.asSequence().onEach { drawn++ })
            drawn shouldBe 0
            val first = states.take(2).toList()
            drawn shouldBe 2
            states.take(2).toList().zip(first) { again, before -> again shouldBeSame before }
            first.map { it.step } shouldContainExactly listOf(1L, 2L)
        }

        test("no batches, no states; the first state has no metrics") {
            learn.over(emptySequence()).toList() shouldBe emptyList()
            learn.initial().metrics.shouldBeEmpty()
            learn.initial().step shouldBe 0
        }

        test("dropout differs from step to step") {
            val state = learn.initial()
            learn.step(state, batches[0]).loss shouldNotBe learn.step(state.copy(step = 1), batches[0]).loss
        }

        test("epochs are the same states, with the mean of their losses") {
            val states = learn.over(batches).toList()
            val epochs = states.asSequence().epochs(batches.perEpoch).toList()
            epochs.map { it.number } shouldContainExactly listOf(1, 2)
            epochs[1].end shouldBeSame states.last()
            epochs[0].loss shouldBe (states.take(batches.perEpoch).map { it.loss }.average() plusOrMinus 1e-12)
            states.asSequence().epochs(batches.perEpoch + 1).last().loss shouldBe
                (states.drop(batches.perEpoch + 1).map { it.loss }.average() plusOrMinus 1e-12)
            epochs[0].toString() shouldBe "epoch 1: mean loss %.4f".format(Locale.ROOT, epochs[0].loss)
            shouldThrow<IllegalArgumentException> { states.asSequence().epochs(0) }
        }

        test("progress is a bar in a terminal, gone when an epoch ends, and a line now and then elsewhere") {
            fun shown(inTerminal: Boolean, stepTakes: Duration): String {
                val out = ByteArrayOutputStream()
                val clock = TestTimeSource()
                val show = progress(batches.take(12), PrintStream(out, true, Charsets.UTF_8), inTerminal, clock)
                repeat(12) {
                    clock += stepTakes
                    show(learn.initial().copy(metrics = mapOf("loss" to 0.5)))
                }
                return out.toString(Charsets.UTF_8)
            }
            val (wipe, bar) = "\r\u001b[K" to "━".repeat(7) + "╌".repeat(23)
            val redrawn = shown(inTerminal = true, stepTakes = 1.seconds).split(wipe).drop(1)
            redrawn.size shouldBe 12
            redrawn[2] shouldBe "$bar 3 of 12 batches, loss 0.5000, 9 s left"
            listOf(redrawn[9], redrawn[11]) shouldBe listOf("", "")
            shown(inTerminal = true, stepTakes = 1.milliseconds).split(wipe).drop(1) shouldBe listOf("", "")
            shown(inTerminal = false, stepTakes = 3.seconds).trim().lines() shouldBe
                listOf(4 to 24, 8 to 12, 12 to 0).map { (n, left) -> "$n of 12 batches, loss 0.5000, $left s left" }
            shown(inTerminal = false, stepTakes = 1.milliseconds) shouldBe ""
        }

        test("takeUntil ends with the first element that holds, and asks for no more") {
            generateSequence(1) { check(it < 4); it + 1 }.takeUntil { it == 4 }.toList() shouldBe listOf(1, 2, 3, 4)
            sequenceOf(1, 2).takeUntil { false }.toList() shouldBe listOf(1, 2)
        }

        test("accuracy counts what scores highest, whatever the size of the batches") {
            val scores = network(input(3)) { }.orThrow() // hands its input on
            val numbers = floatArrayOf(1f, 2f, 0f, 3f, 3f, 1f, 0f, 0f, 9f, 5f, 4f, 4f)
            val data = Dataset.ofFloats(numbers, intArrayOf(1, 0, 1, 0), Shape.of(3), classes = 3)
            val state = TrainState(Params.of(), Params.of(), Params.of(), 0, Key.of(0), emptyMap())
            for (batch in 1..5) accuracy(scores, state, data, batch) shouldBe Accuracy(correct = 3, count = 4)
            accuracy(scores, state, data).toString() shouldBe "0.7500"
        }

        test("regression: a line through points") {
            val line = network(input(1)) { dense(1) }.orThrow()
            val x = Tensor.of(Shape.of(4, 1), 0f, 1f, 2f, 3f)
            val y = Tensor.of(Shape.of(4, 1), 1f, 3f, 5f, 7f)
            val fit = training(line, meanSquaredError, sgd(0.1, momentum = 0.5), Key.of(1))
            val end = fit.over(generateSequence { Batch(x, y) }.take(200)).last()
            end.params.get("dense1.weight").item() shouldBe (2.0 plusOrMinus 1e-3)
            end.params.get("dense1.bias").item() shouldBe (1.0 plusOrMinus 1e-3)
        }
    })

private infix fun TrainState.shouldBeSame(other: TrainState) {
    params.contentEquals(other.params).shouldBeTrue()
    layerState.contentEquals(other.layerState).shouldBeTrue()
    optimiserState.contentEquals(other.optimiserState).shouldBeTrue()
    Triple(step, key, metrics) shouldBe Triple(other.step, other.key, other.metrics)
}
