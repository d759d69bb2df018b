package org.kotangent.spec.scalar

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import org.kotangent.ad.Ad
import org.kotangent.ad.DomainException
import org.kotangent.ad.EscapedValueException
import org.kotangent.ad.Tensor
import org.kotangent.ad.internal.Hot
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import org.kotangent.ops.Elementary
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes
import java.lang.management.ManagementFactory
import java.util.Random

/** Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)². */
internal fun rosenbrock(x: Array<out Real>): Real {
    var sum = Real.of(0.0)
    for (i in 0 until x.size - 1) {
        sum += (x[i + 1] - x[i].square()).square() * 100.0 + (x[i] - 1.0).square()
    }
    return sum
}

/** Bytes that one call allocates once it is compiled. */
internal fun allocated(calls: Int, f: () -> Any): Int {
    val threads = ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean
    repeat(20 * calls) { f() }
    val before = threads.currentThreadAllocatedBytes
    repeat(calls) { f() }
    return ((threads.currentThreadAllocatedBytes - before) / calls).toInt()
}

/** The transformations of functions of several numbers. */
class RealsSpec :
    FunSpec({
        val random = Random(5)

        fun vector(n: Int) = DoubleArray(n) { random.nextGaussian() }

        infix fun DoubleArray.shouldBeNear(expected: DoubleArray) {
            size shouldBe expected.size
            forEachIndexed { i, a -> a shouldBe (expected[i] plusOrMinus 1e-12 * (1 + Math.abs(expected[i]))) }
        }

        fun wide(x: Array<out Real>): Array<Real> =
            arrayOf(x[0] * x[1].sin(), x.reduce { a, b -> a * b + b.exp() }, Real.of(4.0), x[2])

        test("gradient, value and gradient, forward tangents and pullback agree") {
            for (n in listOf(3, 10, 30)) {
                val x = vector(n)
                val g = Reals.gradient(::rosenbrock, *x)
                val all = Reals.valueAndGradient(::rosenbrock, *x)
                all.value() shouldBe rosenbrock(Reals.of(*x)).value()
                all.gradient() shouldBe g
                val directions = Array(n) { i -> DoubleArray(n) { if (it == i) 1.0 else 0.0 } }
                val jvp = Reals.jvp({ arrayOf(rosenbrock(it)) }, x, *directions)
                jvp.values() shouldBe doubleArrayOf(all.value())
                jvp.tangents().map { it[0] }.toDoubleArray() shouldBeNear g
                directions.map {
                    Reals.jvp({ y -> arrayOf(rosenbrock(y)) }, x, it).tangents()[0][0]
                }.toDoubleArray() shouldBeNear
                    g
                Reals.vjp({ arrayOf(rosenbrock(it)) }, *x).pullback().apply(doubleArrayOf(2.0)) shouldBeNear
                    g.map { 2 * it }.toDoubleArray()
            }
        }

        test("tangents of many directions are those of a few, bit for bit, cold and hot") {
            val x = vector(30)
            val f = { y: Array<Real> -> wide(y) + rosenbrock(y) }
            for (n in listOf(1, 2, 15, 16, 17, 40, 64)) {
                val directions = Array(n) { d -> DoubleArray(x.size) { i -> 1.0 / (d + i + 1) - 0.1 * d } }
                val cold = Reals.jvp(f, x, *directions).tangents()
                Hot.await()
                val hot = Reals.jvp(f, x, *directions).tangents()
                directions.forEachIndexed { d, direction ->
                    val pair = Reals.jvp(f, x, direction, direction).tangents()
                    if (n > 1) cold[d] shouldBe pair[0]
                    hot[d] shouldBe cold[d]
                    pair[1] shouldBe pair[0]
                }
            }
        }

        test("a Jacobian, tall or wide, by columns, by rows and in reals") {
            for (n in listOf(3, 4, 40)) {
                val x = vector(n)
                val j = Reals.jacobian(::wide, *x)
                j.size shouldBe 4
                val rows = Reals.vjp(::wide, *x).pullback()
                for (k in 0 until 4) {
                    rows.apply(DoubleArray(4) { if (it == k) 1.0 else 0.0 }) shouldBeNear j[k]
                }
                j[2] shouldBe DoubleArray(n)
                Reals.jacobian(::wide).apply(Reals.of(*x)).zip(j).forEach { (a, b) -> Reals.values(*a) shouldBeNear b }
            }
        }

        test("what a result does not depend on is exactly zero beside an infinite slope") {
            val f = { (a, b, c): Array<Real> -> arrayOf(a * b, b.sqrt(), c + c * a) }
            val x = doubleArrayOf(1.0, 0.0, 2.0)
            val expected =
                arrayOf(
                    doubleArrayOf(0.0, 1.0, 0.0),
                    doubleArrayOf(0.0, Double.POSITIVE_INFINITY, 0.0),
                    doubleArrayOf(2.0, 0.0, 2.0),
                )
            Reals.jacobian(f, *x) shouldBe expected
            Reals.jacobian(f).apply(Reals.of(*x)).map { Reals.values(*it) } shouldBe expected.toList()
            Reals.recordAll(f, *x).jacobian(*x) shouldBe expected
            Reals.recordAll(f, *x).compile().jacobian(*x) shouldBe expected
            Reals.vjp(f, *x).pullback().apply(doubleArrayOf(0.0, 0.0, 1.0)) shouldBe expected[2]
            Reals.hessian({ (a, b) -> a.square() + b.pow(1.5) }, 1.0, 0.0) shouldBe
                arrayOf(doubleArrayOf(2.0, 0.0), doubleArrayOf(0.0, Double.POSITIVE_INFINITY))
        }

        test("the Hessian is symmetric, and three Hessian-vector products are its columns") {
            val n = 6
            val x = vector(n)
            val f = { y: Array<out Real> -> rosenbrock(y) + y.reduce { a, b -> (a * b).sin() } }
            val h = Reals.hessian({ f(it) }, *x)
            for (i in 0 until n) {
                for (j in 0 until n) h[i][j] shouldBe (h[j][i] plusOrMinus 1e-11 * (1 + Math.abs(h[i][j])))
            }
            val gradient = Reals.gradient { y: Array<Real> -> f(y) }
            for (v in listOf(vector(n), vector(n), DoubleArray(n) { if (it == 2) 1.0 else 0.0 })) {
                val expected = DoubleArray(n) { i -> h[i].indices.sumOf { h[i][it] * v[it] } }
                Reals.hvp({ f(it) }, x, v) shouldBeNear expected
                // Reverse over forward.
                Reals.gradient({ y -> Reals.jvp({ z -> arrayOf(f(z)) }, y, Reals.of(*v))[0] }, *x) shouldBeNear expected
                // Reverse over reverse.
                Reals.gradient({ y ->
                    gradient.apply(y).mapIndexed { i, g -> g * v[i] }.reduce(Real::plus)
                }, *x) shouldBeNear
                    expected
            }
        }

        test("Taylor coefficients along a direction are directional derivatives") {
            val x = vector(5)
            val v = vector(5)
            val c = Reals.taylor({ t -> rosenbrock(Array(5) { t * v[it] + x[it] }) }, 0.0, 2)
            c[1] shouldBe
                (
                    Reals.gradient(::rosenbrock, *x).indices.sumOf {
                        Reals.gradient(::rosenbrock, *x)[it] * v[it]
                    } plusOrMinus
                        1e-9
                    )
            c[2] * 2 shouldBe
                (
                    Reals.hvp(
                        ::rosenbrock,
                        x,
                        v,
                    ).indices.sumOf { Reals.hvp(::rosenbrock, x, v)[it] * v[it] } plusOrMinus
                        1e-9
                    )
        }

        test("known series") {
            var factorial = 1.0
            Reals.taylor({ it.exp() }, 0.0, 12).forEachIndexed { k, c ->
                if (k > 0) factorial *= k
                c shouldBe (1 / factorial plusOrMinus 1e-16)
            }
            Reals.taylor({ Real.of(1.0) / (Real.of(1.0) - it) }, 0.0, 20) shouldBe DoubleArray(21) { 1.0 }
            Reals.taylor({ it.log1p() }, 0.0, 9).drop(1).forEachIndexed { i, c ->
                c shouldBe
                    ((if (i % 2 == 0) 1.0 else -1.0) / (i + 1) plusOrMinus 1e-15)
            }
            Reals.taylor({ it }, 3.0, 0) shouldBe doubleArrayOf(3.0)
            shouldThrow<DomainException> { Reals.taylor({ it }, 1.0, -1) }.message shouldStartWith
                "taylor: the order must not be negative"
        }

        test("the tensor engine agrees on the same formula") {
            val x = DoubleArray(7) { 0.3 + 0.1 * it }
            val tensors = { t: Tensor ->
                val tail = Shapes.slice(t, 1, 7, 0)
                val head = Shapes.slice(t, 0, 6, 0)
                Reduce.sum(Elementary.sigmoid(Elementary.sin(head).times(tail)).plus(Elementary.pow(head, tail)))
            }
            val reals = { r: Array<out Real> ->
                (0 until 6).map { (r[it].sin() * r[it + 1]).sigmoid() + r[it].pow(r[it + 1]) }.reduce(Real::plus)
            }
            Reals.gradient({ reals(it) }, *x) shouldBeNear Ad.grad(tensors).apply(Tensor.of(*x)).toDoubles()
        }

        test("a result that does not depend on an argument has gradient exactly 0") {
            Reals.gradient({ (a, _) -> a * a }, 3.0, Double.POSITIVE_INFINITY) shouldBe doubleArrayOf(6.0, 0.0)
            Reals.gradient({ Real.of(1.0) }, 3.0, 4.0) shouldBe doubleArrayOf(0.0, 0.0)
            Reals.derivative({ Real.of(1.0) }, 3.0) shouldBe 0.0
        }

        test("the same bits every time, and nothing changes the arguments") {
            val x = vector(50)
            val copy = x.clone()
            val first = Reals.gradient(::rosenbrock, *x)
            repeat(3) { Reals.gradient(::rosenbrock, *x) shouldBe first }
            x shouldBe copy
        }

        test("a value that escaped is found out, named, and can still be printed") {
            fun message(op: String, transformation: String) =
                "$op: a value of a derivation may be used only inside the function being differentiated; " +
                    "got a value that escaped from $transformation; return it from that function instead of storing it"
            val escaped = mutableListOf<Pair<Real, String>>()
            fun keep(transformation: String): (Real) -> Real = { x -> (x * x).also { escaped += it to transformation } }
            Reals.gradient({ (a, b) -> keep("gradient")(a * b) }, 3.0, 1.0)
            Reals.derivative(keep("derivative"), 3.0)
            Reals.jvp({ (a) -> arrayOf(keep("jvp")(a)) }, doubleArrayOf(3.0), doubleArrayOf(1.0))
            Reals.taylor(keep("taylor"), 3.0, 2)
            Reals.derivative({ x -> Reals.derivative(keep("derivative")).apply(x) }, 3.0)
            Reals.record({ (a) -> keep("record")(a) }, 3.0)
            escaped.size shouldBe 6
            for ((value, transformation) in escaped) {
                value.toString() shouldBe "9.0"
                shouldThrow<EscapedValueException> { value * 2.0 }.message shouldBe message("mul", transformation)
                shouldThrow<EscapedValueException> { value.sin() }.message shouldBe message("sin", transformation)
                shouldThrow<EscapedValueException> { value + value }.message shouldBe message("add", transformation)
                shouldThrow<EscapedValueException> { Reals.gradient({ (a, b) -> a * b - value }, 1.0, 2.0) }
            }
        }

        test("a function that fails ends its derivation too") {
            var stored = Real.of(0.0)
            shouldThrow<IllegalStateException> { Reals.gradient({ (a, b) -> stored = a * b; error("out") }, 1.0, 2.0) }
            shouldThrow<EscapedValueException> { stored * 2.0 }
        }

        test("reverse mode is for one thread, and says so") {
            shouldThrow<DomainException> {
                Reals.gradient({ (a, b) ->
                    var y = a
                    Thread { y = runCatching { a * b }.exceptionOrNull()?.let { a } ?: b }.apply { start() }.join()
                    if (y === a) throw DomainException("refused")
                    y
                }, 1.0, 2.0)
            }.message shouldBe "refused"
        }

        test("as many directions as arguments") {
            shouldThrow<DomainException> {
                Reals.jvp({ it }, doubleArrayOf(1.0, 2.0), doubleArrayOf(1.0))
            }.message shouldBe
                "jvp: as many numbers as arguments are needed; got dx: 1 for 2 arguments; give 2"
            shouldThrow<DomainException> { Reals.hvp(::rosenbrock, doubleArrayOf(1.0, 2.0), doubleArrayOf(1.0)) }
        }

        test("recording an operation allocates nothing on the tape") {
            val n = 1000
            val x = vector(n)
            // At most, when the JIT compiler has removed none of them: eight handles of 40 bytes per iteration, an
            // argument and a result. A tape that allocated would come to more.
            allocated(200) { Reals.gradient(::rosenbrock, *x) } shouldBeLessThan 400 * n
        }
    })
