package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Batch
import org.kotangent.dsl.NetworkScope
import org.kotangent.dsl.TrainState
import org.kotangent.dsl.adam
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.dsl.softmaxCrossEntropy
import org.kotangent.dsl.sum
import org.kotangent.dsl.training
import org.kotangent.ops.Key
import org.kotangent.ops.Random
import org.kotangent.spec.warningsOf

private const val STEPS = 6

/** A network with dropout trains in compiled steps: each with masks of its own, those of the uncompiled step. */
class DropoutSpec :
    FunSpec({
        fun classifier(dtype: DType, more: NetworkScope.() -> Unit = {}) = network(input(6), dtype) {
            dense(40); relu(); dropout(0.4)
            more()
            dense(30); batchNorm(); dropout(0.2)
            dense(3)
        }.orThrow()

        fun learn(dtype: DType, more: NetworkScope.() -> Unit = {}) =
            training(classifier(dtype, more), softmaxCrossEntropy, adam(1e-2), Key.of(7))

        fun batches(dtype: DType, size: Int = 250) = Key.of(8).split(STEPS).map { key ->
            val labels = Random.order(key, size).toInts().map { it % 3 }
            Batch(Random.normal(key, dtype, size, 6), Tensor.of(*labels.toIntArray()))
        }.asSequence()

        for (dtype in listOf(DType.F32, DType.F64)) {
            test("compiled and uncompiled steps give the same bits, ${dtype.label()}") {
                val compiled = learn(dtype).over(batches(dtype)).toList()
                val eager = learn(dtype).eager().over(batches(dtype)).toList()
                compiled shouldHaveSize STEPS
                compiled.zip(eager) { a, b -> a shouldBeSame b }
            }
        }

        test("of the states after every n steps and the last, each is the state after that step") {
            val all = learn(DType.F32).over(batches(DType.F32)).toList()
            for (every in listOf(1, 2, 4, STEPS, 100)) {
                val expected = all.chunked(every) { it.last() }
                for (training in listOf(learn(DType.F32), learn(DType.F32).eager())) {
                    val first = training.initial()
                    val some = training.over(batches(DType.F32), first, every).toList()
                    some shouldHaveSize expected.size
                    some.zip(expected) { a, b -> a shouldBeSame b }
                    first shouldBeSame training.initial()
                }
            }
            shouldThrow<IllegalArgumentException> {
                learn(DType.F32).over(batches(DType.F32), every = 0)
            }.message shouldBe
                "training: every must be at least 1; got 0; say after how many steps to see a state"
        }

        test("a step is run once as it is and captured, and captured again to see that it does the same") {
            var runs = 0
            val counted = learn(DType.F32) { layer("counted") { x -> x.also { runs++ } } }
            runs = 0
            counted.over(batches(DType.F32)).last()
            runs shouldBe 4 // At the first step, after it, and at the second and the fourth.
        }

        test("every step has masks of its own, which depend on nothing but key and step") {
            val step = learn(DType.F32)
            val state = step.initial()
            val batch = batches(DType.F32).first()
            val losses = (0L until STEPS).map { step.step(state.copy(step = it), batch).loss }
            losses.toSet() shouldHaveSize STEPS
            losses shouldBe (0L until STEPS).map { step.eager().step(state.copy(step = it), batch).loss }
            step.step(state.copy(step = 1L shl 40), batch) shouldBeSame
                step.eager().step(state.copy(step = 1L shl 40), batch)
        }

        test("the number of threads changes no bit") {
            val threads = Parallel.threads()
            try {
                val (one, three) = listOf(1, 3).map { n ->
                    Parallel.use(n)
                    learn(DType.F32).over(batches(DType.F32)).last()
                }
                three shouldBeSame one
            } finally {
                Parallel.use(threads)
            }
        }

        test("no warning is logged for dropout; one is for a layer that asks for a number") {
            warningsOf { learn(DType.F32).over(batches(DType.F32, size = 9)).last() }.shouldBeEmpty()
            val asking: NetworkScope.() -> Unit = { layer("asking") { x -> if (sum(x).item() > 0) x else -x } }
            val said = warningsOf { learn(DType.F32, asking).over(batches(DType.F32, size = 9)).last() }
            said shouldHaveSize 1
            said.single() shouldContain "uncompiled"
        }
    })

private infix fun TrainState.shouldBeSame(other: TrainState) {
    params.contentEquals(other.params).shouldBeTrue()
    layerState.contentEquals(other.layerState).shouldBeTrue()
    optimiserState.contentEquals(other.optimiserState).shouldBeTrue()
    Triple(step, key, metrics) shouldBe Triple(other.step, other.key, other.metrics)
}
