package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.comparables.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.Ad
import org.kotangent.ad.Compiled
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Scan
import org.kotangent.ad.Tensor
import org.kotangent.dsl.Batch
import org.kotangent.dsl.LossFunction
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.dsl.sgd
import org.kotangent.dsl.softmaxCrossEntropy
import org.kotangent.dsl.training
import org.kotangent.ops.Elementary
import org.kotangent.ops.Key
import org.kotangent.ops.Random
import org.kotangent.spec.Unseen
import org.kotangent.spec.warningsOf
import java.lang.ref.WeakReference
import java.util.Optional
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicReference

private fun sum(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun noise(seed: Long, vararg dims: Int) = Random.normal(Key.of(seed), DType.F64, *dims)

private data class HeldWeights(val w: Tensor, val b: Tensor, val rate: Double = 1.0)

private class HeldModel(var weights: HeldWeights) {
    var step = 0
    val losses = mutableListOf<Double>()

    fun predict(x: Tensor) = x * weights.w + weights.b
}

private var ofTheFile = 1.0

private fun scaledByTheFile() = Ad.compile<Tensor, Tensor> { it * ofTheFile }

/** A function, and how often it was run; the counter is not seen among what it closes over. */
private class Counted(private val f: (Tensor) -> Any) : (Tensor) -> Any {
    var runs by Unseen(0)

    override fun invoke(x: Tensor) = f(x).also { runs++ }
}

/** What a compiled function closes over is an input of its plan, or part of what the plan was made for. */
class ClosedOverSpec :
    FunSpec({
        val x = Tensor.of(2.0, 3.0)

        fun first(result: Any): Double = when (result) {
            is Tensor -> result.toDoubles()[0]
            is Map<*, *> -> first(result.values.first()!!)
            else -> first((result as List<*>)[0]!!)
        }

        context("a tensor is an input, so that its numbers may change at each call, when it is held by") {
            suspend fun held(name: String, set: (Tensor) -> Unit, f: (Tensor) -> Any) = test(name) {
                set(Tensor.of(1.0, 7.0))
                val counted = Counted(f)
                val said = warningsOf {
                    val plan = Ad.compile<Tensor, Any> { counted(it) }
                    for (k in 1..100) {
                        set(Tensor.of(k * 0.5, 7.0))
                        first(plan.apply(x)) shouldBe first(f(x))
                    }
                    plan.explain(x) shouldNotBe "uncompiled"
                }
                said.shouldBeEmpty()
                counted.runs shouldBeLessThan 12 // Twice at the first use, then at the second, the fourth and so on.
            }

            var w = Tensor.of(1.0, 1.0)
            held("a variable", { w = it }) { it * w }
            held("a variable, and the function computes with it alone", {
                w = it
            }) { it + Elementary.exp(w * 0.1) * 2.0 }
            held("a variable, and it is a result", { w = it }) { mapOf("w" to w, "y" to it * 2.0) }
            held("a variable, of another type in the function", { w = it }) { it.to(DType.F32) * w.to(DType.F32) }
            held("a variable, in a gradient", {
                w = it
            }) { t -> Ad.grad<Tensor> { sum(Elementary.sin(it * w)) }.apply(t) }
            held("a variable at which a gradient is taken", { w = it }) { t ->
                Ad.grad<Tensor> { sum(it * it * it * t) }.apply(w)
            }
            held("a variable, in a Hessian-vector product", { w = it }) { t ->
                Ad.hvp<Tensor>({ sum(Elementary.exp(it * w * 0.1)) }, t, w)
            }
            held("a variable, in a Hessian", { w = it }) { t ->
                Ad.hessian<Tensor>({ sum(Elementary.exp(it * w * 0.1)) }, t).let { Core.stack(listOf(t)) * w }
            }
            held("a variable, in a batched function", { w = it }) { t ->
                Ad.vmap<Tensor, Tensor> { Elementary.exp(it * sum(w) * 0.01) }.apply(t)
            }
            for (memory in Scan.Memory.entries) {
                held("a variable, in a scan that keeps ${memory.name.lowercase()}", { w = it }) { t ->
                    val body = { c: Tensor, u: Tensor -> Scan.Step(Elementary.tanh(c * u * w), c) }
                    Ad.grad<Tensor> { v ->
                        sum(Ad.scan(body, v, Core.stack(List(3) { t * 0.1 }), memory).carry())
                    }.apply(t)
                }
            }
            held("a variable, in a checkpoint", { w = it }) { t ->
                val f = Ad.checkpoint<Tensor, Tensor> { Elementary.exp(it * w * 0.1) * w }
                Ad.grad<Tensor> { sum(f.apply(it)) }.apply(t)
            }
            held("a variable, behind a stop of gradients", { w = it }) { t ->
                Ad.grad<Tensor> { sum(it * Ad.stopGradient(w)) }.apply(t)
            }
            held("a variable, in the rule of a function with one of its own", { w = it }) { t ->
                val f = Ad.customVjp<Tensor, Tensor>({ it * 2.0 }, { _, g -> g * w })
                Ad.grad<Tensor> { sum(f.apply(it)) }.apply(t)
            }
            val array = arrayOf(w)
            held("an array", { array[0] = it }) { it * array[0] }
            val list = mutableListOf(w)
            held("a list", { list[0] = it }) { it * list[0] }
            val map = mutableMapOf("w" to w)
            held("a map", { map["w"] = it }) { it * map.getValue("w") }
            val set = mutableSetOf(w)
            held("a set", {
                set.clear()
                set.add(it)
            }) { it * set.single() }
            val reference = AtomicReference(w)
            held("an atomic reference", { reference.set(it) }) { it * reference.get() }
            var weights = HeldWeights(w, w)
            held("a variable data class", { weights = HeldWeights(it, x) }) { it * weights.w + weights.b }
            val model = HeldModel(HeldWeights(w, w))
            held("a field", { model.weights = HeldWeights(it, x) }) { it * model.weights.w }
            held("the object whose method it is", { model.weights = HeldWeights(it, x) }, model::predict)
            val inside = Ad.compile<Tensor, Tensor> { it * w }
            held("a compiled function inside", { w = it }) { inside.apply(it) + 1.0 }
            held("a compiled function inside, whose argument is closed over", { w = it }) { it + inside.apply(x) }
            val nested = { it: Tensor -> listOf({ t: Tensor -> t * w }).first()(it) }
            held("a function inside of a function", { w = it }) { nested(it) }
        }

        context("results are those of the function itself") {
            suspend fun same(name: String, change: (Int) -> Unit, f: (Tensor) -> Any) = test(name) {
                val plan: Compiled<Tensor, Any> = Ad.compile<Tensor, Any> { f(it) }
                for (k in 0 until 40) {
                    change(k)
                    first(plan.apply(x)) shouldBe first(f(x))
                }
            }
            var rate = 1.0
            same("when a number changes now and then", { rate = (1 + it / 10).toDouble() }) { it * rate }
            same("when a number changes each time", { rate = it.toDouble() }) { it * rate }
            var up = false
            same("when a choice changes to and fro", { up = it % 3 == 0 }) { if (up) it * 2.0 else it - 1.0 }
            var w = x
            var v = x
            same("when two variables hold one tensor, then two", {
                w = if (it < 5) x else x * it.toDouble()
                v = if (it < 9 || it > 20) x else w
            }) { it * w - v }
            same("when a tensor changes its shape", { w = noise(it.toLong(), if (it % 2 == 0) 2 else 1) }) { it * w }
            same("when a tensor changes its type", { w = noise(1, 2).to(if (it % 2 == 0) DType.F32 else DType.F64) }) {
                it * w.to(DType.F64)
            }
            same("when the number of a tensor is asked for", { w = Tensor.of(it / 4 * 1.0, 1.0) }) {
                it * w.toDoubles()[0]
            }
            same("when the number of what is computed from it is asked for", { w = Tensor.of(it / 4 * 1.0, 1.0) }) {
                if (sum(w * 2.0).item() > 5) it * w else it
            }
            same("when a function with a rule of its own closes over it", { w = Tensor.of(it / 4 * 1.0, 1.0) }) { t ->
                val u = Elementary.exp(w)
                val f = Ad.customJvp<Tensor, Tensor>({ it * w * u }, { _, d -> d * u })
                Ad.grad<Tensor> { sum(f.apply(it) * w) }.apply(t)
            }
            same("when an integer tensor in a tree is compared", { w = Tensor.of(it / 4, 1) }) { t ->
                Ad.jvp<Map<String, Tensor>, Tensor>({
                    it.getValue("t") * w.to(DType.F64)
                }, mapOf("t" to t, "n" to w), mapOf("t" to t, "n" to w))
                    .tangent()
            }
            var weights = HeldWeights(x, x)
            same("when a number beside tensors changes", {
                weights =
                    HeldWeights(noise(it.toLong(), 2), x, it / 10 * 1.0)
            }) {
                it * weights.w * weights.rate
            }
            val rates = floatArrayOf(1f, 2f)
            same("when an array of numbers changes", { rates[1] = it / 5 * 1f }) { it * rates[1].toDouble() }
            val many = DoubleArray(5000)
            same("when an array beyond those that are looked at changes before its second use", {
                if (it == 1) many[0] = 3.0
            }) { it * many[0] }
            val generator = kotlin.random.Random(1)
            test("when they are random") {
                val plan = Ad.compile<Tensor, Tensor> { it * generator.nextDouble() }
                List(40) { plan.apply(x).toDoubles()[0] }.toSet().size shouldBe 40
            }
            test("when a variable of the file changes") {
                val plan = scaledByTheFile()
                plan.apply(x).toDoubles()[0] shouldBe 2.0
                repeat(5) { plan.apply(x) }
                ofTheFile = 5.0
                plan.apply(x).toDoubles()[0] shouldBe 10.0
            }
            test("in many threads, each with tensors of its own") {
                val pool = Executors.newFixedThreadPool(4)
                val plans = List(4) { n -> Ad.compile<Tensor, Tensor> { it * Tensor.of(n + 1.0, 1.0) } }
                var scale = Tensor.of(1.0, 1.0)
                val scaled = Ad.compile<Tensor, Tensor> { it * scale }
                val calls = List(4) { n ->
                    Callable {
                        List(200) { k ->
                            if (n == 0) scale = Tensor.of(1.0 + k % 2, 1.0)
                            scaled.apply(x).toDoubles()[0] in setOf(2.0, 4.0) &&
                                plans[n].apply(x).toDoubles()[0] == 2.0 * (n + 1)
                        }
                    }
                }
                pool.invokeAll(calls).all { it.get().all { right -> right } } shouldBe true
                pool.shutdown()
            }
            test("of a training step whose loss has a weight that is a variable tensor, in a plan") {
                fun learn(compiled: Boolean): List<Double> {
                    var scale = Tensor.of(1f)
                    val loss: LossFunction = { scores, labels -> sum(softmaxCrossEntropy(scores, labels) * scale) }
                    val net = network(input(3)) { dense(2) }.orThrow()
                    val training = training(net, loss, sgd(0.1), Key.of(1)).let { if (compiled) it else it.eager() }
                    val batch = Batch(noise(3, 4, 3).to(DType.F32), Tensor.of(0, 1, 1, 0))
                    return training.over(generateSequence { batch }.take(30)).map {
                        scale = scale + 0.5
                        it.loss
                    }.toList()
                }
                warningsOf { learn(compiled = true) shouldBe learn(compiled = false) }.shouldBeEmpty()
            }
        }

        context("derivatives") {
            test("flow through what a plan closes over, though it was made for plain numbers") {
                var w = Tensor.of(3.0, 4.0)
                val plan = Ad.compile<Tensor, Tensor> { it * w }
                repeat(3) { plan.apply(x) }
                fun ofWeights(at: Tensor) = Ad.grad<Tensor> { v ->
                    w = v
                    sum(plan.apply(x))
                }.apply(at).also { w = at }
                ofWeights(w).toDoubles() shouldBe x.toDoubles()
                plan.apply(x).toDoubles() shouldBe doubleArrayOf(6.0, 12.0)
                plan.explain(x) shouldNotBe "uncompiled"
            }
            test("flow through both sides of a nested derivation") {
                var w = x
                val plan = Ad.compile<Tensor, Tensor> { Elementary.exp(it) * w * w }
                plan.apply(x)
                val mixed = Ad.jvp<Tensor, Tensor>({ v ->
                    w = v
                    Ad.grad<Tensor> { sum(plan.apply(it)) }.apply(x)
                }, x, Tensor.of(1.0, 0.0)).tangent()
                mixed.toDoubles() shouldBe doubleArrayOf(2 * 2 * Math.exp(2.0), 0.0)
            }
        }

        context("what changes without effect costs little:") {
            suspend fun beside(name: String, change: (Int) -> Unit, f: (Tensor) -> Tensor) = test(name) {
                val counted = Counted(f)
                val said = warningsOf {
                    val plan = Ad.compile<Tensor, Any> { counted(it) }
                    repeat(500) {
                        change(it)
                        plan.apply(x)
                    }
                    plan.explain(x) shouldNotBe "uncompiled"
                }
                said.shouldBeEmpty()
                counted.runs shouldBeLessThan 60 // Some six for each doubling of the uses.
            }
            val model = HeldModel(HeldWeights(x, x))
            beside("a counter", { model.step++ }, model::predict)
            beside("a growing list", { model.losses += it.toDouble() }, model::predict)
            beside("both of them", {
                model.step++
                model.losses += it.toDouble()
            }, model::predict)
            var calls = 0
            beside("what the function itself changes", {}) { it * 2.0.also { calls++ } }
        }

        test("a counter that has an effect later is heeded at once, if it rested meanwhile") {
            var epoch = 0
            val plan = Ad.compile<Tensor, Tensor> { if (epoch < 6) it * 2.0 else it * 3.0 }
            for (e in 0..9) {
                epoch = e
                repeat(200) { plan.apply(x).toDoubles()[0] shouldBe if (e < 6) 4.0 else 6.0 }
            }
        }

        test("a function that does something else at each of many calls is run as it is, which is said once") {
            var rate = 1.0
            val said = warningsOf {
                val plan = Ad.compile<Tensor, Tensor> { it * rate }
                repeat(100) { plan.apply(x).toDoubles()[0] shouldBe 2 * rate++ }
                plan.explain(x) shouldBe "uncompiled"
            }
            said.single() shouldContain
                "mul(f64[2], f64[]) → f64[2] (operation 1 of 1) whose operand 2 is 10.0 where it was 9.0"
        }

        test("what is no longer closed over is not kept") {
            class Trained(var state: HeldWeights)

            val trained = Trained(HeldWeights(noise(1, 2), noise(2, 2)))
            var w = noise(3, 2)
            val plan = Ad.compile<Tensor, Tensor> { it * w + trained.state.b }
            val old = List(50) {
                trained.state = HeldWeights(noise(it.toLong(), 2), noise(2, 2))
                w = noise(it.toLong(), 2)
                plan.apply(x)
                listOf(WeakReference(trained.state), WeakReference(trained.state.w), WeakReference(w))
            }.dropLast(1).flatten()
            var left = 20
            while (old.any { it.get() != null } && left-- > 0) System.gc()
            old.count { it.get() != null } shouldBe 0
        }

        context("what is closed over is never written to") {
            test("by an iteration that begins with it") {
                val plan = Ad.compile<Tensor, Tensor> { it * 0.5 + x }
                var left = 5
                plan.iterate(x) { if (left-- > 0) Optional.of(it) else Optional.empty() }
                x.toDoubles() shouldBe doubleArrayOf(2.0, 3.0)
            }
            test("by an iteration that returns it") {
                val w = noise(1, 2)
                val before = w.toDoubles()
                val plan = Ad.compile<List<Tensor>, List<Tensor>> { (a, b) -> listOf(w, a + b) }
                var left = 5
                val last = plan.iterate(listOf(x, x)) { if (left-- > 0) Optional.of(it) else Optional.empty() }
                w.toDoubles() shouldBe before
                (last[0] === w) shouldBe true
            }
        }
    })
