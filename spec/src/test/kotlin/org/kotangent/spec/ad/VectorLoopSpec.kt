package org.kotangent.spec.ad

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Elementwise
import org.kotangent.ad.Expr
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.internal.Hot
import kotlin.random.Random

private val floats =
    listOf(
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        -0.5f,
        1.5f,
        2.5f,
        -2.5f,
        0.49999997f,
        8388607.5f,
        -8388607.5f,
        1.6777216E7f,
        88.7f,
        88.8f,
        -87.4f,
        -103.9f,
        -104.1f,
        1e30f,
        -1e30f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        1e-39f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
    )

/** Edges of F64, which are infinite or 0 in F32. */
private val doubles =
    listOf(709.7, 709.8, -708.4, -745.1, -745.2, 4503599627370495.5, 1e300, 1e-310, Double.MIN_VALUE, -Double.MIN_VALUE)

/** An odd number of elements: neither vectors nor turns of them divide it. */
private const val SIZE = 389

private val shape = Shape.of(SIZE)

private fun number(dtype: DType, random: Random): Double = when {
    dtype == DType.I32 -> listOf(0, 1, -1, 7, Int.MIN_VALUE, Int.MAX_VALUE, random.nextInt()).random(random).toDouble()
    random.nextInt(3) == 0 -> floats.random(random).toDouble()
    random.nextInt(9) == 0 -> doubles.random(random)
    else -> random.nextDouble(-4.0, 4.0)
}

private fun operand(dtype: DType, random: Random, shape: Shape): Tensor = if (dtype == DType.BOOL) {
    Tensor.of(shape, *BooleanArray(shape.size()) { random.nextBoolean() })
} else {
    Tensor.of(shape, *DoubleArray(shape.size()) { number(dtype, random) }).to(dtype)
}

private fun takesCondition(op: ScalarOp, i: Int) = when (op) {
    ScalarOp.AND, ScalarOp.OR, ScalarOp.NOT -> true
    ScalarOp.SELECT -> i == 0
    else -> false
}

/** Applies a function to one element at a time, which is never a vector. */
private fun oneByOne(f: (List<Tensor>) -> Tensor, x: List<Tensor>): Tensor {
    val parts = x.map { Core.unstack(it) }
    return Core.stack(List(x[0].size()) { i -> f(parts.map { it[i] }) })
}

/** Runs something until its loops are worth vectors, and waits until these are in use. */
private fun whenHot(f: () -> Unit) {
    val start = System.nanoTime()
    while (System.nanoTime() - start < 3_000_000) f()
    Hot.await()
}

private fun apply(op: ScalarOp): (List<Tensor>) -> Tensor = { x -> op.primitive().apply(*x.toTypedArray()) }

private val zero = Elementwise.BinaryPartial { _, _, _ -> Expr.of(0.0) }

private fun compiled(e: Expr): Elementwise = Elementwise.binary("compiled", { _, _ -> e }, zero, zero)

/** Loops over vectors: the same bits as one element after another. */
class VectorLoopSpec :
    FunSpec({
        for (op in ScalarOp.entries) {
            test("${op.label()}: an element has the same bits in a vector and alone, whatever it is") {
                for (dtype in listOf(DType.F32, DType.F64, DType.I32)) {
                    val random = Random(op.ordinal)
                    val x =
                        List(op.arity()) { i ->
                            operand(if (takesCondition(op, i)) DType.BOOL else dtype, random, shape)
                        }
                    val safe =
                        when {
                            op == ScalarOp.DIV && dtype == DType.I32 -> listOf(
                                x[0],
                                Core.broadcastTo(x[1].like(3.0), shape),
                            )

                            op == ScalarOp.POLYGAMMA -> listOf(Core.broadcastTo(x[0].like(2.0), shape), x[1])

                            else -> x
                        }
                    val whole =
                        try {
                            apply(op)(safe)
                        } catch (e: DTypeException) {
                            dtype shouldBe DType.I32
                            continue
                        }
                    val alone = oneByOne(apply(op), safe)
                    whenHot { apply(op)(safe) }
                    withClue(dtype) { apply(op)(safe).contentEquals(alone).shouldBeTrue() }
                    withClue(dtype) { whole.contentEquals(alone).shouldBeTrue() }
                }
            }
        }

        test("operands that stay, that start over in every row, and that go along") {
            val random = Random(3)
            for (dtype in listOf(DType.F32, DType.F64, DType.I32)) {
                val full = Shape.of(3, 5, SIZE)
                for (other in listOf(Shape.of(SIZE), Shape.of(5, 1), Shape.of(3, 1, SIZE), Shape.scalar(), full)) {
                    val a = operand(dtype, random, full)
                    val b = operand(dtype, random, other)
                    val c = operand(DType.BOOL, random, other)
                    val bs = Core.broadcastTo(b, full)
                    val cs = Core.broadcastTo(c, full)
                    whenHot { Core.select(c, Core.sub(a, b), Core.sub(b, a)) }
                    withClue("$dtype $other") {
                        Core.sub(a, b).contentEquals(Core.sub(a, bs)).shouldBeTrue()
                        Core.sub(b, a).contentEquals(Core.sub(bs, a)).shouldBeTrue()
                        Core.select(c, a, b).contentEquals(Core.select(cs, a, bs)).shouldBeTrue()
                    }
                }
            }
        }

        test("several results of a plan, numbers and truth values, are those of one operation after another") {
            val random = Random(5)
            val f = { x: List<Tensor> ->
                val h = Core.add(x[0], x[1])
                val on = ScalarOp.LESS.primitive().apply(x[1], h)
                val off = ScalarOp.NOT.primitive().apply(ScalarOp.AND.primitive().apply(on, x[2]))
                val y = Core.select(off, ScalarOp.TANH.primitive().apply(h), Core.mul(h, on.to(h.dtype())))
                listOf(y, on, off)
            }
            val plan = Ad.compile(f)
            for (dtype in listOf(DType.F32, DType.F64)) {
                val x =
                    listOf(
                        operand(dtype, random, Shape.of(7, SIZE)),
                        operand(dtype, random, shape),
                        operand(DType.BOOL, random, Shape.of(7, SIZE)),
                    )
                val expected = f(x)
                whenHot { plan.apply(x) }
                plan.apply(x).zip(expected).all { (a, b) -> a.contentEquals(b) }.shouldBeTrue()
            }
        }

        test("the first call and one of optimised code give the same bits") {
            val random = Random(6)
            val (a, b) = Expr.Variable(0) to Expr.Variable(1)
            val e = a.times(1.25).tanh().plus(b.abs().log()).max(b.less(a).select(a.exp(), b.sqrt())).sigmoid()
            val f = compiled(e)
            for (dtype in listOf(DType.F32, DType.F64)) {
                val x = operand(dtype, random, Shape.of(1027))
                val y = operand(dtype, random, Shape.of(1027))
                val cold = f.apply(x, y)
                whenHot { f.apply(x, y) }
                f.apply(x, y).contentEquals(cold).shouldBeTrue()
            }
        }
    })
