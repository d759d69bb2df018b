package org.kotangent.spec.programs

import org.kotangent.ad.Ad
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.spec.laws.nonZero
import kotlin.math.abs
import kotlin.math.hypot

/** How far a number must be from a kink or a pole: further than a step of a difference quotient can take it. */
private const val GAP = 0.35

private fun all(t: Tensor, holds: (Double) -> Boolean) = t.toDoubles().all(holds)

private fun unary(name: String, domain: (Double) -> Boolean = { true }, f: (Tensor) -> Tensor): Recipe {
    val operation = Plain(name, { (x) -> all(x, domain) }) { (x) -> f(x) }
    return ofOne { operation }
}

private val unaries: List<Recipe> =
    listOf(
        unary("sin") { Elementary.sin(it) },
        unary("cos") { Elementary.cos(it) },
        unary("tanh") { Elementary.tanh(it) },
        unary("sigmoid") { Elementary.sigmoid(it) },
        unary("softplus") { Elementary.softplus(it) },
        unary("silu") { Elementary.silu(it) },
        unary("gelu") { Elementary.gelu(it) },
        unary("atan") { Elementary.atan(it) },
        unary("asinh") { Elementary.asinh(it) },
        unary("erf") { Elementary.erf(it) },
        unary("square") { Elementary.square(it) },
        unary("neg") { it.unaryMinus() },
        unary("named") { Ad.named("h", it) },
        unary("stopGradient") { x -> Ad.stopGradient(x).let { it.plus(x.minus(it)) } },
        unary("exp", { it < 1.5 }) { Elementary.exp(it) },
        unary("expm1", { it < 1.5 }) { Elementary.expm1(it) },
        unary("sinh", { abs(it) < 1.5 }) { Elementary.sinh(it) },
        unary("cosh", { abs(it) < 1.5 }) { Elementary.cosh(it) },
        unary("log", { it > GAP }) { Elementary.log(it) },
        unary("log1p", { it > GAP - 1 }) { Elementary.log1p(it) },
        unary("sqrt", { it > GAP }) { Elementary.sqrt(it) },
        unary("reciprocal", { abs(it) > GAP }) { Elementary.reciprocal(it) },
        unary("abs", { abs(it) > GAP }) { Elementary.abs(it) },
        unary("relu", { abs(it) > GAP }) { Elementary.relu(it) },
        unary("elu", { abs(it) > GAP }) { Elementary.elu(it, 0.7) },
        ofOne { number(nonZero).let { c -> Plain("times[$c]") { (x) -> x.times(c) } } },
        ofOne { number().let { c -> Plain("plus[$c]") { (x) -> x.plus(c) } } },
        ofOne { int(2..3).let { n -> Plain("pow[$n]") { (x) -> Elementary.pow(x, n.toDouble()) } } },
    )

private fun aligned(a: Tensor, b: Tensor): Boolean =
    a.shape().broadcastsTo(b.shape()) || b.shape().broadcastsTo(a.shape()) || isOuter(a.shape(), b.shape())

/** Whether both are stretched when they meet, as a column and a row are. */
private fun isOuter(a: Shape, b: Shape): Boolean {
    val rank = minOf(a.rank(), b.rank())
    return (1..rank).all { a.dim(-it) == b.dim(-it) || a.dim(-it) == 1 || b.dim(-it) == 1 }
}

/** A function of two numbers that is smooth where [domain] holds of each pair that meets by broadcasting. */
private fun binary(
    name: String,
    domain: ((Double, Double) -> Boolean)? = null,
    f: (Tensor, Tensor) -> Tensor,
): Recipe {
    val operation =
        Plain(name, { (a, b) -> domain == null || pairs(a, b).all { (p, q) -> domain(p, q) } }) { (a, b) -> f(a, b) }
    return ofTwo(partner = ::aligned) { _, _ -> operation }
}

/** The numbers of two operands as they meet. */
private fun pairs(a: Tensor, b: Tensor): List<Pair<Double, Double>> {
    val zero = a.plus(b).times(0.0)
    return zero.plus(a).toDoubles().zip(zero.plus(b).toDoubles().asIterable())
}

private val binaries: List<Recipe> =
    listOf(
        binary("add") { a, b -> a.plus(b) },
        binary("sub") { a, b -> a.minus(b) },
        binary("mul") { a, b -> a.times(b) },
        binary("div", { _, b -> abs(b) > GAP }) { a, b -> a.div(b) },
        binary("hypot", { a, b -> hypot(a, b) > GAP }) { a, b -> Elementary.hypot(a, b) },
        binary("atan2", { a, b -> abs(a) > GAP || b > GAP }) { a, b -> Elementary.atan2(a, b) },
        binary("max", { a, b -> abs(a - b) > GAP }) { a, b -> Elementary.max(a, b) },
        binary("min", { a, b -> abs(a - b) > GAP }) { a, b -> Elementary.min(a, b) },
        binary("pow", { a, _ -> a > GAP }) { a, b -> Elementary.pow(a, b) },
        ofTwo(partner = ::aligned) { a, b ->
            val mask = mask(Shape.broadcast("where", a.shape(), b.shape()))
            Plain("where[${mask.toBooleans().joinToString("") { if (it) "1" else "0" }}]") { (p, q) ->
                Elementary.where(mask, p, q)
            }
        },
    )

/** Ordinary control flow: one of two values, by the sign of the sum of a third. */
private val branch = Recipe { draft ->
    val condition = draft.value()
    val x = draft.value()
    val y = x?.let { draft.value { it.shape() == draft[x].shape() } }
    if (condition == null || y == null) null else Instruction(Branch, listOf(condition, x, y))
}

private object Branch : Operation {
    override val name = "ifPositive"

    override val readsNumbers: Boolean get() = true

    override fun apply(x: List<Tensor>): Tensor = if (x[0].toDoubles().sum() > 0) x[1] else x[2]

    override fun isSmoothAt(x: List<Tensor>): Boolean = abs(x[0].toDoubles().sum()) > GAP * x[0].size()
}

/** What acts element by element, with broadcasting, and what chooses. */
internal val elementwiseRecipes: List<List<Recipe>> = listOf(unaries, unaries, binaries + branch, binaries)
