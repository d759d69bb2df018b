package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DomainException
import org.kotangent.ad.Parallel
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicIntegerArray

class ParallelSpec :
    FunSpec({
        val before = Parallel.threads()
        afterTest { Parallel.use(before) }

        fun chunks(n: Int, grain: Int): List<Pair<Int, Int>> {
            val seen = ConcurrentLinkedQueue<Pair<Int, Int>>()
            Parallel.forEach(n, grain) { from, to -> seen += from to to }
            return seen.sortedBy { it.first }
        }

        test("the chunks depend on the work alone") {
            for (threads in 1..5) {
                Parallel.use(threads)
                Parallel.threads() shouldBe threads
                chunks(10, 4) shouldContainExactly listOf(0 to 4, 4 to 8, 8 to 10)
                chunks(4, 4) shouldContainExactly listOf(0 to 4)
                chunks(0, 4) shouldBe emptyList()
                chunks(3, 100) shouldContainExactly listOf(0 to 3)
            }
        }

        test("every element is visited once") {
            Parallel.use(3)
            val visits = AtomicIntegerArray(100_003)
            Parallel.forEach(visits.length(), 7) { from, to -> for (i in from until to) visits.incrementAndGet(i) }
            (0 until visits.length()).all { visits.get(it) == 1 } shouldBe true
        }

        test("no overflow where the chunks are as large as an int can count") {
            Parallel.use(2)
            chunks(Int.MAX_VALUE, Int.MAX_VALUE - 1) shouldContainExactly
                listOf(0 to Int.MAX_VALUE - 1, Int.MAX_VALUE - 1 to Int.MAX_VALUE)
        }

        test("two chunks run at the same time when there are two threads") {
            Parallel.use(2)
            val both = CountDownLatch(2)
            Parallel.forEach(2, 1) { _, _ ->
                both.countDown()
                both.await(10, TimeUnit.SECONDS) shouldBe true
            }
        }

        test("one thread does all by itself") {
            Parallel.use(1)
            val threads = ConcurrentLinkedQueue<Thread>()
            Parallel.forEach(100, 1) { _, _ -> threads += Thread.currentThread() }
            threads.toSet() shouldContainExactly setOf(Thread.currentThread())
        }

        test("work within a chunk stays on its thread") {
            Parallel.use(2)
            Parallel.forEach(4, 1) { _, _ ->
                val outer = Thread.currentThread()
                Parallel.forEach(4, 1) { _, _ -> (Thread.currentThread() === outer) shouldBe true }
            }
        }

        test("what a chunk throws is thrown, when all chunks are done") {
            for (threads in 1..2) {
                Parallel.use(threads)
                val done = ConcurrentLinkedQueue<Int>()
                shouldThrow<IllegalStateException> {
                    Parallel.forEach(4, 1) { from, _ -> if (from == 3) error("chunk $from") else done += from }
                }.message shouldBe "chunk 3"
                done shouldHaveSize 3
            }
        }

        test("an interrupt is kept for the caller, and the work is finished") {
            Parallel.use(2)
            val done = ConcurrentLinkedQueue<Int>()
            val caller = Thread.ofPlatform().start {
                Thread.currentThread().interrupt()
                Parallel.forEach(8, 1) { from, _ ->
                    Thread.onSpinWait()
                    done += from
                }
                if (Thread.currentThread().isInterrupted) done += -1
            }
            caller.join()
            done.sorted() shouldBe (-1 until 8).toList()
        }

        test("many callers share the helpers") {
            Parallel.use(2)
            val callers = List(8) {
                Thread.ofPlatform().unstarted { repeat(200) { chunks(100, 9).last() shouldBe (99 to 100) } }
            }
            callers.forEach(Thread::start)
            callers.forEach { it.join(30_000) }
            callers.none { it.isAlive } shouldBe true
        }

        test("at least one thread is needed") {
            shouldThrow<DomainException> { Parallel.use(0) }.message shouldBe
                "threads: at least one is needed; got 0; give a number ≥ 1"
        }
    })
