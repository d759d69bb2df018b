package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.Ad
import org.kotangent.ad.BatchAxes
import org.kotangent.ad.Compiled
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Scan
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.Tree
import org.kotangent.ad.internal.Hot
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Elementary
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.ops.Random
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes
import java.lang.management.ManagementFactory
import java.util.Optional
import java.util.concurrent.Callable
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

private fun sum(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun noise(seed: Long, vararg dims: Int) = Random.normal(Key.of(seed), DType.F32, *dims)

private fun layer(x: Tensor, w: Tensor, b: Tensor) = Elementary.tanh(Linalg.matmul(x, w) + b)

private fun loss(p: Map<String, Tensor>): Tensor {
    val x = noise(1, 8, 5)
    val h = layer(x, p.getValue("w1"), p.getValue("b1"))
    return Reduce.mean(Elementary.square(layer(h, p.getValue("w2"), p.getValue("b2"))))
}

private fun leaves(of: Any): List<Tensor> = Tree.of(of).leaves()

private val params =
    mapOf("w1" to noise(2, 5, 7), "b1" to noise(3, 7), "w2" to noise(4, 7, 3), "b2" to noise(5, 3))

/** What plans compute: the same as the function, bit for bit. */
class CompiledSpec :
    FunSpec({
        context("computes the same bits as the function, for") {
            suspend fun same(name: String, f: (Map<String, Tensor>) -> Any) = test(name) {
                val plan = Ad.compile<Map<String, Tensor>, Any> { f(it) }
                val expected = leaves(f(params))
                repeat(3) {
                    val found = leaves(plan.apply(params))
                    expected.indices.forEach { i -> expected[i].contentEquals(found[i]) shouldBe true }
                }
            }

            same("a function", ::loss)
            same("its gradient") { Ad.grad(::loss).apply(it) }
            same("a step of gradient descent") { p ->
                Ad.grad(::loss).apply(p).mapValues { (k, g) -> p.getValue(k) - g * 0.1 }
            }
            same("its Hessian-vector product") { Ad.hvp(::loss, it, it) }
            same("a Hessian") { p ->
                Ad.hessian<Tensor>({ sum(Elementary.exp(it * it)) }, p.getValue("b2")).tensor()
            }
            same("gradients of single examples") { p ->
                val axes = BatchAxes.of(0).without("b1").without("b2")
                val each = Ad.vmap<Map<String, Tensor>, Any>(Ad.grad(::loss), axes)
                each.apply(p.mapValues { (k, t) -> if (k.startsWith("w")) Core.stack(listOf(t, t * 2.0)) else t })
            }
            same("a checkpoint and a scan in little memory") { p ->
                fun looped(w: Tensor): Tensor {
                    val f = Ad.checkpoint<Tensor, Tensor> { Elementary.tanh(it * w) }
                    val body = { c: Tensor, x: Tensor -> f.apply(c + x).let { Scan.Step(it, sum(it)) } }
                    val end = Ad.scan(body, p.getValue("b1"), noise(9, 6, 7), Scan.Memory.SQUARE_ROOT)
                    return sum(end.output()) + sum(end.carry())
                }
                Ad.grad(::looped).apply(p.getValue("b1"))
            }
            same("choices among integers by comparing real numbers") { p ->
                val (x, y) = listOf(p.getValue("w1"), p.getValue("w2").let { Core.sum(it, intArrayOf(), false) })
                val farther = Elementary.not(Elementary.less(x, y))
                val counts = Elementary.where(farther, Tensor.of(1, 2, 3, 4, 5, 6, 7), Tensor.of(*IntArray(7) { -it }))
                listOf(counts.to(DType.F32), Elementary.where(farther, x, y))
            }
            same("rules of one's own") { p ->
                val clip = { _: Tensor, g: Tensor -> Elementary.max(Elementary.min(g, g.like(0.1)), g.like(-0.1)) }
                val clipped = Ad.customVjp<Tensor, Tensor>({ it }, clip)
                Ad.grad<Tensor> { sum(Elementary.square(clipped.apply(it))) }.apply(p.getValue("b1"))
            }
        }

        context("computes the same bits with epilogues, cold and hot, for") {
            suspend fun same(name: String, x: Tensor, f: (Tensor) -> Any) = test(name) {
                val plan = Ad.compile<Tensor, Any> { f(it) }
                plan.explain(x) shouldContain " then fused"
                val expected = leaves(f(x))
                for (hot in listOf(false, true)) {
                    val found = leaves(plan.apply(x))
                    expected.indices.forEach { i -> expected[i].contentEquals(found[i]) shouldBe true }
                    val start = System.nanoTime()
                    while (!hot && System.nanoTime() - start < 3_000_000) plan.apply(x)
                    Hot.await()
                }
            }
            val w = noise(21, 130, 301)
            val b = noise(22, 301)
            same("a dense layer and its mask", noise(20, 67, 130)) {
                (Linalg.matmul(it, w) + b).let { y -> listOf(Elementary.relu(y), Elementary.sigmoid(y)) }
            }
            same("a product with a row for each, of one column", noise(23, 130, 1)) {
                Elementary.exp(Linalg.matmul(w, it, true, false)) * 2.0
            }
            same("products of a batch", noise(24, 5, 3, 130)) {
                Elementary.tanh(Linalg.matmul(it, noise(33, 5, 130, 301)) * b)
            }
            val wide = noise(34, 2, 130, 301)
            listOf(
                listOf(1),
                listOf(301),
                listOf(70, 1),
                listOf(2, 1, 1),
                listOf(2, 70, 1),
                listOf(2, 1, 301),
            ).forEach {
                val operand = noise(35, *it.toIntArray())
                same("products cut into columns, beside an operand of shape $it", noise(36, 2, 70, 130)) { x ->
                    Elementary.max(Linalg.matmul(x, wide) * operand, operand)
                }
            }
            same("a sum of two products", noise(25, 40, 130)) { Linalg.matmul(it, w) - Linalg.matmul(it * 2.0, w) }
            same("a convolution with a bias for each channel", noise(26, 3, 2, 13, 11)) {
                val y = Nn.conv2d(it, noise(27, 7, 2, 3, 3), Conv2d.standard()) + noise(28, 7, 1, 1)
                listOf(Elementary.relu(y), Elementary.where(Elementary.less(y, y * 0.0), y, -y))
            }
            same("a convolution in groups, with padding and strides", noise(29, 20, 4, 9, 21)) {
                val conv = Conv2d.standard().padding(1).stride(2).groups(2)
                Elementary.softplus(Nn.conv2d(it, noise(30, 6, 2, 3, 3), conv))
            }
            same("the update of a layer by a gradient", noise(31, 64, 100)) { x ->
                val v = noise(32, 100, 50)
                v - Ad.grad<Tensor> { sum(Elementary.square(Linalg.matmul(x, it))) }.apply(v) * 0.01
            }
        }
        context("ownership") {
            val plan = Ad.compile<Tensor, List<Tensor>> { x ->
                listOf(Elementary.exp(x * 2.0), Core.reshape(x, Shape.of(4)), x)
            }
            val a = noise(1, 2, 2)
            val b = noise(2, 2, 2)

            test("results survive the next call, and arguments do not change") {
                val before = a.toDoubles()
                val first = plan.apply(a)
                val kept = first.map { it.toDoubles() }
                plan.apply(b)
                first.indices.forEach { first[it].toDoubles() shouldBe kept[it] }
                a.toDoubles() shouldBe before
            }
            test("calls from many threads do not disturb each other") {
                val inputs = List(200) { noise(it.toLong(), 2, 2) }
                val pool = Executors.newFixedThreadPool(4)
                val results = pool.invokeAll(inputs.map { Callable { plan.apply(it) } }).map { it.get() }
                pool.shutdown()
                inputs.indices.forEach { results[it][0].contentEquals(Elementary.exp(inputs[it] * 2.0)) shouldBe true }
            }
        }

        context("a function that is captured holds up nobody, when") {
            val (two, three) = listOf(Tensor.of(1.0, 2.0), Tensor.of(1.0, 2.0, 3.0))
            val pool = Executors.newCachedThreadPool { Thread(it).apply { isDaemon = true } }

            fun <T> within(seconds: Long, task: () -> T) = pool.submit(
                Callable {
                    task()
                },
            ).get(seconds, TimeUnit.SECONDS)

            test("it waits for another thread that uses the same plans") {
                lateinit var plan: Compiled<Tensor, Tensor>
                plan = Ad.compile { x -> if (x.dim(0) == 2) x else x + sum(within(10) { plan.apply(two) }) }
                within(20) { plan.apply(three) }.toDoubles() shouldBe doubleArrayOf(4.0, 5.0, 6.0)
            }
            test("two functions use the plans of each other") {
                lateinit var plans: List<Compiled<Tensor, Tensor>>
                val meet = CyclicBarrier(2)
                plans = List(2) { i ->
                    Ad.compile { x ->
                        if (x.dim(0) == 2) {
                            x
                        } else {
                            meet.await(10, TimeUnit.SECONDS)
                            x + sum(plans[1 - i].apply(two))
                        }
                    }
                }
                val results = plans.map { pool.submit(Callable { it.apply(three) }) }
                results.forEach { it.get(20, TimeUnit.SECONDS).toDoubles() shouldBe doubleArrayOf(4.0, 5.0, 6.0) }
            }
        }

        context("iterating is applying again and again") {
            val step = { p: Map<String, Tensor> ->
                Ad.grad(::loss).apply(p).mapValues { (k, g) -> p.getValue(k) - g * 0.1 }
            }

            suspend fun same(
                name: String,
                f: (Map<String, Tensor>) -> Map<String, Tensor> = step,
                next: (Map<String, Tensor>) -> Map<String, Tensor> = { it },
            ) = test(name) {
                val first = params.mapValues { (_, t) -> t * 1.0 }
                val times = 6
                var expected = f(first)
                repeat(times - 1) { expected = f(next(expected)) }
                val plan = Ad.compile<Map<String, Tensor>, Map<String, Tensor>> { f(it) }
                repeat(2) {
                    var left = times - 1
                    val found =
                        plan.iterate(first) { if (left-- > 0) Optional.of(next(it)) else Optional.empty() }
                    plan.iterate(first) { Optional.empty() }
                    expected.forEach { (k, t) -> found.getValue(k).contentEquals(t) shouldBe true }
                    first.forEach { (k, t) -> t.contentEquals(params.getValue(k)) shouldBe true }
                }
            }

            same("for a step of gradient descent")
            same("for an argument with a tensor in two places", next = {
                it + ("b2" to it.getValue("b2")) +
                    ("w" to it.getValue("b1"))
            })
            same("where a result is the argument itself", { step(it) + ("w1" to it.getValue("w1")) })
            same("where results exchange places", { p ->
                step(p) + ("b1" to p.getValue("b1") * 0.5) +
                    ("c" to p.getValue("b1"))
            })
            same("where results are the same numbers in other shapes", { p ->
                step(p) + ("flat" to Shapes.reshape(p.getValue("w1") * 2.0, 35)) + ("w1" to p.getValue("w1") * 2.0)
            })
            same("for a function that asks for numbers", { p -> step(p).mapValues { (_, t) -> t * sum(t).item() } })

            test("a step works in place: only the first makes arrays") {
                fun array(t: Tensor) = t.toFloats().contentHashCode()
                val plan = Ad.compile<Tensor, Tensor> { it * 0.5 + 1.0 }
                val x = noise(7, 300_000)
                val bean = ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean

                fun bytes(steps: Int): Long {
                    val before = bean.currentThreadAllocatedBytes
                    var left = steps
                    plan.iterate(x) { if (left-- > 0) Optional.of(it) else Optional.empty() }
                    return bean.currentThreadAllocatedBytes - before
                }
                bytes(3)
                (bytes(40) < bytes(0) + 1_000_000L) shouldBe true
                array(plan.iterate(x) { Optional.empty() }) shouldBe array(plan.apply(x))
            }
        }
        context("a plan is made") {
            test("for arguments alike, looked at again with every doubling of its uses, and again for others") {
                var runs = 0
                val plan = Ad.compile<Tensor, Tensor> { x -> sum(x * x).also { runs++ } }
                repeat(9) { plan.apply(noise(it.toLong(), 3)) }
                runs shouldBe 5 // Captured after the first run, before the second, the fourth and the eighth.
                plan.apply(noise(1, 4))
                plan.apply(noise(1, 4).to(DType.F64))
                plan.apply(noise(2, 3))
                runs shouldBe 9
            }
            test("not for a function that asks for numbers, which runs as it is") {
                val plan = Ad.compile<Tensor, Tensor> { x -> if (sum(x).item() > 0) x else -x }
                plan.apply(Tensor.of(1.0)).item() shouldBe 1.0
                plan.apply(Tensor.of(-2.0)).item() shouldBe 2.0
                plan.explain(Tensor.of(1.0)) shouldBe "uncompiled"
            }
            test("not for an argument under differentiation, which the function sees itself") {
                val plan = Ad.compile<Tensor, Tensor> { x -> sum(x * x * x) }
                Ad.grad(plan).apply(Tensor.of(1.0, 2.0)).toDoubles() shouldBe doubleArrayOf(3.0, 12.0)
            }
        }

        test("cold and hot give the same bits") {
            val plan = Ad.compile<Map<String, Tensor>, Map<String, Tensor>> { Ad.grad(::loss).apply(it) }
            val cold = plan.apply(params)
            repeat(2_000) { plan.apply(params) }
            val hot = plan.apply(params)
            cold.keys.all { cold.getValue(it).contentEquals(hot.getValue(it)) } shouldBe true
        }
    })
