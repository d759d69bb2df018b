package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.spec.warningsOf
import java.util.Collections
import java.util.EnumMap
import java.util.IdentityHashMap
import java.util.Optional
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.properties.Delegates

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private class LazyModel(var w: Tensor) {
    val norm by lazy { Elementary.exp(w) }

    fun predict(x: Tensor) = x * norm
}

private class CachedModel(var w: Tensor) {
    private var cached = w
    private var of: Tensor? = null

    fun predict(x: Tensor): Tensor {
        if (of !== w) {
            of = w
            cached = Elementary.exp(w)
        }
        return x * cached
    }
}

private object Singleton {
    var w = Tensor.of(1.0, 1.0)

    fun predict(x: Tensor) = x * w
}

private enum class Constant {
    ONE,
    OTHER,
    ;

    var w = Tensor.of(1.0, 1.0)

    fun predict(x: Tensor) = x * w
}

private class Observed {
    var w by Delegates.observable(Tensor.of(1.0, 1.0)) { _, _, _ -> }

    fun predict(x: Tensor) = x * w
}

private class App(cells: Int) {
    class Cell(var a: Int, var b: Int)

    var w = Tensor.of(1.0, 1.0)
    var counter = 0
    val cells = List(cells) { Cell(it, -it) }

    fun predict(x: Tensor) = x * w
}

/** An object that cannot be asked whether it equals another. */
private class Evil {
    override fun equals(other: Any?): Boolean = throw IllegalStateException("equals")

    override fun hashCode(): Int = throw IllegalStateException("hashCode")
}

private class EvilList : AbstractList<Any>() {
    override val size get() = 3

    override fun get(index: Int): Any = throw UnsupportedOperationException("get")
}

/** Whatever a function closes over, a plan of it computes what it computes itself, and fails as it fails. */
class EnvironmentSpec :
    FunSpec({
        val x = Tensor.of(2.0, 3.0)

        context("what a function keeps is what it computes, and results are right:") {
            test("a lazy value") {
                val model = LazyModel(Tensor.of(0.0, 0.0))
                val plan = Ad.compile<Tensor, Tensor>(model::predict)
                repeat(10) { plan.apply(x).toDoubles() shouldBe x.toDoubles() }
                model.predict(x).toDoubles() shouldBe x.toDoubles()
                plan.explain(x) shouldNotBe "uncompiled"
            }
            test("a value that is computed anew for another tensor") {
                val model = CachedModel(Tensor.of(0.0, 0.0))
                val plan = Ad.compile<Tensor, Tensor>(model::predict)
                repeat(200) {
                    if (it % 40 == 0) model.w = Tensor.of(it * 0.1, 0.0)
                    plan.apply(x).toDoubles() shouldBe CachedModel(model.w).predict(x).toDoubles()
                }
                plan.explain(x) shouldNotBe "uncompiled"
            }
            test("a map of values") {
                val w = Tensor.of(0.0, 0.0)
                val cache = HashMap<Int, Tensor>()
                val plan = Ad.compile<Tensor, Tensor> { it * cache.getOrPut(it.dim(0)) { Elementary.exp(w) } }
                repeat(10) { plan.apply(x).toDoubles() shouldBe x.toDoubles() }
                cache.getValue(2).toDoubles() shouldBe doubleArrayOf(1.0, 1.0)
            }
            test("a tensor that is made when it is needed, and replaced later") {
                for (uses in listOf(1, 2, 5, 100)) {
                    var w: Tensor? = null
                    val plan = Ad.compile<Tensor, Tensor> { t -> t * (w ?: Tensor.of(1.0, 1.0).also { w = it }) }
                    repeat(uses) { plan.apply(x).toDoubles() shouldBe x.toDoubles() }
                    for (k in 2..9) {
                        w = Tensor.of(k * 1.0, 5.0)
                        plan.apply(x).toDoubles()[0] shouldBe 2.0 * k
                    }
                }
            }
        }

        context("a derivative is not swallowed") {
            test("when the number of what is differentiated is read") {
                var w = Tensor.scalar(20.0)
                val plan = Ad.compile<Tensor, Tensor> { if (w.item() > 10) it else it * w }
                repeat(5) { plan.apply(x) }
                val slopes = listOf(20.0, 30.0, 20.0, 1.0).map { at ->
                    Ad.grad<Tensor> { v ->
                        w = v
                        total(plan.apply(x)) + total(v) * 0.0
                    }.apply(Tensor.scalar(at)).item()
                }
                slopes shouldBe listOf(0.0, 0.0, 0.0, 5.0)
            }
        }

        context("a tensor is seen") {
            suspend fun seen(name: String, f: (Tensor) -> Tensor, set: (Tensor) -> Unit) = test(name) {
                val plan = Ad.compile<Tensor, Tensor> { f(it) }
                for (k in 1..40) {
                    if (k > 2) set(Tensor.of(k * 1.0, 1.0))
                    plan.apply(x).toDoubles() shouldBe f(x).toDoubles()
                }
                plan.explain(x) shouldNotBe "uncompiled"
            }
            seen("in a Kotlin object", Singleton::predict) { Singleton.w = it }
            seen("in a constant of an enumeration", Constant.ONE::predict) { Constant.ONE.w = it }
            val observed = Observed()
            seen("behind a delegate", observed::predict) { observed.w = it }
        }
        test("constants of an enumeration differ") {
            var constant = Constant.ONE
            val plan = Ad.compile<Tensor, Tensor> { if (constant == Constant.ONE) it else it * 2.0 }
            for (k in 0..20) {
                constant = if (k % 7 == 0) Constant.OTHER else Constant.ONE
                plan.apply(x).toDoubles()[0] shouldBe if (constant == Constant.ONE) 2.0 else 4.0
            }
        }
        test("a function that leads to more variables than are looked at is compiled all the same") {
            for (cells in listOf(100, 127, 130, 1000)) {
                val app = App(cells)
                val plan = Ad.compile<Tensor, Tensor>(app::predict)
                val said = warningsOf {
                    for (k in 1..40) {
                        app.counter++
                        app.w = Tensor.of(k * 1.0, 1.0)
                        plan.apply(x).toDoubles()[0] shouldBe 2.0 * k
                    }
                }
                said.shouldBeEmpty()
                plan.explain(x) shouldNotBe "uncompiled"
            }
        }

        context("other threads") {
            test("may replace a tensor while the function is captured") {
                var w = Tensor.of(1.0, 1.0)
                var race = true
                val pool = Executors.newSingleThreadExecutor()
                val plan = Ad.compile<Tensor, Tensor> {
                    if (race) {
                        race = false
                        pool.submit { w = Tensor.of(2.0, 2.0) }.get()
                    }
                    it * w
                }
                repeat(2) { plan.apply(x) }
                for (k in 3..40) {
                    w = Tensor.of(k * 1.0, 1.0)
                    plan.apply(x).toDoubles()[0] shouldBe 2.0 * k
                }
                pool.shutdown()
            }
            test("may replace tensors all the time") {
                var w = Tensor.of(1.0, 1.0)
                val plan = Ad.compile<Tensor, Tensor> { Elementary.exp(it * w) * w }
                val done = CountDownLatch(1)
                val trainer = Thread {
                    var k = 0
                    while (done.count > 0) w = Tensor.of(1.0 + k++ % 1000, 1.0)
                }
                trainer.start()
                repeat(2000) { plan.apply(x) }
                done.countDown()
                trainer.join()
                for (k in 1..5) {
                    w = Tensor.of(k * 1.0, 3.0)
                    plan.apply(x).toDoubles() shouldBe (Elementary.exp(x * w) * w).toDoubles()
                }
            }
            test("may hold a list that is looked at") {
                val list = Collections.synchronizedList(mutableListOf(x))
                val plan = Ad.compile<Tensor, Tensor> { it * list[0] }
                plan.apply(x)
                val pool = Executors.newFixedThreadPool(2)
                val calls = listOf(
                    pool.submit {
                        repeat(1000) {
                            synchronized(list) {
                                list[0] = Tensor.of(1.0, 2.0)
                                plan.apply(x)
                            }
                        }
                    },
                    pool.submit { repeat(1000) { plan.apply(x) } },
                )
                calls.forEach { it.get(60, TimeUnit.SECONDS) }
                pool.shutdown()
            }
        }

        context("the walk passes") {
            suspend fun passes(name: String, held: Any?) = test(name) {
                var w = x
                val said = warningsOf {
                    val plan = Ad.compile<Tensor, Tensor> { if (held === w) it else it * w }
                    for (k in 1..5) {
                        w = Tensor.of(k * 1.0, 1.0)
                        plan.apply(x).toDoubles()[0] shouldBe 2.0 * k
                    }
                    plan.explain(x) shouldNotBe "uncompiled"
                }
                said.shouldBeEmpty()
            }
            passes("a list that contains itself", mutableListOf<Any?>(null).also { it.add(it) })
            passes("a map that contains itself", HashMap<String, Any?>().also { it["a"] = it })
            passes(
                "a view of a list that has changed",
                mutableListOf(1, 2, 3).let { l ->
                    l.subList(0, 2).also { l += 4 }
                },
            )
            passes("a list that throws", EvilList())
            passes("a view of a list that throws", Collections.unmodifiableList(EvilList()))
            passes("objects that throw", mutableListOf(Evil(), arrayOf(Evil()), Optional.of(Evil())))
            passes("a map of objects that throw", IdentityHashMap<Any, Any>().also { it[Evil()] = Evil() })
            passes("tensors as keys", hashMapOf(x to 1, Tensor.of(1.0) to 2))
            passes("maps of other kinds", listOf(ConcurrentHashMap(mapOf("a" to x)), EnumMap(mapOf(Constant.ONE to x))))
            passes("arrays of arrays", arrayOf<Any>(arrayOf<Any?>(intArrayOf(1), null), arrayOf(x), floatArrayOf(1f)))
            passes("a million numbers", List(1_000_000) { it })
            passes("many lists of many numbers", List(200) { MutableList(1000) { 1.0 } })
            passes("classes and threads", listOf(String::class, Thread.currentThread(), Evil::class.java.classLoader))
            passes("a sequence without end", sequence { while (true) yield(1) }.iterator())
            passes("a pullback", Ad.vjp<Tensor, Tensor>({ it * it }, x))
        }
    })
