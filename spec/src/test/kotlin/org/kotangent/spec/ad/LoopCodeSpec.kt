package org.kotangent.spec.ad

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Elementwise
import org.kotangent.ad.Expr
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.internal.LoopCode
import org.kotangent.ad.internal.Provider
import org.kotangent.spec.seed
import java.io.File
import kotlin.random.Random

private val edges =
    listOf(
        0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 8388607.5, -8388607.5, 1.6777216E7, 88.7, 88.8,
        -87.4, -103.9, -104.1,
        709.7, 709.8, -708.4, -745.1, -745.2, 4503599627370495.5, 1e30, -1e30, 1e300, 1e-39, 1e-310,
        Float.MIN_VALUE.toDouble(), -Float.MIN_VALUE.toDouble(), Float.MAX_VALUE.toDouble(),
        Double.MIN_VALUE, Double.MAX_VALUE,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN,
    )

private val types = listOf(DType.F32, DType.F64)

private fun Random.numbers(dtype: DType, vararg dims: Int): Tensor {
    val shape = Shape.of(*dims)
    return Tensor.of(
        shape,
        *DoubleArray(shape.size()) { if (nextInt(3) == 0) edges.random(this) else nextDouble(-4.0, 4.0) },
    ).to(dtype)
}

private fun elementwise(e: Expr, operands: Int) = Elementwise.of("loop", e, List(operands) { Expr.of(0.0) })

/** An expression whose loop also reads truth values, all of them true, which machine code does not. */
private fun inBytecode(e: Expr, operands: Int) =
    elementwise(Expr.Apply(ScalarOp.SELECT, listOf(Expr.Variable(operands), e, Expr.of(0.0))), operands + 1)

private fun truths(like: Tensor) = Tensor.of(like.shape(), *BooleanArray(like.size()) { true })

private fun Tensor.bits(): List<Long> = if (dtype() == DType.F32) {
    toFloats().map { it.toBits().toLong() }
} else {
    toDoubles().map { it.toBits() }
}

private val arithmetic =
    listOf(
        ScalarOp.ADD, ScalarOp.SUB, ScalarOp.MUL, ScalarOp.DIV, ScalarOp.MAX, ScalarOp.MIN, ScalarOp.NEG, ScalarOp.ABS,
        ScalarOp.SQUARE, ScalarOp.FMA, ScalarOp.SQRT, ScalarOp.SIGN, ScalarOp.FLOOR, ScalarOp.EXP,
        ScalarOp.TANH, ScalarOp.LOG1P,
    )

/** An expression in which everything before may be used again, so that registers run out. */
private fun Random.expression(operands: Int, size: Int): Expr {
    val made = MutableList<Expr>(operands) { Expr.Variable(it) }
    repeat(size) {
        if (nextInt(6) == 0) made += Expr.of(edges.random(this))
        val op = arithmetic.random(this)
        made += Expr.Apply(op, List(op.arity()) { made.random(this) })
        if (nextInt(5) == 0) {
            val condition = if (nextBoolean()) {
                made.random(
                    this,
                ).less(made.random(this))
            } else {
                made.random(this).equalTo(made.random(this))
            }
            made +=
                condition.not().and(
                    made.random(this).lessEqual(made.random(this)),
                ).or(condition).select(made.random(this), made.random(this))
        }
    }
    return made.drop(operands).chunked(2).map { it.first() }.reduce { a, b -> a.plus(b) }
}

/** Loops in machine code: the bits of bytecode. */
class LoopCodeSpec :
    FunSpec({
        val present = Provider.chosen() == Provider.NATIVE

        for (op in ScalarOp.entries.filter { LoopCode.handles(DType.F32, listOf(it.body())) && !it.isCondition() }) {
            test(
                "${op.label()}: machine code and bytecode give the same bits, whatever the numbers",
            ).config(enabled = present) {
                val e = if (op ==
                    ScalarOp.SELECT
                ) {
                    Expr.Variable(0).less(Expr.Variable(1)).select(Expr.Variable(1), Expr.Variable(2))
                } else {
                    op.body()
                }
                val n = op.arity()
                val random = Random(seed + op.ordinal)
                for (dtype in types) {
                    val x = List(n) { random.numbers(dtype, 1009) }
                    val expected = inBytecode(e, n).apply(*x.toTypedArray(), truths(x[0]))
                    withClue(dtype) { elementwise(e, n).apply(*x.toTypedArray()).bits() shouldBe expected.bits() }
                }
            }
        }

        test(
            "expressions with more values than registers, of one to fifteen operands, at all lengths",
        ).config(enabled = present) {
            val random = Random(seed)
            repeat(150) { run ->
                val n = 1 + run % 15
                val e = random.expression(n, 5 + random.nextInt(40))
                val length = 1 + run % 71
                for (dtype in types) {
                    // Some are one number for all, some one for a row, some one row for all.
                    val x =
                        List(n) { k ->
                            when (if (k == 0) 3 else random.nextInt(6)) {
                                0 -> random.numbers(dtype)
                                1 -> random.numbers(dtype, 3, 1)
                                2 -> random.numbers(dtype, length)
                                else -> random.numbers(dtype, 3, length)
                            }
                        }
                    val expected = inBytecode(e, n).apply(*x.toTypedArray(), truths(x[0]))
                    withClue("run $run $dtype [3, $length]: $e") {
                        elementwise(e, n).apply(*x.toTypedArray()).bits() shouldBe expected.bits()
                    }
                }
            }
        }

        test("an expression too long for machine code").config(enabled = present) {
            val x = Expr.Variable(0)
            val powers = (1..300).runningFold(x as Expr) { y, k -> y.times(x).plus(1.0 / k) }
            val e = powers.reduce { a, b -> a.minus(b) }
            val t = Random(seed + 2).numbers(DType.F32, 100)
            elementwise(e, 1).apply(t).bits() shouldBe inBytecode(e, 1).apply(t, truths(t)).bits()
        }

        test("several results, in place and not, with numbers that nobody stores") {
            val random = Random(seed + 1)
            repeat(20) { run ->
                val (e, g) = random.expression(3, 12) to random.expression(3, 12)
                val f = { x: List<Tensor> ->
                    val y = elementwise(e, 3).apply(*x.toTypedArray())
                    val z = elementwise(g, 3).apply(y, x[1], x[2])
                    listOf(Core.add(y, x[0]), Core.mul(z, y), Core.sub(z, x[2]))
                }
                val x = List(3) { random.numbers(DType.F32, 5, 1 + 13 * run) }
                val plan = Ad.compile(f)
                withClue("run $run") { plan.apply(x).zip(f(x)).all { (a, b) -> a.contentEquals(b) }.shouldBeTrue() }
            }
        }

        test("code that nobody can call any more is given back").config(enabled = present) {
            fun mapped() = File("/proc/self/maps").readLines().count { "r-xp 00000000 00:00 0" in it }
            val x = Tensor.of(1f, 2f)
            repeat(1_500) { elementwise(Expr.Variable(0).times(it + 0.5), 1).apply(x) }
            val before = mapped()
            repeat(10_000) { elementwise(Expr.Variable(0).plus(it + 0.5), 1).apply(x) }
            System.gc()
            val deadline = System.nanoTime() + 5_000_000_000
            while (mapped() > before + 1_000 && System.nanoTime() < deadline) Thread.sleep(20)
            (mapped() <= before + 1_000).shouldBeTrue()
        }
    })
