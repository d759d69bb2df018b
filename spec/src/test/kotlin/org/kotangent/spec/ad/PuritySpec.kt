package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.Ad
import org.kotangent.ad.Arr
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DomainException
import org.kotangent.ad.Elementwise
import org.kotangent.ad.Expr
import org.kotangent.ad.Primitive
import org.kotangent.ad.Scan
import org.kotangent.ad.Spec
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
import java.util.Collections
import java.util.Optional
import java.util.concurrent.Callable
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors

private fun sum(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun noise(seed: Long, vararg dims: Int) = Random.normal(Key.of(seed), DType.F32, *dims)

private const val TO_DO = "; make what changes from call to call a part of the argument"

/** Parameters that hold a function, made anew each time, as an attribute that is a value. */
private data class Coded(val factor: Double, val function: (Double) -> Double)

/** An operation that ordinary code computes. */
private class OfCode(private val named: Any, private val function: (Double) -> Double) : Primitive() {
    override fun name() = "ofCode"

    override fun attributes() = named

    override fun infer(input: Array<Spec>): Array<Spec> = input.clone()

    override fun kernel(input: Array<Arr>, output: Array<Arr>) {
        for (i in 0 until output[0].size()) output[0].set(i, function(input[0].get(i)))
    }
}

private class Changing {
    var rate by Unseen(0.5)
}

/** Functions that depend on something that cannot be seen are found out when their plan is used again. */
class PuritySpec :
    FunSpec({
        val x = Tensor.of(2.0, 3.0)

        context("a function runs as it is from the second call on, and one warning says why, if it reads") {
            suspend fun impure(name: String, got: String, change: () -> Unit = {}, f: (Tensor) -> Any) = test(name) {
                val said = warningsOf {
                    val plan = Ad.compile<Tensor, Any> { f(it) }
                    plan.apply(x)
                    plan.explain(Tensor.of(1.0)) // Another plan, which is seen once.
                    change()
                    repeat(3) {
                        plan.apply(x)
                        change()
                    }
                    plan.explain(x) shouldBe "uncompiled"
                    plan.explain(Tensor.of(1.0)) // Its second look logs nothing more.
                }
                said.single() shouldBe
                    "compile: a function that depends on more than its argument runs uncompiled; got $got$TO_DO"
            }

            var rate by Unseen(Tensor.of(0.5))
            impure(
                "a variable",
                "mul(f64[2], f64[1]) → f64[2] (operation 1 of 1) whose operand 2 is 0.25 where it was 0.5",
                { rate = rate * 0.5 },
            ) { it * rate }
            val model = Changing()
            impure(
                "a field",
                "mul(f64[2], f64[]) → f64[2] (operation 2 of 3) whose operand 2 is 1.0 where it was 0.5",
                { model.rate *= 2 },
            ) { mapOf("y" to Elementary.exp(it) * model.rate + it) }
            var weights by Unseen(Tensor.of(1.0, 2.0))
            impure(
                "an element of a tensor",
                "mul(f64[2], f64[2]) → f64[2] (operation 1 of 1) whose operand 2 is 3.0 at [1] where it was 2.0",
                { weights = Tensor.of(1.0, weights.toDoubles()[1] + 1) },
            ) { it * weights }
            var step by Unseen(0)
            impure(
                "which operation to use",
                "sin(f64[2]) → f64[2] (operation 1 of 1) where it was cos(f64[2]) → f64[2]",
                { step = 1 },
            ) { if (step == 0) Elementary.cos(it) else Elementary.sin(it) }
            var slope by Unseen(1.5)
            impure(
                "a number inside an operation",
                "scaled(f64[2]) → f64[2] (operation 1 of 1) where it was scaled(f64[2]) → f64[2]",
                { slope = 2.0 },
            ) { t -> slope.let { s -> Elementwise.unary("scaled", { it.times(s) }, { _, _ -> Expr.of(s) }).apply(t) } }
            var swap by Unseen(false)
            impure(
                "which operand comes first",
                "sub(f64[2], f64[2]) → f64[2] (operation 2 of 2) whose operand 1 is a result of operation 1 " +
                    "where it was input 1",
                { swap = true },
            ) { t -> (t * 2.0).let { if (swap) it - t else t - it } }
            var deep by Unseen(3.0)
            impure(
                "something inside of a checkpoint",
                "mul(f64[2], f64[]) → f64[2] (operation 1 of 2) whose operand 2 is 4.0 where it was 3.0",
                { deep++ },
            ) { t -> Ad.checkpoint<Tensor, Tensor> { Elementary.exp(it * deep) }.apply(t) }
            var constant by Unseen(1.0)
            impure(
                "a result that depends on nothing",
                "result 2 is 2.0 at [0] where it was 1.0",
                { constant++ },
            ) { t -> listOf(t * 2.0, Tensor.of(constant, 7.0)) }
            var results by Unseen(1)
            impure("how many results there are", "2 results where there were 1", { results = 2 }) { t ->
                List(results) { t * 2.0 }
            }
            var key by Unseen("a")
            impure(
                "names of results",
                "a result of another structure, SingletonMap[b] where it was SingletonMap[a]",
                { key = "b" },
            ) { Collections.singletonMap(key, it * 2.0) }
            var number by Unseen(1.0)
            impure(
                "whether there is a number to ask for",
                "an exception where there was none: org.kotangent.ad.UnknownNumberException: capture: while a graph " +
                    "is captured a value has no number yet and cannot steer control flow; got a request for the " +
                    "number of a symbolic f64[]; choose with where, loop with scan, or compute it before the capture",
                { number = 2.0 },
            ) { if (number == 1.0 || sum(it).item() > 0) it * 2.0 else it }
        }

        context("results are right from the second call on,") {
            test("of a variable that changes") {
                var rate by Unseen(1.0)
                val plan = Ad.compile<Tensor, Tensor> { it * rate }
                repeat(4) {
                    plan.apply(x).toDoubles() shouldBe doubleArrayOf(2 * rate, 3 * rate)
                    rate /= 2
                }
            }
            test("of a variable that changes later, from the next power of two on") {
                var rate by Unseen(1.0)
                val plan = Ad.compile<Tensor, Tensor> { it * rate }
                val said = warningsOf {
                    repeat(9) { plan.apply(x).toDoubles()[0] shouldBe 2.0 }
                    rate = 3.0
                    repeat(6) { plan.apply(x) }
                    repeat(9) { plan.apply(x).toDoubles()[0] shouldBe 6.0 }
                }
                said shouldHaveSize 1
            }
            test("of a generator of random numbers") {
                val random = java.util.Random(1)
                val said = warningsOf {
                    val plan = Ad.compile<Tensor, Tensor> { it + random.nextDouble() }
                    List(6) { plan.apply(x).toDoubles()[0] }.toSet() shouldHaveSize 6
                }
                said.single() shouldContain "add(f64[2], f64[]) → f64[2] (operation 1 of 1) whose operand 2 is"
            }
            test("of a variable that changes after the plan was explained") {
                var rate by Unseen(1.0)
                val plan = Ad.compile<Tensor, Tensor> { it * rate }
                plan.explain(x) shouldContain "0 operations"
                rate = 3.0
                plan.apply(x).toDoubles() shouldBe doubleArrayOf(6.0, 9.0)
            }
            test("of an iteration") {
                var rate by Unseen(0.0)
                val said = warningsOf {
                    val plan = Ad.compile<Tensor, Tensor> { it + rate }
                    var left = 4
                    val last = plan.iterate(x) {
                        rate += 1
                        if (left-- > 0) Optional.of(it) else Optional.empty()
                    }
                    last.toDoubles() shouldBe doubleArrayOf(12.0, 13.0)
                    x.toDoubles() shouldBe doubleArrayOf(2.0, 3.0)
                }
                said shouldHaveSize 1
            }
            test("of many threads") {
                var rate by Unseen(1.0)
                val plan = Ad.compile<Tensor, Tensor> { it * rate }
                plan.apply(x)
                rate = 2.0
                val meet = CyclicBarrier(4)
                val pool = Executors.newFixedThreadPool(4)
                val said = warningsOf {
                    val calls = List(4) {
                        Callable {
                            meet.await()
                            List(50) { plan.apply(x).toDoubles()[0] }
                        }
                    }
                    pool.invokeAll(calls).flatMap { it.get() }.toSet() shouldBe setOf(4.0)
                }
                pool.shutdown()
                said shouldHaveSize 1
            }
            test("of a function that fails the second time, whose own exception is thrown") {
                var calls by Unseen(0)
                val plan = Ad.compile<Tensor, Tensor> {
                    check(calls++ == 0) { "no more" }
                    it * 2.0
                }
                val said = warningsOf {
                    plan.apply(x)
                    repeat(2) { shouldThrow<IllegalStateException> { plan.apply(x) }.message shouldBe "no more" }
                }
                said.single() shouldContain
                    "an exception where there was none: java.lang.IllegalStateException: no more"
            }
            test("of a training step with a loss that changes") {
                fun learn(compiled: Boolean): Pair<List<Double>, List<String>> {
                    var scale by Unseen(1.0)
                    val loss: LossFunction = { scores, labels -> softmaxCrossEntropy(scores, labels) * scale }
                    val net = network(input(3)) { dense(2) }.orThrow()
                    val training = training(net, loss, sgd(0.1), Key.of(1)).let { if (compiled) it else it.eager() }
                    val batch = Batch(noise(3, 4, 3), Tensor.of(0, 1, 1, 0))
                    val losses = mutableListOf<Double>()
                    val said = warningsOf {
                        training.over(generateSequence { batch }.take(5)).forEach {
                            losses += it.loss
                            scale += 1
                        }
                    }
                    return losses to said
                }
                val (compiled, said) = learn(compiled = true)
                compiled shouldBe learn(compiled = false).first
                said.single() shouldContain "(operation 4 of 19) whose operand 2 is 0.5 at [0, 0] where it was 0.25"
            }
        }

        context("stays compiled:") {
            suspend fun pure(name: String, f: (Tensor) -> Any) = test(name) {
                val plan = Ad.compile<Tensor, Any> { f(it) }
                warningsOf { repeat(3) { plan.apply(x) } }.shouldBeEmpty()
                plan.explain(x) shouldNotBe "uncompiled"
            }
            val big = noise(1, 2)
            pure("a function that makes its constants anew") { t ->
                mapOf(
                    "y" to t * Tensor.of(0.1, 0.2) + noise(4, 2).to(DType.F64) * 3.0,
                    "c" to Tensor.of(Double.NaN, -0.0),
                )
            }
            pure("a function that reads what it closes over") { it * big.to(DType.F64) }
            pure("its gradient, and that of its gradient") { t ->
                val slope = Ad.grad<Tensor> { sum(Elementary.sin(it * 3.0)) }
                Ad.grad<Tensor> { sum(slope.apply(it)) }.apply(t)
            }
            pure("a checkpoint") { t ->
                val f = Ad.checkpoint<Tensor, Tensor> { Elementary.exp(it * Tensor.of(1.0, 2.0)) }
                Ad.grad<Tensor> { sum(f.apply(it) * t) }.apply(t)
            }
            for (memory in Scan.Memory.entries) {
                pure("a scan that keeps ${memory.name.lowercase()}") { t ->
                    val body = { c: Tensor, u: Tensor -> Scan.Step(Elementary.tanh(c * u + 0.5), c) }
                    Ad.grad<Tensor> { w ->
                        Ad.scan(body, w, Core.stack(List(5) { k -> t * k.toDouble() }), memory).let { sum(it.carry()) }
                    }.apply(t)
                }
            }
            pure("rules of one's own") { t ->
                val clip = { _: Tensor, g: Tensor -> Elementary.min(g, g.like(0.1)) }
                val clipped = Ad.customVjp<Tensor, Tensor>({ it * 2.0 }, clip)
                val tripled = Ad.customJvp<Tensor, Tensor>({ it * 3.0 }, { _, d -> d * 3.0 })
                Ad.grad<Tensor> { sum(clipped.apply(it) * tripled.apply(it)) }.apply(t)
            }
            pure("values with names") { Ad.named("h", it) * 2.0 }
            pure("an operation that holds a function, made anew each time") { t ->
                t.toString().length.let { n -> { v: Double -> v * n } }.let { OfCode(it, it).apply(t) }
            }
            pure("an operation that holds a function in a value") { t ->
                val code = t.rank().let { n -> { v: Double -> v * n } }
                OfCode(listOf("name", Coded(0.5, code)), code).apply(t)
            }
        }
        test("an operation whose parameter changes beside a function does not stay compiled") {
            var factor by Unseen(1.0)
            val plan = Ad.compile<Tensor, Tensor> { t ->
                val code = factor.let { k -> { v: Double -> v * k } }
                OfCode(Coded(factor, code), code).apply(t)
            }
            warningsOf {
                repeat(2) {
                    plan.apply(x).toDoubles()[0] shouldBe 2 * factor
                    factor++
                }
            } shouldHaveSize 1
        }

        context("a checking plan") {
            test("agrees with a function of its argument alone") {
                val plan = Ad.compile<Tensor, Tensor> { x -> sum(Elementary.exp(x)) }.checking()
                repeat(3) { plan.apply(noise(it.toLong(), 5)) }
            }
            test("finds a function that reads something else") {
                var rate by Unseen(Tensor.of(0.5))
                val plan = Ad.compile<Tensor, Map<String, Tensor>> { x -> mapOf("w" to x * rate) }
                plan.checking().run {
                    apply(Tensor.of(2.0))
                    rate = Tensor.of(0.25)
                    shouldThrow<DomainException> { apply(Tensor.of(2.0)) }.message shouldBe
                        "compile: a compiled function must depend on its argument alone; " +
                        "got w = f64[1] [1.0] by the plan, " +
                        "f64[1] [0.5] by the function itself; " +
                        "make what it reads besides its argument a part of the argument"
                }
            }
        }
    })
