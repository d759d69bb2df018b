package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.AdException
import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Axes
import org.kotangent.ops.Elementary
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes
import kotlin.math.exp
import kotlin.math.ln
import kotlin.math.sin
import kotlin.math.sqrt

private const val INF = Double.POSITIVE_INFINITY
private const val NAN = Double.NaN

private class Reduction(val name: String, val op: (Tensor, Axes) -> Tensor, val value: (List<Double>) -> Double)

private fun squares(x: List<Double>): Double = x.average().let { mean -> x.sumOf { (it - mean) * (it - mean) } }

private val reductions =
    listOf(
        Reduction("sum", { x, a -> Reduce.sum(x, a) }) { it.sum() },
        Reduction("mean", { x, a -> Reduce.mean(x, a) }) { it.average() },
        Reduction("max", { x, a -> Reduce.max(x, a) }) { it.max() },
        Reduction("min", { x, a -> Reduce.min(x, a) }) { it.min() },
        Reduction("prod", { x, a -> Reduce.prod(x, a) }) { it.fold(1.0, Double::times) },
        Reduction("logSumExp", { x, a -> Reduce.logSumExp(x, a) }) { x -> ln(x.sumOf { exp(it) }) },
        Reduction("norm", { x, a -> Reduce.norm(x, a) }) { x -> sqrt(x.sumOf { it * it }) },
        Reduction("variance", Reduce::variance) { squares(it) / it.size },
        Reduction("variance, corrected", { x, a -> Reduce.variance(x, a, 0.5) }) { squares(it) / (it.size - 0.5) },
        Reduction("std", Reduce::std) { sqrt(squares(it) / it.size) },
    )

/** Numbers between 0.6 and 2.6 that lie at least 0.02 apart, so that no difference crosses a tie. */
private fun apart(shape: Shape, seed: Int): Tensor =
    tensor(DType.F64, shape) { 0.6 + (37 * (it + 1) + 11 * seed) % 97 / 48.0 }

/** Numbers of either sign without an order to rely on. */
private fun scattered(dtype: DType, shape: Shape, seed: Int = 0): Tensor =
    tensor(dtype, shape) { 2 * sin(12.9898 * (it + 1) + 78.233 * seed) }

/** The numbers of each result, by index arithmetic alone. */
private fun groups(x: Tensor, axes: List<Int>): Map<List<Int>, List<Double>> {
    val strides = x.shape().strides()
    val numbers = x.toDoubles()
    return numbers.indices
        .groupBy { i -> strides.indices.filter { it !in axes }.map { a -> i / strides[a] % x.dim(a) } }
        .mapValues { (_, at) -> at.map { numbers[it] } }
}

private val shapes = Arb.list(Arb.int(1..4), 1..4)

class ReduceSpec :
    FunSpec({
        for (r in reductions) {
            test("${r.name}: value over any axes, kept or dropped") {
                checkAll(60, shapes, Arb.int(0..15)) { dims, bits ->
                    val axes = dims.indices.filter { bits shr it and 1 == 1 }.ifEmpty { dims.indices.toList() }
                    for (dtype in floating) {
                        val x = scattered(dtype, Shape.of(*dims.toIntArray()), bits)
                        val given = axes.map { if (bits % 3 == 0) it - dims.size else it }.reversed().toIntArray()
                        val dropped = r.op(x, Axes.drop(*given))
                        val kept = r.op(x, Axes.keep(*given))
                        dropped.shape().toArray().toList() shouldBe dims.filterIndexed { a, _ -> a !in axes }
                        kept.shape().toArray().toList() shouldBe dims.mapIndexed { a, d -> if (a in axes) 1 else d }
                        kept.toDoubles() shouldBe dropped.toDoubles()
                        groups(x, axes).values.zip(dropped.toDoubles().toList()) { numbers, actual ->
                            actual near (r.value(numbers) within 10 * rounding(dtype))
                        }
                        if (axes.size == dims.size) r.op(x, Axes.drop()).item() shouldBe dropped.item()
                    }
                }
            }

            test("${r.name}: derivatives, forward and reverse, once and twice") {
                checkAll(25, Arb.list(Arb.int(1..3), 1..3), Arb.int(0..7)) { dims, bits ->
                    val axes = dims.indices.filter { bits shr it and 1 == 1 }.ifEmpty { dims.indices.toList() }
                    val shape = Shape.of(*dims.toIntArray())
                    val x = apart(shape, bits)
                    val v = scattered(DType.F64, shape, bits + 20)
                    val f = { t: Tensor -> r.op(t, Axes.drop(*axes.toIntArray())) }
                    val w = scattered(DType.F64, f(x).shape(), bits + 40)
                    shouldTranspose(x, v, w, f)
                    shouldTranspose(x.to(DType.F32), v.to(DType.F32), w.to(DType.F32), f)
                    val loss = { t: Tensor -> Reduce.sum(f(t).times(w)) }
                    val along = { t: Double -> loss(x.plus(v.times(t))).item() }
                    val slope = Ad.jvp(loss, x, v).tangent().item()
                    val alone = r.name == "norm" || r.name == "std"
                    if (!alone || axes.all { dims[it] > 1 }) {
                        slope near (difference(0.0, 1e-4, along) within 1e-6)
                        val curvature = Reduce.sum(Ad.hvp(loss, x, v).times(v)).item()
                        val slopes = { t: Double -> Ad.jvp(loss, x.plus(v.times(t)), v).tangent().item() }
                        curvature near (difference(0.0, 1e-4, slopes) within 1e-5)
                        val reverse = Ad.grad<Tensor> { Reduce.sum(Ad.grad<Tensor>(loss).apply(it).times(v)) }.apply(x)
                        Reduce.sum(reverse.times(v)).item() near (curvature within 1e-11)
                    }
                }
            }

            test("${r.name}: long rows and columns, the same bits with any number of threads") {
                val before = Parallel.threads()
                for (dtype in floating) {
                    for ((shape, axis) in listOf(
                        Shape.of(100_000) to 0,
                        Shape.of(3, 40_000) to 1,
                        Shape.of(40_000, 3) to 0,
                        Shape.of(40, 2_500) to 0,
                        Shape.of(2_000, 50) to 1,
                    )) {
                        val x = scattered(dtype, shape).times(if (r.name == "prod") 1e-3 else 1.0).plus(1.0)
                        try {
                            val results =
                                listOf(1, 2, 3).map {
                                    Parallel.use(it)
                                    r.op(x, Axes.drop(axis))
                                }
                            withClue("$shape") { results.all { it.contentEquals(results[0]) } shouldBe true }
                            val error = if (r.name == "prod") 40 else 2
                            groups(x, listOf(axis)).values.zip(results[0].toDoubles().toList()) { numbers, actual ->
                                actual near (r.value(numbers) within error * 10 * rounding(dtype))
                            }
                        } finally {
                            Parallel.use(before)
                        }
                    }
                }
            }
        }

        /** Value and gradient at a point where something special happens, in both types and modes. */
        class Point(
            val name: String,
            val x: List<Double>,
            val value: Double,
            val gradient: List<Double>,
            val op: (Tensor) -> Tensor,
        )

        val third = 1.0 / 3
        val points =
            listOf(
                Point("max with 3 ties", listOf(2.0, 1.0, 2.0, 2.0), 2.0, listOf(third, 0.0, third, third)) {
                    Reduce.max(it)
                },
                Point("min with 2 ties", listOf(2.0, 1.0, 1.0), 1.0, listOf(0.0, 0.5, 0.5)) { Reduce.min(it) },
                Point("max of 0 and −0", listOf(0.0, -0.0), 0.0, listOf(0.5, 0.5)) { Reduce.max(it) },
                Point("max of −∞", listOf(-INF, -INF), -INF, listOf(0.5, 0.5)) { Reduce.max(it) },
                Point("max beside NaN", listOf(1.0, NAN), NAN, listOf(0.0, 1.0)) { Reduce.max(it) },
                Point("min beside NaN", listOf(NAN, 1.0), NAN, listOf(1.0, 0.0)) { Reduce.min(it) },
                Point("prod with one zero", listOf(2.0, 0.0, 3.0), 0.0, listOf(0.0, 6.0, 0.0)) { Reduce.prod(it) },
                Point("prod with two zeros", listOf(0.0, 0.0, 3.0), 0.0, listOf(0.0, 0.0, 0.0)) { Reduce.prod(it) },
                Point("logSumExp at 1e4", listOf(1e4, 1e4), 1e4 + ln(2.0), listOf(0.5, 0.5)) { Reduce.logSumExp(it) },
                Point("logSumExp at ±1e4", listOf(1e4, -1e4), 1e4, listOf(1.0, 0.0)) { Reduce.logSumExp(it) },
                Point("logSumExp at −1e4", listOf(-1e4, -1e4), -1e4 + ln(2.0), listOf(0.5, 0.5)) {
                    Reduce.logSumExp(it)
                },
                Point("logSumExp of −∞ alone", listOf(-INF, -INF), -INF, listOf(0.0, 0.0)) { Reduce.logSumExp(it) },
                Point("logSumExp beside −∞", listOf(-INF, 3.0), 3.0, listOf(0.0, 1.0)) { Reduce.logSumExp(it) },
                Point("logSumExp beside +∞", listOf(INF, 3.0), INF, listOf(1.0, 0.0)) { Reduce.logSumExp(it) },
                Point("logSumExp of two +∞", listOf(INF, INF, 0.0), INF, listOf(0.5, 0.5, 0.0)) {
                    Reduce.logSumExp(it)
                },
                Point("norm at 0", listOf(0.0, 0.0), 0.0, listOf(0.0, 0.0)) { Reduce.norm(it) },
                Point("norm of (1, 2, 2)", listOf(1.0, 2.0, 2.0), 3.0, listOf(third, 2 * third, 2 * third)) {
                    Reduce.norm(it)
                },
                Point("norm of one number", listOf(-3.0), 3.0, listOf(-1.0)) { Reduce.norm(it) },
                Point("variance of a constant", listOf(0.1, 0.1, 0.1), 0.0, listOf(0.0, 0.0, 0.0)) {
                    Reduce.variance(it)
                },
                Point("std of a constant", listOf(0.1, 0.1, 0.1), 0.0, listOf(0.0, 0.0, 0.0)) { Reduce.std(it) },
                Point("mean of a constant", listOf(0.1, 0.1, 0.1), 0.1, listOf(third, third, third)) {
                    Reduce.mean(it)
                },
                Point("mean beside ∞", listOf(INF, 1.0), INF, listOf(0.5, 0.5)) { Reduce.mean(it) },
            )
        for (p in points) {
            test("${p.name}: value ${p.value}, gradient ${p.gradient}") {
                for (dtype in floating) {
                    val x = vector(dtype, *p.x.toDoubleArray())
                    p.op(x).item() near (p.value within rounding(dtype))
                    val reverse = Ad.grad<Tensor>(p.op).apply(x).toDoubles()
                    p.gradient.forEachIndexed { i, expected ->
                        withClue("∂$i") {
                            reverse[i] near (expected within rounding(dtype))
                            val basis = DoubleArray(p.x.size).also { it[i] = 1.0 }
                            val forward = Ad.jvp(p.op, x, vector(dtype, *basis)).tangent().item()
                            forward near (expected within rounding(dtype))
                        }
                    }
                }
            }
        }

        test("the mean of equal numbers is that number, whatever their count") {
            checkAll(100, Arb.int(1..300), Arb.int(1..1000)) { n, k ->
                val x = Tensor.of(*DoubleArray(n) { k / 7.0 })
                Reduce.mean(x).item() shouldBe k / 7.0
                Reduce.std(x).item() shouldBe 0.0
            }
        }

        test("second derivatives of a product with zeros") {
            val x = Tensor.of(2.0, 0.0, 3.0, 0.0, 5.0)
            val hessian =
                (0 until 5).map { i ->
                    val basis = DoubleArray(5).also { it[i] = 1.0 }
                    Ad.hvp({ t: Tensor -> Reduce.prod(t) }, x, Tensor.of(*basis)).toDoubles().map { it + 0.0 }
                }
            hessian.forEachIndexed { i, row ->
                row shouldBe List(5) { j -> if (setOf(i, j) == setOf(1, 3)) 30.0 else 0.0 }
            }
        }

        test("derivatives at special points stay finite when taken twice") {
            val ones = Tensor.of(1.0, 1.0)
            Ad.hvp({ t: Tensor -> Reduce.norm(t) }, Tensor.of(0.0, 0.0), ones).shouldHold(0.0, 0.0)
            Ad.hvp({ t: Tensor -> Reduce.std(t) }, Tensor.of(2.0, 2.0), ones).shouldHold(0.0, 0.0)
            Ad.hvp({ t: Tensor -> Reduce.logSumExp(t) }, Tensor.of(-INF, -INF), ones).shouldHold(0.0, 0.0)
            Ad.hvp({ t: Tensor -> Reduce.logSumExp(t) }, Tensor.of(1e4, -1e4), ones).shouldHold(0.0, 0.0)
            Ad.hvp({ t: Tensor -> Reduce.max(t) }, Tensor.of(1.0, 1.0), ones).shouldHold(0.0, 0.0)
        }

        test("the norm neither overflows nor underflows") {
            for (s in listOf(1e-320, 1e-200, 1e200, 1e307)) {
                val x = Tensor.of(3 * s, 4 * s)
                Reduce.norm(x).item() / (5 * s) near (1.0 within 1e-3)
                if (s > 1e-300) {
                    Ad.grad<Tensor> { Reduce.norm(it) }.apply(x).shouldBeNear(Tensor.of(0.6, 0.8))
                }
            }
            Reduce.norm(Tensor.of(3e30f, 4e30f)).item() near (5e30 within 1e-6)
            Reduce.norm(Tensor.of(-INF, 1.0)).item() shouldBe INF
            Reduce.norm(Tensor.of(NAN, INF)).item().isNaN() shouldBe true
            Reduce.norm(Tensor.of(Shape.of(3, 2), 0.0, 0.0, 3.0, 4.0, 1e200, 0.0), 1).shouldHold(0.0, 5.0, 1e200)
        }

        test("the mean of numbers whose sum would overflow F32") {
            Reduce.mean(Tensor.of(3e38f, 3e38f, 3e38f)).item() shouldBe 3e38f.toDouble()
        }

        test("of nothing") {
            for (dtype in floating) {
                val x = Tensor.zeros(dtype, 2, 0)
                Reduce.sum(x, 1).shouldHold(0.0, 0.0)
                Reduce.prod(x, 1).shouldHold(1.0, 1.0)
                Reduce.norm(x, 1).shouldHold(0.0, 0.0)
                Reduce.logSumExp(x, 1).shouldHold(-INF, -INF)
                Reduce.mean(x, 1).toDoubles().all { it.isNaN() } shouldBe true
                Reduce.variance(x, 1).toDoubles().all { it.isNaN() } shouldBe true
                Reduce.max(x, 0).shape() shouldBe Shape.of(0)
                for (f in listOf<
                    (
                        Tensor,
                    ) -> Tensor,
                    >({ Reduce.sum(it) }, { Reduce.logSumExp(it) }, { Reduce.norm(it) })) {
                    Ad.grad<Tensor>(f).apply(x).shape() shouldBe x.shape()
                }
            }
            Reduce.variance(Tensor.of(1.0), Axes.drop(), 1.0).item().isNaN() shouldBe true
        }

        test("a scalar is its own reduction") {
            for (r in reductions.filterNot { it.name == "variance, corrected" }) {
                for (dtype in floating) {
                    withClue(r.name) {
                        r.op(number(dtype, 3.0), Axes.drop()).item() near
                            (r.value(listOf(3.0)) within 1e-6)
                    }
                }
            }
            slope(number(DType.F64, 3.0)) { Reduce.max(it) } shouldBe 1.0
            slope(number(DType.F64, 3.0)) { Reduce.logSumExp(it) } shouldBe 1.0
        }

        test("integers") {
            val x = Tensor.of(Shape.of(2, 3), 4, -1, 3, 0, 7, 7)
            Reduce.sum(x, 0).toInts() shouldBe intArrayOf(4, 6, 10)
            Reduce.max(x, 1).toInts() shouldBe intArrayOf(4, 7)
            Reduce.min(x).toInts() shouldBe intArrayOf(-1)
            Reduce.prod(x, 1).toInts() shouldBe intArrayOf(-12, 0)
            Reduce.cumSum(x, 1).toInts() shouldBe intArrayOf(4, 3, 6, 0, 7, 14)
        }

        test("argMax and argMin take the first, and the first NaN before all") {
            checkAll(60, Arb.list(Arb.int(1..4), 1..3), Arb.int(0..2), Arb.int(0..99)) { dims, a, seed ->
                val axis = a % dims.size
                for (dtype in floating + DType.I32) {
                    val x = scattered(DType.F64, Shape.of(*dims.toIntArray()), seed).times(2.0).to(dtype)
                    val numbers = groups(x, listOf(axis)).values
                    Reduce.argMax(x, axis).toInts().toList() shouldBe numbers.map { it.indexOf(it.max()) }
                    Reduce.argMin(x, axis - dims.size).toInts().toList() shouldBe numbers.map { it.indexOf(it.min()) }
                }
            }
            Reduce.argMax(Tensor.of(1.0, NAN, INF, NAN), 0).toInts() shouldBe intArrayOf(1)
            Reduce.argMin(Tensor.of(1.0, NAN, -INF), 0).toInts() shouldBe intArrayOf(1)
            Reduce.argMax(Tensor.of(-INF, -INF), 0).toInts() shouldBe intArrayOf(0)
        }

        test("argMax inside a differentiated function is a constant") {
            val x = Tensor.of(1.0, 5.0, 2.0)
            Ad.grad<Tensor> {
                Reduce.sum(Shapes.gather(it, Reduce.argMax(it, 0), 0))
            }.apply(x).shouldHold(0.0, 1.0, 0.0)
        }

        test("cumSum adds up along an axis; its adjoint runs backwards") {
            checkAll(40, Arb.list(Arb.int(1..4), 1..3), Arb.int(0..2)) { dims, a ->
                val axis = a % dims.size
                for (dtype in floating) {
                    val x = scattered(dtype, Shape.of(*dims.toIntArray()))
                    val f = { t: Tensor -> Reduce.cumSum(t, axis) }
                    val expected = groups(x, listOf(axis)).mapValues { (_, v) -> v.runningReduce(Double::plus) }
                    groups(f(x), listOf(axis)).forEach { (key, actual) ->
                        actual.zip(expected.getValue(key)) { p, q -> p near (q within rounding(dtype)) }
                    }
                    shouldTranspose(x, scattered(dtype, x.shape(), 1), scattered(dtype, x.shape(), 2), f)
                    val halfSquare = { t: Tensor -> Reduce.sum(Elementary.square(f(t))).times(0.5) }
                    val direct = Ad.vjp(f, x).pullback().apply(f(x))
                    Ad.hvp(halfSquare, x, x).shouldBeNear(direct)
                }
            }
        }

        val x = Tensor.zeros(DType.F32, 2, 0)
        val errors =
            listOf<Pair<String, () -> Any>>(
                "max: there is none of no numbers; got x: f32[2, 0], axes: [1]; reduce over axes that are not empty" to
                    { Reduce.max(x, 1) },
                "min: there is none of no numbers; got x: f32[2, 0], axes: [0, 1]; " +
                    "reduce over axes that are not empty" to
                    { Reduce.min(x) },
                "argMax: there is none of no numbers; got x: f32[2, 0], axis: 1; choose an axis that is not empty" to
                    { Reduce.argMax(x, -1) },
                "mean: needs floating numbers; got x: i32[2]; convert with to(DType.F32)" to
                    { Reduce.mean(Tensor.of(1, 2)) },
                "std: needs floating numbers; got x: i32[2]; convert with to(DType.F32)" to
                    { Reduce.std(Tensor.of(1, 2)) },
                "prod: needs numbers; got x: bool[1]; convert with to(DType.I32)" to
                    { Reduce.prod(Tensor.of(true)) },
                "sum: needs numbers; got x: bool[1]; convert with to(DType.I32) to count" to
                    { Reduce.sum(Tensor.of(true)) },
                "shape: axis must lie in [-2, 2); got axis 2 of [2, 0]; name an axis that exists" to
                    { Reduce.sum(x, 2) },
                "shape: axes must differ; got [1, -1] of [2, 0]; name each axis once" to
                    { Reduce.norm(x, 1, -1) },
            )
        for ((message, call) in errors) {
            test("error: $message") { shouldThrow<AdException> { call() }.message shouldBe message }
        }
    })
