package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.boolean
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.AdException
import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes

private const val INF = Double.POSITIVE_INFINITY

/** 0, 1, 2, … in the given shape. */
private fun count(dtype: DType, vararg dims: Int): Tensor = tensor(dtype, Shape.of(*dims)) { it.toDouble() }

private fun positions(start: Int, end: Int, step: Int, size: Int): List<Int> {
    fun at(p: Int) = if (p < 0) p + size else p
    val from = if (step > 0) at(start).coerceIn(0, size) else at(start).coerceIn(-1, size - 1)
    val to = if (step > 0) at(end).coerceIn(0, size) else at(end).coerceIn(-1, size - 1)
    return generateSequence(from) { it + step }.takeWhile { if (step > 0) it < to else it > to }.toList()
}

/** Both modes of a linear operation, nested once: it is its own tangent, and its adjoint transposes it. */
private fun shouldBeLinear(x: Tensor, f: (Tensor) -> Tensor) {
    val v = tensor(x.dtype(), x.shape()) { (it * 7 % 5) - 1.5 }
    val y = f(x)
    Ad.jvp(f, x, v).tangent().contentEquals(f(v)) shouldBe true
    shouldTranspose(x, v, tensor(y.dtype(), y.shape()) { (it * 3 % 7) - 2.5 }, f)
    if (y.size() > 0) {
        val halfSquare = { t: Tensor -> Reduce.sum(Elementary.square(f(t))).times(0.5) }
        val direct = Ad.vjp(f, x).pullback().apply(f(v))
        Ad.hvp(halfSquare, x, v).shouldBeNear(direct)
    }
}

class ShapesSpec :
    FunSpec({
        test("reshape keeps the order, and one size may be left open") {
            for (dtype in DType.entries) {
                val x = count(DType.F64, 2, 6).to(dtype)
                Shapes.reshape(x, 3, -1).shape() shouldBe Shape.of(3, 4)
                Shapes.reshape(x, 3, 4).toDoubles() shouldBe x.toDoubles()
            }
            Shapes.reshape(count(DType.F32, 0, 3), -1, 3).shape() shouldBe Shape.of(0, 3)
            Shapes.reshape(count(DType.F32, 1, 1)).shape() shouldBe Shape.scalar()
        }

        test("flatten merges the axes from one on; vec in both orders") {
            val x = count(DType.F32, 2, 3, 4)
            Shapes.flatten(x, 1).shape() shouldBe Shape.of(2, 12)
            Shapes.flatten(x, -1).shape() shouldBe Shape.of(2, 3, 4)
            Shapes.flatten(x, 3).shape() shouldBe Shape.of(2, 3, 4, 1)
            Shapes.flatten(number(DType.F32, 7.0), 0).shape() shouldBe Shape.of(1)
            val m = count(DType.F32, 2, 3)
            Shapes.flatten(m, 0).shouldHold(0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
            Shapes.flatten(Shapes.transpose(m), 0).shouldHold(0.0, 3.0, 1.0, 4.0, 2.0, 5.0)
        }

        test("axes of size 1 come and go") {
            val x = count(DType.F64, 2, 3)
            Shapes.expandDims(x, 1).shape() shouldBe Shape.of(2, 1, 3)
            Shapes.expandDims(x, -1).shape() shouldBe Shape.of(2, 3, 1)
            val y = Shapes.reshape(x, 1, 2, 1, 3)
            Shapes.squeeze(y).shape() shouldBe Shape.of(2, 3)
            Shapes.squeeze(y, -2).shape() shouldBe Shape.of(1, 2, 3)
        }

        test("transpose permutes as its index says") {
            checkAll(40, Arb.int(0..3), Arb.int(1..4), Arb.int(1..9)) { seed, rank, size ->
                val dims = IntArray(rank) { 1 + (size + it * 2) % 4 }
                val order = (0 until rank).sortedBy { (it * 5 + seed * 3) % 7 }.toIntArray()
                for (dtype in floating) {
                    val x = tensor(dtype, Shape.of(*dims)) { it.toDouble() }
                    val y = Shapes.transpose(x, *order)
                    val from = x.shape().strides()
                    val to = y.shape().strides()
                    repeat(y.size()) { i ->
                        val at = (0 until rank).sumOf { a -> i / to[a] % y.dim(a) * from[order[a]] }
                        y.toDoubles()[i] shouldBe x.toDoubles()[at]
                    }
                    shouldBeLinear(x) { Shapes.transpose(it, *order) }
                }
            }
            Shapes.transpose(count(DType.F32, 2, 3, 4)).shape() shouldBe Shape.of(4, 3, 2)
            Shapes.transpose(count(DType.F32, 2, 3, 4), -1, 0, 1).shape() shouldBe Shape.of(4, 2, 3)
            Shapes.swapAxes(count(DType.F32, 2, 3, 4), 0, -1).shape() shouldBe Shape.of(4, 3, 2)
        }

        test("slice takes what NumPy takes") {
            val bound = Arb.int(-8..8)
            checkAll(300, bound, bound, Arb.int(-3..3), bound, bound) { s0, e0, k, s1, e1 ->
                val steps = intArrayOf(if (k == 0) 1 else k, if (k % 2 == 0) 1 else -1)
                for (dtype in floating) {
                    val x = count(dtype, 5, 4, 2)
                    val f = { t: Tensor -> Shapes.slice(t, intArrayOf(s0, s1), intArrayOf(e0, e1), steps) }
                    val rows = positions(s0, e0, steps[0], 5)
                    val columns = positions(s1, e1, steps[1], 4)
                    val y = f(x)
                    y.shape() shouldBe Shape.of(rows.size, columns.size, 2)
                    y.toDoubles().toList() shouldBe
                        rows.flatMap { r -> columns.flatMap { c -> listOf(0, 1).map { r * 8.0 + c * 2 + it } } }
                    shouldBeLinear(x, f)
                }
            }
        }

        test("a backward slice to the front, a slice along one axis, one index") {
            val x = count(DType.I32, 2, 3)
            val all = Shapes.slice(x, intArrayOf(-1, -1), intArrayOf(Int.MIN_VALUE, Int.MIN_VALUE), intArrayOf(-1, -1))
            all.toInts() shouldBe intArrayOf(5, 4, 3, 2, 1, 0)
            Shapes.slice(x, 1, Int.MAX_VALUE, -1).toInts() shouldBe intArrayOf(1, 2, 4, 5)
            Shapes.at(x, -1, 0).toInts() shouldBe intArrayOf(3, 4, 5)
            Shapes.at(x, 1, 1).toInts() shouldBe intArrayOf(1, 4)
            for (dtype in floating) {
                shouldBeLinear(count(dtype, 4, 3)) { Shapes.at(it, 2, 0) }
                shouldBeLinear(count(dtype, 4, 3)) { Shapes.slice(it, -3, -1, 0) }
            }
        }

        test("flip reverses along axes") {
            val x = count(DType.F32, 2, 3)
            Shapes.flip(x, 1).shouldHold(2.0, 1.0, 0.0, 5.0, 4.0, 3.0)
            Shapes.flip(x).shouldHold(5.0, 4.0, 3.0, 2.0, 1.0, 0.0)
            Shapes.flip(Tensor.of(true, false)).toBooleans() shouldBe booleanArrayOf(false, true)
            for (dtype in floating) shouldBeLinear(count(dtype, 3, 2)) { Shapes.flip(it, 0) }
        }

        test("concat undoes split along any axis") {
            checkAll(60, Arb.int(0..2), Arb.list(Arb.int(0..3), 1..4)) { axis, sizes ->
                for (dtype in floating) {
                    val dims = intArrayOf(2, 3, 2).also { it[axis] = sizes.sum() }
                    val x = count(dtype, *dims)
                    val parts = Shapes.split(x, sizes.toIntArray(), axis)
                    parts.map { it.dim(axis) } shouldBe sizes
                    Shapes.concat(parts, axis).contentEquals(x) shouldBe true
                    shouldBeLinear(x) { Shapes.concat(Shapes.split(it, sizes.toIntArray(), axis).reversed(), axis) }
                }
            }
        }

        test("concat of differentiated and constant parts") {
            for (dtype in floating) {
                val constant = count(dtype, 2, 1)
                val f = { t: Tensor -> Shapes.concat(listOf(constant, t, t), -1) }
                val x = count(dtype, 2, 2)
                f(x).shouldHold(0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 2.0, 3.0, 2.0, 3.0)
                Ad.vjp(f, x).pullback().apply(count(dtype, 2, 5)).shouldHold(4.0, 6.0, 14.0, 16.0)
                Ad.jvp(f, x, Tensor.ones(dtype, 2, 2)).tangent()
                    .shouldHold(0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0)
            }
        }

        test("stack puts tensors side by side along a new axis") {
            val a = count(DType.F32, 2)
            val b = a.plus(10.0)
            Shapes.stack(listOf(a, b), 0).shouldHold(0.0, 1.0, 10.0, 11.0)
            Shapes.stack(listOf(a, b), -1).shouldHold(0.0, 10.0, 1.0, 11.0)
            for (dtype in floating) shouldBeLinear(count(dtype, 2, 2)) { Shapes.stack(listOf(it, it.times(3.0)), 1) }
        }

        test("gather picks by index, and its adjoint adds back") {
            checkAll(60, Arb.int(0..2), Arb.list(Arb.int(-3..2), 0..6)) { axis, wanted ->
                for (dtype in floating) {
                    val x = count(dtype, *intArrayOf(2, 4, 10).also { it[axis] = 3 })
                    val indices = Tensor.of(Shape.of(1, wanted.size), *wanted.toIntArray())
                    val y = Shapes.gather(x, indices, axis)
                    val dims = x.shape().toArray().toMutableList()
                    dims.removeAt(axis)
                    dims.addAll(axis, listOf(1, wanted.size))
                    y.shape() shouldBe Shape.of(*dims.toIntArray())
                    if (wanted.isNotEmpty()) {
                        val expected = Shapes.stack(wanted.map { Shapes.at(x, it, axis) }, axis)
                        y.toDoubles() shouldBe expected.toDoubles()
                    }
                    shouldBeLinear(x) { Shapes.gather(it, indices, axis) }
                    shouldBeLinear(y) { Shapes.scatterAdd(it, indices, 3, axis) }
                }
            }
        }

        test("gather by a scalar index drops the axis; scatterAdd counts") {
            Shapes.gather(count(DType.F32, 2, 3), Tensor.of(Shape.scalar(), -1), 1).shouldHold(2.0, 5.0)
            val votes = Shapes.scatterAdd(Tensor.of(1, 1, 1, 1), Tensor.of(2, 0, 2, -1), 3, 0)
            votes.toInts() shouldBe intArrayOf(1, 0, 3)
        }

        test("scattered sums have the same bits with any number of threads") {
            val indices = Tensor.of(*IntArray(3000) { it * 7 % 5 })
            val x = tensor(DType.F32, Shape.of(3000, 40)) { 1.0 / (it + 1) }
            val before = Parallel.threads()
            try {
                val sums =
                    listOf(1, 2, 5).map {
                        Parallel.use(it)
                        Shapes.scatterAdd(x, indices, 5, 0)
                    }
                sums.all { it.contentEquals(sums[0]) } shouldBe true
            } finally {
                Parallel.use(before)
            }
        }

        test("broadcastTo, tile and repeat") {
            Shapes.broadcastTo(count(DType.F32, 2, 1), 2, 2, 3).shape() shouldBe Shape.of(2, 2, 3)
            Shapes.tile(count(DType.F32, 1, 2), 2, 2).shouldHold(0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0)
            Shapes.repeat(count(DType.F32, 2, 2), 2, 0).shouldHold(0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 3.0)
            Shapes.repeat(count(DType.F32, 3), 2, -1).shouldHold(0.0, 0.0, 1.0, 1.0, 2.0, 2.0)
            Shapes.tile(count(DType.F32, 2), 0).shape() shouldBe Shape.of(0)
            for (dtype in floating) {
                shouldBeLinear(count(dtype, 2, 3)) { Shapes.tile(it, 3, 2) }
                shouldBeLinear(count(dtype, 2, 3)) { Shapes.repeat(it, 3, 1) }
                shouldBeLinear(count(dtype, 2, 1)) { Shapes.broadcastTo(it, 4, 2, 3) }
            }
        }

        test("pad puts a margin of a number, also an infinite one, or of the edge") {
            checkAll(40, Arb.int(0..2), Arb.int(0..2), Arb.int(0..2), Arb.boolean()) { top, bottom, left, edge ->
                for (dtype in floating) {
                    val x = count(dtype, 2, 3)
                    val before = intArrayOf(top, left)
                    val after = intArrayOf(bottom, 1)
                    val f = { t: Tensor ->
                        if (edge) Shapes.padEdge(t, before, after) else Shapes.pad(t, before, after, -INF)
                    }
                    val y = f(x)
                    y.shape() shouldBe Shape.of(2 + top + bottom, 4 + left)
                    y.toDoubles().forEachIndexed { i, actual ->
                        val r = i / y.dim(1) - top
                        val c = i % y.dim(1) - left
                        val inside = r in 0..1 && c in 0..2
                        actual shouldBe if (inside || edge) r.coerceIn(0, 1) * 3.0 + c.coerceIn(0, 2) else -INF
                    }
                    val v = count(dtype, 2, 3).plus(1.0)
                    val w = tensor(dtype, y.shape()) { it % 4 - 1.0 }
                    shouldTranspose(x, v, w, f)
                    shouldBeLinear(x) { if (edge) f(it) else Shapes.pad(it, before, after, 0.0) }
                }
            }
            Shapes.pad(Tensor.of(1, 2), intArrayOf(1), intArrayOf(0), 9.0).toInts() shouldBe intArrayOf(9, 1, 2)
        }

        test("shapes with an empty axis pass through everything that moves numbers") {
            for (dtype in floating) {
                val x = count(dtype, 2, 0, 3)
                shouldBeLinear(x) { Shapes.transpose(it) }
                shouldBeLinear(x) { Shapes.flip(it) }
                shouldBeLinear(x) { Shapes.slice(it, 0, 1, 0) }
                shouldBeLinear(x) { Shapes.concat(listOf(it, it), 1) }
                shouldBeLinear(x) { Shapes.pad(it, intArrayOf(0, 1, 0), intArrayOf(0, 0, 0), 0.0) }
                shouldBeLinear(x) { Shapes.gather(it, Tensor.of(1, 0), 0) }
            }
        }

        val x = count(DType.F32, 2, 3)
        val errors =
            listOf<Pair<String, () -> Any>>(
                "reshape: one size may be -1 if the others divide the number of elements; " +
                    "got x: f32[2, 3], sizes: [4, -1]; choose sizes whose product divides 6" to
                    { Shapes.reshape(x, 4, -1) },
                "reshape: the number of elements must stay the same; got x: f32[2, 3], shape: [4] (6 ≠ 4); " +
                    "choose sizes with the same product" to
                    { Shapes.reshape(x, 4) },
                "squeeze: axes must be of size 1; got axis 1 of x: f32[2, 3]; reshape, or reduce over the axis" to
                    { Shapes.squeeze(x, 1) },
                "transpose: the order must name every axis once, counted from 0; got x: f32[2, 3], order: [0, 0]; " +
                    "give a permutation of the axes" to
                    { Shapes.transpose(x, 0, -2) },
                "slice: one start, end and step is needed for each sliced axis; " +
                    "got x: [2, 3], 1 starts, 2 ends, 1 steps; give as many of each, at most one per axis" to
                    { Shapes.slice(x, intArrayOf(0), intArrayOf(1, 1), intArrayOf(1)) },
                "slice: a step must not be 0; got 0; give a step such as 1 or -1" to
                    { Shapes.slice(x, intArrayOf(0), intArrayOf(1), intArrayOf(0)) },
                "at: an index must lie in [-3, 3), the size of axis 1 of [2, 3]; got 3; correct the index" to
                    { Shapes.at(x, 3, -1) },
                "split: sizes must add up to that of axis 1; got x: f32[2, 3], sizes: [2, 2]; " +
                    "give sizes ≥ 0 whose sum is 3" to
                    { Shapes.split(x, intArrayOf(2, 2), 1) },
                "gather: an index must lie in [-3, 3), the size of axis 1; " +
                    "got 5 at position 1 of indices: i32[2]; correct the indices" to
                    { Shapes.gather(x, Tensor.of(0, 5), 1) },
                "gather: indices must be of type i32; got indices: f32[2]; convert with to(DType.I32)" to
                    { Shapes.gather(x, Tensor.of(0f, 1f), 1) },
                "scatterAdd: an index must lie in [-4, 4), the size of axis 0; " +
                    "got -5 at position 0 of indices: i32[2]; correct the indices" to
                    { Shapes.scatterAdd(x, Tensor.of(-5, 1), 4, 0) },
                "scatterAdd: the updates must have the axes of the indices from axis 1 on; " +
                    "got updates: f32[2, 3], indices: i32[2]; reshape one of them" to
                    { Shapes.scatterAdd(x, Tensor.of(0, 1), 4, 1) },
                "concat: shapes must agree except along axis 0; " +
                    "got operand 0: f32[2, 3], operand 1: f32[3, 2]; slice, pad or reshape one of them" to
                    { Shapes.concat(listOf(x, Shapes.transpose(x)), 0) },
                "concat: operands must have one type; got operand 0: f32[2, 3], operand 1: f64[2, 3]; " +
                    "convert one of them with to(DType)" to
                    { Shapes.concat(listOf(x, x.to(DType.F64)), 0) },
                "concat: needs at least one tensor; got none; give some" to
                    { Shapes.concat(listOf(), 0) },
                "stack: shapes must be equal; got [2, 3] and [3, 2]; reshape, slice or pad one of them" to
                    { Shapes.stack(listOf(x, Shapes.transpose(x)), 0) },
                "tile: needs a number ≥ 0 for each axis; got x: f32[2, 3], times: [2]; give as many as axes" to
                    { Shapes.tile(x, 2) },
                "pad: needs a width ≥ 0 before and after for each axis; " +
                    "got x: f32[2, 3], before: [1], after: [1, 1]; give as many as axes; slice to take away" to
                    { Shapes.pad(x, intArrayOf(1), intArrayOf(1, 1), 0.0) },
                "padEdge: an axis to be padded must not be empty; got axis 0 of x: f32[0]; pad with a number" to
                    { Shapes.padEdge(count(DType.F32, 0), intArrayOf(1), intArrayOf(0)) },
                "shape: axis must lie in [-2, 2); got axis 2 of [2, 3]; name an axis that exists" to
                    { Shapes.swapAxes(x, 0, 2) },
            )
        for ((message, call) in errors) {
            test("error: $message") { shouldThrow<AdException> { call() }.message shouldBe message }
        }
    })
