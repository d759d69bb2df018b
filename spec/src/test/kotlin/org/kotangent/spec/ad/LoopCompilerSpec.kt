package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Elementwise
import org.kotangent.ad.Expr
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import kotlin.random.Random

private val arithmetic =
    listOf(
        ScalarOp.ADD,
        ScalarOp.SUB,
        ScalarOp.MUL,
        ScalarOp.DIV,
        ScalarOp.MAX,
        ScalarOp.MIN,
        ScalarOp.HYPOT,
        ScalarOp.ATAN2,
    )

private val functions =
    listOf(
        ScalarOp.NEG,
        ScalarOp.ABS,
        ScalarOp.SIGN,
        ScalarOp.SQUARE,
        ScalarOp.SIN,
        ScalarOp.TANH,
        ScalarOp.ATAN,
        ScalarOp.FLOOR,
        ScalarOp.CEIL,
        ScalarOp.ROUND,
        ScalarOp.ERF,
        ScalarOp.ASINH,
        ScalarOp.RECIPROCAL,
    )

private val comparisons = listOf(ScalarOp.LESS, ScalarOp.LESS_EQUAL, ScalarOp.EQUAL)

/** A random expression in two variables, in which some parts are used more than once. */
private class RandomExpr(private val random: Random) {
    private val made = mutableListOf<Expr>(Expr.Variable(0), Expr.Variable(1), Expr.of(0.5))

    private fun operand() = made.random(random)

    private fun condition(): Expr {
        val simple = Expr.Apply(comparisons.random(random), listOf(operand(), operand()))
        return when (random.nextInt(4)) {
            0 -> simple.not()
            1 -> simple.and(Expr.Apply(ScalarOp.LESS, listOf(operand(), operand())))
            2 -> simple.or(Expr.Apply(ScalarOp.LESS, listOf(operand(), operand())))
            else -> simple
        }
    }

    fun next(size: Int): Expr {
        repeat(size) {
            made +=
                when (random.nextInt(5)) {
                    0, 1 -> Expr.Apply(functions.random(random), listOf(operand()))
                    2, 3 -> Expr.Apply(arithmetic.random(random), listOf(operand(), operand()))
                    else -> condition().select(operand(), operand())
                }
        }
        return made.last()
    }
}

/** The same expression, one primitive for every node: what a compiled loop must give to the bit. */
private fun nodeByNode(e: Expr, x: List<Tensor>): Tensor = when (e) {
    is Expr.Variable -> x[e.index()]
    is Expr.Constant -> x[0].like(e.value())
    is Expr.Apply -> e.op().primitive().apply(*e.operands().map { nodeByNode(it, x) }.toTypedArray())
}

private val zero = Elementwise.BinaryPartial { _, _, _ -> Expr.of(0.0) }

private fun compiled(e: Expr): Elementwise = Elementwise.binary("compiled", { _, _ -> e }, zero, zero)

/** Loops compiled from expressions, seen through the primitives that run them. */
class LoopCompilerSpec :
    FunSpec({
        val expressions: Arb<Expr> = arbitrary { RandomExpr(Random(it.random.nextLong())).next(size = 8) }
        val random = Random(4)

        fun operand(shape: Shape, dtype: DType) =
            Tensor.of(shape, *DoubleArray(shape.size()) { random.nextDouble(-3.0, 3.0) }).to(dtype)

        for (dtype in listOf(DType.F32, DType.F64)) {
            test("$dtype: a random expression gives the bits of its nodes computed one by one") {
                checkAll(60, expressions) { e ->
                    val x = listOf(operand(Shape.of(5), dtype), operand(Shape.of(5), dtype))
                    val expected = Core.broadcastTo(nodeByNode(e, x), Shape.of(5))
                    withClue(e.toString()) { compiled(e).apply(x[0], x[1]).contentEquals(expected).shouldBeTrue() }
                }
            }

            test("$dtype: a single number beside many, on either side, and on both") {
                val e = Expr.Variable(0).div(Expr.Variable(1))
                val many = operand(Shape.of(7), dtype)
                val one = operand(Shape.scalar(), dtype)
                for ((a, b) in listOf(one to many, many to one, one to one, many to many)) {
                    compiled(e).apply(a, b).contentEquals(a.div(b)) shouldBe true
                }
            }

            test("$dtype: every element of a large array, whatever the chunk it falls into") {
                val x = operand(Shape.of(100_003), dtype)
                val y = compiled(Expr.Variable(0).times(2.0).plus(Expr.Variable(1))).apply(x, x.like(1.0)).toDoubles()
                val expected = x.times(2.0).plus(1.0).toDoubles()
                y.contentEquals(expected) shouldBe true
            }
        }

        test("every node is rounded to F32, as if it had been stored") {
            val big = Tensor.of(16777216f)
            compiled(Expr.Variable(0).plus(1.0).minus(Expr.Variable(1))).apply(big, big).item() shouldBe 0.0
        }

        test("a comparison with NaN is false, and so is its branch") {
            val nan = Tensor.of(Double.NaN, 1.0)
            val one = Tensor.of(1.0, 1.0)
            for ((op, expected) in mapOf(ScalarOp.LESS to false, ScalarOp.LESS_EQUAL to true, ScalarOp.EQUAL to true)) {
                op.primitive().apply(nan, one).toBooleans() shouldBe booleanArrayOf(false, expected)
                op.primitive().apply(one, nan).toBooleans() shouldBe booleanArrayOf(false, expected)
            }
            val e = Expr.Variable(0).less(Expr.Variable(1)).select(Expr.of(1.0), Expr.of(2.0))
            compiled(e).apply(nan, one.times(5.0)).toDoubles() shouldBe doubleArrayOf(2.0, 1.0)
        }

        test("integers, where the function is defined on them") {
            val x = Tensor.of(7, -7, 0)
            val y = Tensor.of(2, 2, -5)
            compiled(Expr.Variable(0).max(Expr.Variable(1)).square()).apply(x, y).toInts() shouldBe intArrayOf(49, 4, 0)
            compiled(Expr.Variable(0).div(Expr.Variable(1))).apply(x, y).toInts() shouldBe intArrayOf(3, -3, 0)
            shouldThrow<DTypeException> { compiled(Expr.Variable(0).exp()).apply(x, y) }.message shouldBe
                "compiled: needs floating operands; got a: i32[3], b: i32[3]; convert with to(DType.F32)"
            shouldThrow<DTypeException> { compiled(Expr.Variable(0).plus(0.5)).apply(x, y) }.message shouldBe
                "compiled: needs floating operands; got a: i32[3], b: i32[3]; convert with to(DType.F32)"
        }

        test("a primitive made of an expression is differentiated to any order") {
            val gaussian = Elementwise.unary("gaussian", {
                it.square().neg().exp()
            }, { x, y -> x.times(-2.0).times(y) })
            val f = { x: Tensor -> gaussian.apply(x) }
            val first = { x: Tensor -> Ad.grad(f).apply(x) }
            val second = { x: Tensor -> Ad.jvp(first, x, x.like(1.0)).tangent() }
            val third = Ad.grad(second).apply(Tensor.scalar(0.5)).item()
            // (e^(−x²))‴ = (12x − 8x³)·e^(−x²)
            (Math.abs(third - 5 * Math.exp(-0.25)) < 1e-14) shouldBe true
        }

        test("a partial that is a constant, whichever way it is written") {
            val half = Elementwise.unary("half", { it.times(0.5) }, { _, _ -> Expr.of(0.25).sqrt() })
            Ad.grad { x: Tensor -> half.apply(x) }.apply(Tensor.scalar(3.0)).item() shouldBe 0.5
            Ad.jvp({ x: Tensor -> half.apply(x) }, Tensor.of(3f), Tensor.of(1f)).tangent().item() shouldBe 0.5
        }
    })
