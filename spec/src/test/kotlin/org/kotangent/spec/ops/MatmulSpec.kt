package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.boolean
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.internal.Provider
import org.kotangent.ops.Linalg

/** A sum and one more product, rounded as the kernels in use do: native and vector ones at once, others product first. */
private fun plusProduct(sum: Double, x: Double, y: Double, type: DType): Double = when {
    Provider.chosen() !in setOf(Provider.NATIVE, Provider.VECTOR) -> rounded(sum + rounded(x * y, type), type)
    type == DType.F32 -> Math.fma(x.toFloat(), y.toFloat(), sum.toFloat()).toDouble()
    else -> Math.fma(x, y, sum)
}

private fun rounded(x: Double, type: DType): Double = if (type == DType.F32) x.toFloat().toDouble() else x

/** The textbook loop over one matrix product: bits included, what matmul computes. */
private fun product(a: Tensor, b: Tensor): Tensor {
    val (m, k) = a.shape().toArray()
    val n = b.dim(1)
    val x = a.toDoubles()
    val y = b.toDoubles()
    return tensor(a.dtype(), Shape.of(m, n)) {
        (0 until k).fold(0.0) { sum, l -> plusProduct(sum, x[it / n * k + l], y[l * n + it % n], a.dtype()) }
    }
}

private fun transposed(t: Tensor): Tensor = Core.transpose(t, 1, 0)

/** Matrix [i] of a batch. */
private fun matrix(t: Tensor, i: Int): Tensor {
    val size = t.dim(-2) * t.dim(-1)
    val all = t.toDoubles()
    return tensor(t.dtype(), Shape.of(t.dim(-2), t.dim(-1))) { all[i * size + it] }
}

class MatmulSpec :
    FunSpec({
        test("a matrix product is the textbook loop's, bit for bit, whatever the shape and the transposes") {
            val size = Arb.element(1, 2, 3, 4, 5, 7, 16, 31, 65, 130)
            checkAll(60, size, size, size, Arb.boolean(), Arb.boolean(), Arb.element(floating)) {
                    m,
                    n,
                    k,
                    ta,
                    tb,
                    type,
                ->
                val a = random(1, type, m, k)
                val b = random(2, type, k, n)
                val left = if (ta) transposed(a) else a
                val right = if (tb) transposed(b) else b
                Linalg.matmul(left, right, ta, tb).contentEquals(product(a, b)) shouldBe true
            }
        }

        test("sums longer and rows wider than a panel keep the order of their terms") {
            for (type in floating) {
                for ((m, n, k) in listOf(
                    Triple(5, 300, 600),
                    Triple(300, 5, 600),
                    Triple(2, 520, 3),
                    Triple(50, 40, 257),
                )) {
                    val a = random(1, type, m, k)
                    val b = random(2, type, k, n)
                    Linalg.matmul(a, b).contentEquals(product(a, b)) shouldBe true
                }
            }
        }

        test("an empty sum is zero, and an empty matrix stays empty") {
            Linalg.matmul(Tensor.zeros(DType.F32, 2, 0), Tensor.zeros(DType.F32, 0, 3)).shouldHold(
                *DoubleArray(6),
            )
            Linalg.matmul(Tensor.zeros(DType.F32, 0, 4), Tensor.zeros(DType.F32, 4, 3)).shape() shouldBe Shape.of(0, 3)
            Linalg.matmul(Tensor.zeros(DType.F64, 0, 2, 4), Tensor.zeros(DType.F64, 4, 3)).shape() shouldBe
                Shape.of(0, 2, 3)
        }

        test("leading axes broadcast as NumPy's do") {
            for (type in floating) {
                val a = random(1, type, 2, 1, 3, 4)
                val b = random(2, type, 5, 4, 6)
                val y = Linalg.matmul(a, b)
                y.shape() shouldBe Shape.of(2, 5, 3, 6)
                for (i in 0 until 10) {
                    matrix(y, i).contentEquals(product(matrix(a, i / 5), matrix(b, i % 5))) shouldBe true
                }
            }
        }

        test("vectors are rows on the left and columns on the right") {
            val v = vector(DType.F64, 1.0, 2.0, 3.0)
            val m = tensor(DType.F64, Shape.of(3, 2)) { it + 1.0 }
            Linalg.matmul(v, m).run {
                shape() shouldBe Shape.of(2)
                shouldHold(22.0, 28.0)
            }
            Linalg.matmul(transposed(m), v).run {
                shape() shouldBe Shape.of(2)
                shouldHold(22.0, 28.0)
            }
            Linalg.matmul(v, v).run {
                shape() shouldBe Shape.scalar()
                item() shouldBe 14.0
            }
            Linalg.matmul(v, random(1, DType.F64, 5, 3, 2)).shape() shouldBe Shape.of(5, 2)
            Linalg.matmul(random(1, DType.F64, 5, 2, 3), v).shape() shouldBe Shape.of(5, 2)
            Linalg.dot(v, v).item() shouldBe 14.0
            Linalg.outer(v, vector(DType.F64, 1.0, -1.0)).shouldHold(1.0, -1.0, 2.0, -2.0, 3.0, -3.0)
        }

        test("derivatives of every form, to the second order") {
            val shapes =
                listOf(
                    listOf(intArrayOf(3, 4), intArrayOf(4, 2)),
                    listOf(intArrayOf(2, 1, 3, 4), intArrayOf(3, 4, 2)),
                    listOf(intArrayOf(2, 3, 4), intArrayOf(4, 2)),
                    listOf(intArrayOf(4), intArrayOf(2, 4, 3)),
                    listOf(intArrayOf(2, 3, 4), intArrayOf(4)),
                    listOf(intArrayOf(4), intArrayOf(4)),
                )
            for ((a, b) in shapes) {
                withClue("${a.toList()} · ${b.toList()}") {
                    shouldObeyCalculus(7, listOf(random(1, DType.F64, *a), random(2, DType.F64, *b))) { (p, q) ->
                        Linalg.matmul(p, q)
                    }
                }
            }
            shouldObeyCalculus(8, listOf(random(1, DType.F64, 3), random(2, DType.F64, 2))) { (p, q) ->
                Linalg.outer(p, q)
            }
            shouldObeyCalculus(9, listOf(random(1, DType.F64, 3), random(2, DType.F64, 3))) { (p, q) ->
                Linalg.dot(p, q)
            }
        }

        test("derivatives with transposed operands, to the second order") {
            checkAll(4, Arb.boolean(), Arb.boolean(), Arb.long()) { ta, tb, seed ->
                val a = if (ta) random(seed, DType.F64, 2, 4, 3) else random(seed, DType.F64, 2, 3, 4)
                val b = if (tb) random(seed, DType.F64, 5, 4) else random(seed, DType.F64, 4, 5)
                shouldObeyCalculus(seed, listOf(a, b)) { (p, q) -> Linalg.matmul(p, q, ta, tb) }
            }
        }

        test("the adjoints are Giles' §2.2.1: ā = ȳ·bᵀ, b̄ = aᵀ·ȳ") {
            checkAll(20, Arb.int(1..6), Arb.int(1..6), Arb.int(1..6), Arb.element(floating)) { m, n, k, type ->
                val a = random(1, type, m, k)
                val b = random(2, type, k, n)
                val gy = random(3, type, m, n)
                val (ga, gb) =
                    Ad
                        .vjp({ (p, q): List<Tensor> -> Linalg.matmul(p, q) }, listOf(a, b))
                        .pullback()
                        .apply(gy)
                distance(ga, product(gy, transposed(b))) shouldBeLessThan rounding(type)
                distance(gb, product(transposed(a), gy)) shouldBeLessThan rounding(type)
            }
        }

        test("the same bits with one thread and with two") {
            for (type in floating) {
                val a = random(1, type, 150, 200)
                val b = random(2, type, 200, 300)
                val batch = random(3, type, 6, 90, 150)
                shouldNotDependOnThreads {
                    listOf(Linalg.matmul(a, b), Linalg.matmul(batch, a), Linalg.matmul(batch, batch, true, false))
                }
            }
        }

        test("errors name the operation, the shapes and the remedy") {
            fun message(a: Shape, b: Shape) = shouldThrow<ShapeException> {
                Linalg.matmul(tensor(DType.F32, a) { 0.0 }, tensor(DType.F32, b) { 0.0 })
            }.message
            message(Shape.of(32, 784), Shape.of(128, 10)) shouldBe
                "matmul: inner dimensions must agree; got a: [32, 784], b: [128, 10] (784 ≠ 128); " +
                "transpose or reshape one of them"
            message(Shape.of(2, 3, 4), Shape.of(5, 2)) shouldBe
                "matmul: inner dimensions must agree; got a: [2, 3, 4], b: [5, 2] (4 ≠ 5); " +
                "transpose or reshape one of them"
            message(Shape.of(3), Shape.of(5, 2)) shouldBe
                "matmul: inner dimensions must agree; got a: [3], b: [5, 2] (3 ≠ 5); transpose or reshape one of them"
            message(Shape.scalar(), Shape.of(2)) shouldBe
                "matmul: operands must have an axis to sum over; got a: [], b: [2]; multiply by a scalar with times"
            message(Shape.of(2, 3, 4), Shape.of(5, 4, 2)) shouldBe
                "matmul: shapes must be equal or broadcast; got a: [2], b: [5] (2 ≠ 5 at axis -1); " +
                "reshape one of them or insert axes of size 1"
            shouldThrow<ShapeException> {
                Linalg.matmul(Tensor.zeros(DType.F32, 3, 4), Tensor.zeros(DType.F32, 4, 5), true, false)
            }.message shouldBe
                "matmul: inner dimensions must agree; got a: [3, 4] transposed, b: [4, 5] (3 ≠ 4); " +
                "transpose or reshape one of them"
            shouldThrow<DTypeException> {
                Linalg.matmul(Tensor.zeros(DType.F32, 2, 2), Tensor.zeros(DType.F64, 2, 2))
            }.message shouldBe
                "matmul: operands must have one floating type; got a: f32[2, 2], b: f64[2, 2]; convert with to(DType.F32)"
            shouldThrow<ShapeException> {
                Linalg.outer(Tensor.zeros(DType.F32, 2, 2), Tensor.zeros(DType.F32, 2))
            }.message shouldBe "outer: operands must be vectors; got a: [2, 2], b: [2]; flatten them or use matmul"
            shouldThrow<ShapeException> {
                Linalg.dot(Tensor.zeros(DType.F32, 2), Tensor.zeros(DType.F32, 3))
            }.message shouldBe
                "dot: inner dimensions must agree; got a: [2], b: [3] (2 ≠ 3); transpose or reshape one of them"
        }
    })
