package org.kotangent.spec.scalar

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.DomainException
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import org.kotangent.ad.scalar.Recorded
import java.util.Random
import java.util.concurrent.Callable
import java.util.concurrent.Executors

/** Functions that are run once and replayed, operation by operation and compiled. */
class RecordedSpec :
    FunSpec({
        fun both(recorded: Recorded) = listOf(recorded, recorded.compile())

        fun numbers(seed: Long, n: Int) = Random(seed).let { r -> DoubleArray(n) { r.nextDouble(0.2, 1.5) } }

        infix fun DoubleArray.shouldBeNear(expected: DoubleArray) {
            size shouldBe expected.size
            forEachIndexed { i, a -> a shouldBe (expected[i] plusOrMinus 1e-12 * (1 + Math.abs(expected[i]))) }
        }

        /** The function, recorded at one point and replayed at others, is the function. */
        fun same(n: Int, f: (Array<Real>) -> Array<Real>) {
            val recorded = Reals.recordAll({ f(it) }, *numbers(1, n))
            for (replay in both(recorded)) {
                for (seed in 2L..4L) {
                    val x = numbers(seed, n)
                    val expected = Reals.jvp({ f(it) }, x, numbers(seed + 9, n), numbers(seed + 10, n))
                    replay.values(*x) shouldBe expected.values()
                    val got = replay.jvp(x, numbers(seed + 9, n), numbers(seed + 10, n))
                    got.values() shouldBe expected.values()
                    got.tangents().zip(expected.tangents()).forEach { (a, b) -> a shouldBeNear b }
                    val jacobian = Reals.jacobian({ f(it) }, *x)
                    replay.jacobian(*x).zip(jacobian).forEach { (a, b) -> a shouldBeNear b }
                    val w = numbers(seed + 20, expected.values().size)
                    replay.vjp(x, w) shouldBeNear Reals.vjp({ f(it) }, *x).pullback().apply(w)
                }
            }
        }

        test("loops: Rosenbrock, a product, a recurrence, a power series, sums within sums") {
            same(60) { arrayOf(rosenbrock(it)) }
            same(50) { x -> arrayOf(x.reduce { a, b -> a * b.sin() }) }
            same(3) { (a, b, c) ->
                var y = a
                repeat(40) { y = (y * b + c).tanh() }
                arrayOf(y, y * a)
            }
            same(2) { (x, y) ->
                val pair = arrayOf(x, y)
                for (k in 1..30) {
                    val next = pair[0] * 0.9 + pair[1] * (k / 10.0)
                    pair[1] = pair[0].sin() - pair[1]
                    pair[0] = next
                }
                pair
            }
            same(20) { x ->
                x.indices.map { i ->
                    x.indices.map { j -> (x[i] - x[j]).square() * (i + 2.0 * j) }.reduce(Real::plus).sqrt()
                }.toTypedArray()
            }
        }

        test("results that several iterations, several blocks and several results use") {
            same(30) { x ->
                val partial = x.runningReduce { a, b -> a * 0.9 + b.exp() }
                arrayOf(partial[3], partial[3], partial[20] * partial[29], partial.reduce(Real::plus), x[5])
            }
        }

        test("long straight-line programs are cut into methods") {
            same(8) { x ->
                val random = Random(7)
                val values = x.toMutableList()
                repeat(3000) {
                    val a = values[random.nextInt(values.size)]
                    val b = values[random.nextInt(values.size)]
                    values +=
                        when (random.nextInt(6)) {
                            0 -> (a + b) * 0.5
                            1 -> a.tanh() * b.tanh()
                            2 -> a.sin() - b
                            3 -> (a * b).sigmoid()
                            4 -> a.hypot(b).log1p()
                            else -> a.max(b * 1.5).atan()
                        }
                }
                values.takeLast(40).toTypedArray()
            }
        }

        test("a result that is an argument, a constant, or the same as another") {
            same(2) { (a, _) -> arrayOf(a, a, Real.of(3.0), a * 2.0) }
        }

        test("what no result depends on is left out") {
            Reals.record({ (a) -> a.log().let { a * 2.0 } }, 1.0).operations() shouldBe 1
            for (replay in both(Reals.record({ (a) -> a.log().let { a * 2.0 } }, 1.0))) {
                replay.gradient(0.0) shouldBe doubleArrayOf(2.0)
            }
        }

        context("control flow") {
            val f = { x: Array<Real> -> if (x[0] > x[1]) x[0] * x[1] else x[0] + x[1] }
            for ((form, replay) in listOf("interpreted", "compiled").zip(both(Reals.record({ f(it) }, 2.0, 1.0)))) {
                test("that does not change, $form") {
                    replay.gradient(5.0, 4.0) shouldBe doubleArrayOf(4.0, 5.0)
                }
                test("that changes is an error, $form") {
                    for (second in listOf(2.0, 1.0, Double.NaN)) {
                        val x = doubleArrayOf(1.0, second)
                        val uses = listOf({ replay.value(*x) }, { replay.gradient(*x) }, { replay.jvp(x, x) })
                        for (use in uses) {
                            shouldThrow<DomainException> { use() }.message shouldBe
                                "replay: comparisons must turn out as they did in the recording; " +
                                "got 1.0 compared with $second, recorded as GREATER; " +
                                "record again for these arguments, or choose with select instead of a branch"
                        }
                    }
                }
            }
            test("in derivatives within the recording") {
                val slope = Reals.record({ (x) -> Mode.FORWARD { y -> y.max(1.0) }(x) }, 2.0)
                slope.value(3.0) shouldBe 1.0
                shouldThrow<DomainException> { slope.value(0.5) }
            }
            test("select is not control flow") {
                for (replay in both(Reals.record({ (a, b) -> (a - b).select(a * b, a + b) }, 2.0, 1.0))) {
                    replay.gradient(2.0, 3.0) shouldBe doubleArrayOf(1.0, 1.0)
                    replay.gradient(3.0, 2.0) shouldBe doubleArrayOf(2.0, 3.0)
                }
            }
            test("reading a number is refused") {
                shouldThrow<DomainException> { Reals.record({ (a) -> a * a.value() }, 1.0) }.message shouldBe
                    "value: the number of a recorded value cannot be read, since a replay could not follow what is " +
                    "done with it; got a value of record; branch with compareTo, or choose with select"
                shouldThrow<DomainException> {
                    Reals.record({ (a) -> Mode.REVERSE { b -> b * b.value() }(a) }, 1.0)
                }
            }
        }

        test("what a selection does not select has no part in a gradient, whatever its slope") {
            val f = { (a, b): Array<Real> -> a.select(b.sqrt(), b * 3.0) }
            for (recorded in Reals.record(f, 1.0, 1.0).let { listOf(it, it.compile()) }) {
                recorded.gradient(-1.0, 0.0) shouldBe doubleArrayOf(0.0, 3.0)
                recorded.gradient(1.0, 4.0) shouldBe doubleArrayOf(0.0, 0.25)
            }
        }

        test("a derivative of plain numbers is compared with a recorded value") {
            val f = { (a): Array<Real> ->
                Reals.derivative({ u -> if (u < a) u.square() else u }).apply(Real.of(2.0)) *
                    a
            }
            val recorded = Reals.record(f, 3.0)
            recorded.value(5.0) shouldBe 20.0
            shouldThrow<DomainException> { recorded.value(1.0) }
        }

        test("a derivation around the recording") {
            shouldThrow<DomainException> {
                Reals.gradient({ (a) -> a * Reals.record({ (b) -> a * b }, 1.0).value(2.0) }, 3.0)
            }.message shouldBe
                "record: what a recorded function captures must be plain numbers; got a value of gradient; " +
                "make it an argument, or differentiate inside the recorded function"
        }

        test("a Hessian from a recorded gradient") {
            val x = doubleArrayOf(-1.2, 1.0, 0.7, 0.3)
            val recorded = Reals.recordAll({ Reals.gradient(::rosenbrock).apply(it) }, 1.0, 1.1, 1.2, 1.3)
            for (replay in both(recorded)) {
                replay.jacobian(*x).zip(Reals.hessian(::rosenbrock, *x)).forEach { (a, b) -> a shouldBeNear b }
            }
        }

        test("wrong numbers of arguments, directions and results are named") {
            val one = Reals.record({ (a, b) -> a * b }, 1.0, 2.0)
            val two = Reals.recordAll({ (a, b) -> arrayOf(a * b, a) }, 1.0, 2.0)
            shouldThrow<DomainException> { one.value(1.0) }.message shouldBe
                "replay: as many numbers as arguments are needed; got x: 1 for 2 arguments; give 2"
            shouldThrow<DomainException> { one.jvp(doubleArrayOf(1.0, 2.0), doubleArrayOf(1.0)) }.message shouldBe
                "jvp: as many numbers as arguments are needed; got dx: 1 for 2 arguments; give 2"
            shouldThrow<DomainException> { two.gradient(1.0, 2.0) }.message shouldBe
                "gradient: needs a function with one result; got 2 results; use jacobian"
            shouldThrow<DomainException> { two.vjp(doubleArrayOf(1.0, 2.0), doubleArrayOf(1.0)) }.message shouldBe
                "vjp: one cotangent for each result is needed; got 1 for 2 results; give 2"
            listOf(one.arguments(), one.results(), one.operations()) shouldBe listOf(2, 1, 1)
        }

        test("a recorded function is used by many threads") {
            val recorded = Reals.record(::rosenbrock, *numbers(1, 100)).compile()
            val points = (1L..32L).map { numbers(it, 100) }
            Executors.newFixedThreadPool(8).use { pool ->
                pool.invokeAll(points.map { x -> Callable { recorded.gradient(*x) } }).forEachIndexed { i, g ->
                    g.get() shouldBeNear Reals.gradient(::rosenbrock, *points[i])
                }
            }
        }

        test("replays allocate their results and nothing else") {
            val x = numbers(1, 1000)
            val recorded = Reals.record(::rosenbrock, *x).compile()
            allocated(200) { recorded.gradient(*x) } shouldBeLessThan 17 * 1000
        }
    })
