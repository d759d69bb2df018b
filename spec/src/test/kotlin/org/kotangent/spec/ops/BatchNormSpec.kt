package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DomainException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Nn
import kotlin.math.sqrt

private const val EPSILON = 1e-3

private val shapes = Arb.element(intArrayOf(4, 3), intArrayOf(2, 3, 5), intArrayOf(3, 2, 4, 3), intArrayOf(1, 2, 3, 3))

private fun axesBesidesChannels(x: Tensor) = (0 until x.rank()).filter { it != 1 }.toIntArray()

private fun mean(x: Tensor): Tensor = Core.sum(x, axesBesidesChannels(x), true).div(x.size().toDouble() / x.dim(1))

private fun perChannel(t: Tensor, rank: Int): Tensor =
    Core.reshape(t, Shape.of(*IntArray(rank) { if (it == 1) t.size() else 1 }))

/** The definition, from elementary operations; it gives [y, mean, variance]. */
private fun definition(x: Tensor, gamma: Tensor, beta: Tensor): List<Tensor> {
    val mu = mean(x)
    val variance = mean(Elementary.square(x.minus(mu)))
    val normalised = x.minus(mu).div(Elementary.sqrt(variance.plus(EPSILON)))
    val y = normalised.times(perChannel(gamma, x.rank())).plus(perChannel(beta, x.rank()))
    return listOf(y, Core.reshape(mu, gamma.shape()), Core.reshape(variance, gamma.shape()))
}

private fun fused(x: Tensor, gamma: Tensor, beta: Tensor): List<Tensor> =
    Nn.batchNorm(x, gamma, beta, EPSILON).let { listOf(it.y(), it.mean(), it.variance()) }

private fun operands(type: DType, vararg dims: Int): List<Tensor> =
    listOf(random(1, type, *dims), random(2, type, dims[1]), random(3, type, dims[1]))

class BatchNormSpec :
    FunSpec({
        test("the fused operation equals its definition, and so do all of its derivatives") {
            checkAll(12, shapes, Arb.element(floating), Arb.int()) { dims, type, seed ->
                val x = operands(type, *dims)
                val error = if (type == DType.F32) 2e-5 else 1e-12
                val f = Ad.vjp({ (p, q, r): List<Tensor> -> fused(p, q, r) }, x)
                val d = Ad.vjp({ (p, q, r): List<Tensor> -> definition(p, q, r) }, x)
                val w = d.value().mapIndexed { i, t -> randomLike(seed + i.toLong(), t) }
                f.value().zip(d.value()).forEach { (a, b) -> distance(a, b) shouldBeLessThan error }
                f.pullback().apply(w).zip(d.pullback().apply(w)).forEach { (a, b) ->
                    distance(a, b) shouldBeLessThan error
                }
                val v = x.mapIndexed { i, t -> randomLike(seed + 9L + i, t) }
                val ft = Ad.jvp({ (p, q, r): List<Tensor> -> fused(p, q, r) }, x, v).tangent()
                val dt = Ad.jvp({ (p, q, r): List<Tensor> -> definition(p, q, r) }, x, v).tangent()
                ft.zip(dt).forEach { (a, b) -> distance(a, b) shouldBeLessThan error }
            }
        }

        test("each result is differentiable by itself, to the second order") {
            checkAll(4, shapes, Arb.int()) { dims, seed ->
                for (result in 0..2) {
                    withClue("result $result of ${dims.toList()}") {
                        shouldObeyCalculus(seed.toLong(), operands(DType.F64, *dims)) { (x, g, b) ->
                            fused(x, g, b)[result]
                        }
                    }
                }
            }
        }

        test("third derivatives: the rule of the rule nests like any other") {
            val x = random(1, DType.F64, 4, 2)
            val v = random(2, DType.F64, 4, 2)
            val gamma = vector(DType.F64, 0.7, -1.3)

            fun third(norm: (Tensor) -> Tensor): Tensor {
                val f = { t: Tensor -> sumOf(norm(t).let { it.times(it).times(it) }) }
                val along = { t: Tensor -> sumOf(Ad.hvp(f, t, v).times(v)) }
                return Ad.grad<Tensor>(along).apply(x)
            }
            distance(
                third { Nn.batchNorm(it, gamma, gamma, EPSILON).y() },
                third { definition(it, gamma, gamma)[0] },
            ) shouldBeLessThan 1e-10
        }

        test("the gradients are Boué's closed forms, eq. 41–43, with the population σ") {
            val (n, c) = 6 to 3
            val (x, gamma, beta) = operands(DType.F64, n, c)
            val delta = random(4, DType.F64, n, c)
            val (gx, gGamma, gBeta) =
                Ad
                    .vjp({ (p, q, r): List<Tensor> -> Nn.batchNorm(p, q, r, 0.0).y() }, listOf(x, gamma, beta))
                    .pullback()
                    .apply(delta)
            val d = delta.toDoubles()
            for (f in 0 until c) {
                val a = DoubleArray(n) { x.toDoubles()[it * c + f] }
                val mu = a.average()
                val sigma = sqrt(a.sumOf { (it - mu) * (it - mu) } / n)
                val bar = a.map { (it - mu) / sigma }
                val dw = (0 until n).map { d[it * c + f] * gamma.toDoubles()[f] }
                val projection = (0 until n).sumOf { bar[it] * dw[it] }
                for (s in 0 until n) {
                    val closed = (n * dw[s] - dw.sum() - bar[s] * projection) / (n * sigma)
                    gx.toDoubles()[s * c + f] near (closed within 1e-13)
                }
                gGamma.toDoubles()[f] near ((0 until n).sumOf { bar[it] * d[it * c + f] } within 1e-13)
                gBeta.toDoubles()[f] near ((0 until n).sumOf { d[it * c + f] } within 1e-13)
            }
        }

        test("inference uses the statistics it is given, and agrees with training on the batch's own") {
            for (type in floating) {
                val (x, gamma, beta) = operands(type, 3, 2, 4, 3)
                val own = Nn.batchNorm(x, gamma, beta, EPSILON)
                val y = Nn.batchNorm(x, gamma, beta, own.mean(), own.variance(), EPSILON)
                distance(y, own.y()) shouldBeLessThan 5 * rounding(type)
            }
            val x = operands(DType.F64, 3, 2, 2) + listOf(random(5, DType.F64, 2), vector(DType.F64, 0.3, 2.0))
            shouldObeyCalculus(6, x) { (t, g, b, mean, variance) -> Nn.batchNorm(t, g, b, mean, variance, EPSILON) }
        }

        test("a constant channel gives its shift and no gradient") {
            for (type in floating) {
                val x = Tensor.ones(type, 4, 1, 3)
                val one = vector(type, 2.0)
                Nn.batchNorm(x, one, vector(type, 5.0), EPSILON).run {
                    y().shouldHold(*DoubleArray(12) { 5.0 })
                    mean().shouldHold(1.0)
                    variance().shouldHold(0.0)
                }
                val gradient = Ad.grad<Tensor> { sumOf(Nn.batchNorm(it, one, one, EPSILON).y()) }.apply(x)
                gradient.shouldHold(*DoubleArray(12))
            }
        }

        test("numbers far from zero keep their variance") {
            val x = tensor(DType.F64, Shape.of(4, 1)) { 1e8 + it }
            Nn.batchNorm(x, vector(DType.F64, 1.0), vector(DType.F64, 0.0), 0.0).variance().shouldHold(1.25)
        }

        test("the same bits with one thread and with two") {
            val x = operands(DType.F32, 20, 5, 30, 30)
            shouldNotDependOnThreads {
                val vjp = Ad.vjp({ (p, q, r): List<Tensor> -> fused(p, q, r) }, x)
                vjp.value() + vjp.pullback().apply(vjp.value())
            }
        }

        test("errors name the operation, the shapes and the remedy") {
            fun message(x: Shape, gamma: Shape, beta: Shape) = shouldThrow<ShapeException> {
                val (a, b, c) = listOf(x, gamma, beta).map { tensor(DType.F32, it) { 0.0 } }
                Nn.batchNorm(a, b, c, EPSILON)
            }.message
            message(Shape.of(3), Shape.of(3), Shape.of(3)) shouldBe
                "batchNorm: needs channels as axis 1; got x: [3]; reshape x to [n, channels, …]"
            message(Shape.of(2, 3, 4), Shape.of(3), Shape.of(4)) shouldBe
                "batchNorm: beta must have one number per channel; got x: [2, 3, 4], beta: [4]; use shape [3]"
            message(Shape.of(0, 3), Shape.of(3), Shape.of(3)) shouldBe
                "batchNorm: needs a number in every channel; got x: [0, 3]; drop empty batches"
            shouldThrow<DomainException> {
                val t = Tensor.ones(DType.F32, 1, 1)
                Nn.batchNorm(t, t, t, -1.0)
            }.message shouldBe "batchNorm: epsilon must not be negative; got epsilon: -1.0; use 1e-5"
        }
    })
