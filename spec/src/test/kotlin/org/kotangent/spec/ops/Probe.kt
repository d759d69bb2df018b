package org.kotangent.spec.ops

import io.kotest.assertions.withClue
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import kotlin.math.abs
import kotlin.math.max

// What the specs of operations share: small tensors of either type, and derivatives found in every mode at once.

/** The types that are differentiated. */
internal val floating = listOf(DType.F32, DType.F64)

/** The relative error that a few roundings in the type explain. */
internal fun rounding(dtype: DType): Double = if (dtype == DType.F32) 2e-6 else 1e-13

internal fun number(dtype: DType, value: Double): Tensor = Tensor.full(Spec(dtype, Shape.scalar()), value)

internal fun vector(dtype: DType, vararg values: Double): Tensor = Tensor.of(*values).to(dtype)

internal fun tensor(dtype: DType, shape: Shape, element: (Int) -> Double): Tensor =
    Tensor.of(shape, *DoubleArray(shape.size(), element)).to(dtype)

/** Equal within a relative error; infinities and NaN only to themselves, −0 to 0. */
internal infix fun Double.near(expected: Within) {
    if (expected.value.isFinite() && isFinite()) {
        this shouldBe (expected.value plusOrMinus expected.error * max(1.0, abs(expected.value)))
    } else {
        // As text, because NaN does not equal itself.
        toString() shouldBe expected.value.toString()
    }
}

internal class Within(val value: Double, val error: Double)

internal infix fun Double.within(error: Double): Within = Within(this, error)

/** Element by element [near]. */
internal fun Tensor.shouldBeNear(expected: Tensor, error: Double = rounding(expected.dtype())) {
    spec() shouldBe expected.spec()
    val wanted = expected.toDoubles()
    toDoubles().forEachIndexed { i, actual -> withClue("element $i") { actual near (wanted[i] within error) } }
}

/** Numbers compared exactly, except that −0 is 0. */
internal fun Tensor.shouldHold(vararg values: Double) {
    toDoubles().map { it + 0.0 } shouldBe values.map { it + 0.0 }
}

/** The derivative of a function of one number, forward and reverse, which have to agree. */
internal fun slope(x: Tensor, f: (Tensor) -> Tensor): Double {
    val forward = Ad.jvp(f, x, x.like(1.0)).tangent().item()
    val reverse = Ad.grad<Tensor>(f).apply(x).item()
    withClue("reverse mode against forward mode") { reverse near (forward within rounding(x.dtype())) }
    return forward
}

/** The second derivative of a function of one number, in the four nestings, which have to agree. */
internal fun curvature(x: Tensor, f: (Tensor) -> Tensor): Double {
    val one = x.like(1.0)
    val gradient: (Tensor) -> Tensor = { Ad.grad<Tensor>(f).apply(it) }
    val tangent: (Tensor) -> Tensor = { Ad.jvp(f, it, it.like(1.0)).tangent() }
    val forwardOverReverse = Ad.jvp(gradient, x, one).tangent().item()
    val others =
        mapOf(
            "reverse over reverse" to Ad.grad<Tensor>(gradient).apply(x).item(),
            "reverse over forward" to Ad.grad<Tensor>(tangent).apply(x).item(),
            "forward over forward" to Ad.jvp(tangent, x, one).tangent().item(),
        )
    others.forEach { (name, value) ->
        withClue("$name against forward over reverse") {
            value near (forwardOverReverse within 10 * rounding(x.dtype()))
        }
    }
    return forwardOverReverse
}

/** Central difference of the fourth order; for numbers of size 1 its error is some 1e-10. */
internal fun difference(x: Double, h: Double = 1e-3, f: (Double) -> Double): Double =
    (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)

/** The tangent of f and the cotangent of x, which have to satisfy ⟨w, Jv⟩ = ⟨Jᵀw, v⟩. */
internal fun shouldTranspose(x: Tensor, v: Tensor, w: Tensor, f: (Tensor) -> Tensor) {
    fun dot(a: Tensor, b: Tensor): Double = a.toDoubles().zip(b.toDoubles()).sumOf { (p, q) -> p * q }
    val forward = dot(w, Ad.jvp(f, x, v).tangent())
    val reverse = dot(Ad.vjp(f, x).pullback().apply(w), v)
    withClue("⟨Jᵀw, v⟩ against ⟨w, Jv⟩") { reverse near (forward within 20 * rounding(x.dtype())) }
}
