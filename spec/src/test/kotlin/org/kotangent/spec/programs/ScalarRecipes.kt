package org.kotangent.spec.programs

import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor
import org.kotangent.ad.scalar.Real
import org.kotangent.ops.Elementary
import org.kotangent.spec.laws.Sampler
import org.kotangent.spec.laws.nonZero
import kotlin.math.abs
import kotlin.math.hypot
import kotlin.math.round

/** How far a number must be from a kink or a pole: further than a step of a difference quotient can take it. */
private const val GAP = 0.35

/** An operation of single numbers, which the scalar engine has too. */
internal interface ScalarOperation : Operation {
    fun on(x: List<Real>): Real
}

/** The same code in the scalar engine. */
internal fun Code.inReals(x: List<Real>): List<Real> {
    val values = x.toMutableList()
    for (instruction in instructions) {
        values += (instruction.operation as ScalarOperation).on(instruction.operands.map(values::get))
    }
    return outputs.map(values::get)
}

/** A function of numbers that both engines have. */
internal class Numeric(
    override val name: String,
    private val smooth: (List<Double>) -> Boolean = { true },
    override val readsNumbers: Boolean = false,
    private val tensors: (List<Tensor>) -> Tensor,
    private val reals: (List<Real>) -> Real,
) : ScalarOperation {
    override fun apply(x: List<Tensor>): Tensor = tensors(x)

    override fun on(x: List<Real>): Real = reals(x)

    override fun isSmoothAt(x: List<Tensor>): Boolean = smooth(x.map { it.item() })
}

private fun one(op: ScalarOp, smooth: (Double) -> Boolean = { true }, f: (Real) -> Real) =
    op to Numeric(op.label(), { smooth(it[0]) }, false, { (x) -> op.primitive().apply(x) }) { (x) -> f(x) }

private fun two(op: ScalarOp, smooth: (Double, Double) -> Boolean = { _, _ -> true }, f: (Real, Real) -> Real) = op to
    Numeric(op.label(), { (a, b) -> smooth(a, b) }, false, { (a, b) -> op.primitive().apply(a, b) }) { (a, b) ->
        f(a, b)
    }

private fun isSmall(x: Double) = abs(x) < 1.5

private fun isPositive(x: Double) = x > GAP

private fun isNotZero(x: Double) = abs(x) > GAP

private fun isInside(x: Double) = abs(x) < 1 - GAP

/** Whether a number is far from integers and from half integers. */
private fun isBetweenSteps(x: Double) = abs(2 * x - round(2 * x)) > 0.2

/** Every function of the scalar engine, by its counterpart in the tensor engine. */
internal val scalarFunctions: Map<ScalarOp, Numeric> =
    mapOf(
        one(ScalarOp.NEG) { -it },
        one(ScalarOp.ABS, ::isNotZero) { it.abs() },
        one(ScalarOp.SIGN, ::isNotZero) { it.sign() },
        one(ScalarOp.SQUARE) { it.square() },
        one(ScalarOp.SQRT, ::isPositive) { it.sqrt() },
        one(ScalarOp.RECIPROCAL, ::isNotZero) { it.reciprocal() },
        one(ScalarOp.EXP, ::isSmall) { it.exp() },
        one(ScalarOp.EXPM1, ::isSmall) { it.expm1() },
        one(ScalarOp.LOG, ::isPositive) { it.log() },
        one(ScalarOp.LOG1P, { isPositive(it + 1) }) { it.log1p() },
        one(ScalarOp.LOG10, ::isPositive) { it.log10() },
        one(ScalarOp.CBRT, ::isPositive) { it.cbrt() },
        one(ScalarOp.SIN) { it.sin() },
        one(ScalarOp.COS) { it.cos() },
        one(ScalarOp.TAN, { abs(it) < 1.0 }) { it.tan() },
        one(ScalarOp.ASIN, ::isInside) { it.asin() },
        one(ScalarOp.ACOS, ::isInside) { it.acos() },
        one(ScalarOp.ATAN) { it.atan() },
        one(ScalarOp.SINH, ::isSmall) { it.sinh() },
        one(ScalarOp.COSH, ::isSmall) { it.cosh() },
        one(ScalarOp.TANH) { it.tanh() },
        one(ScalarOp.ASINH) { it.asinh() },
        one(ScalarOp.ACOSH, { isPositive(it - 1) }) { it.acosh() },
        one(ScalarOp.ATANH, ::isInside) { it.atanh() },
        one(ScalarOp.ERF) { it.erf() },
        one(ScalarOp.SIGMOID) { it.sigmoid() },
        one(ScalarOp.SOFTPLUS) { it.softplus() },
        one(ScalarOp.LOG_GAMMA, ::isPositive) { it.logGamma() },
        one(ScalarOp.FLOOR, ::isBetweenSteps) { it.floor() },
        one(ScalarOp.CEIL, ::isBetweenSteps) { it.ceil() },
        one(ScalarOp.ROUND, ::isBetweenSteps) { it.rint() },
        two(ScalarOp.ADD) { a, b -> a + b },
        two(ScalarOp.SUB) { a, b -> a - b },
        two(ScalarOp.MUL) { a, b -> a * b },
        two(ScalarOp.DIV, { _, b -> isNotZero(b) }) { a, b -> a / b },
        two(ScalarOp.POW, { a, _ -> isPositive(a) }) { a, b -> a.pow(b) },
        two(ScalarOp.HYPOT, { a, b -> hypot(a, b) > GAP }) { a, b -> a.hypot(b) },
        two(ScalarOp.ATAN2, { a, b -> isNotZero(a) || isPositive(b) }) { a, b -> a.atan2(b) },
        two(ScalarOp.MAX, { a, b -> isNotZero(a - b) }) { a, b -> a.max(b) },
        two(ScalarOp.MIN, { a, b -> isNotZero(a - b) }) { a, b -> a.min(b) },
        ScalarOp.POLYGAMMA to
            Numeric("polygamma[1]", { isPositive(it[0]) }, false, { (x) ->
                ScalarOp.POLYGAMMA.primitive().apply(x.like(1.0), x)
            }) { (x) -> x.polygamma(1) },
        ScalarOp.FMA to
            Numeric("fma", { true }, false, { (a, b, c) -> ScalarOp.FMA.primitive().apply(a, b, c) }) { (a, b, c) ->
                a.fma(b, c)
            },
        ScalarOp.SELECT to
            Numeric("select", { isNotZero(it[0]) }, false, { (x, a, b) ->
                Elementary.where(Elementary.greater(x, x.like(0.0)), a, b)
            }) { (x, a, b) -> x.select(a, b) },
    )

/** How many operands a function takes. */
internal val ScalarOp.operands: Int get() = if (this == ScalarOp.POLYGAMMA) 1 else arity()

private fun drawn(operands: Int, operation: Sampler.() -> Operation) = Recipe { draft ->
    Instruction(draft.sampler.operation(), List(operands) { draft.value()!! })
}

private fun withNumber(name: String, tensors: (Tensor, Double) -> Tensor, reals: (Real, Double) -> Real) = drawn(1) {
    val c = number(nonZero)
    Numeric("$name[$c]", { true }, false, { (x) -> tensors(x, c) }) { (x) -> reals(x, c) }
}

private val withNumbers: List<Recipe> =
    listOf(
        withNumber("plus", { x, c -> x.plus(c) }) { x, c -> x + c },
        withNumber("minus", { x, c -> x.minus(c) }) { x, c -> x - c },
        withNumber("times", { x, c -> x.times(c) }) { x, c -> x * c },
        withNumber("div", { x, c -> x.div(c) }) { x, c -> x / c },
        drawn(1) {
            val n = int(-1..3).toDouble()
            Numeric("pow[$n]", { isNotZero(it[0]) }, false, { (x) -> Elementary.pow(x, n) }) { (x) -> x.pow(n) }
        },
        drawn(1) {
            val c = number()
            Numeric("max[$c]", { isNotZero(it[0] - c) }, false, { (x) -> Elementary.max(x, c) }) { (x) -> x.max(c) }
        },
        drawn(1) {
            val c = number()
            Numeric("min[$c]", { isNotZero(it[0] - c) }, false, { (x) -> Elementary.min(x, c) }) { (x) -> x.min(c) }
        },
    )

/** Ordinary control flow: one of two numbers, by the order of two others. */
private val comparison: Recipe = drawn(4) {
    Numeric("ifGreater", { (a, b) -> isNotZero(a - b) }, true, { (a, b, p, q) ->
        if (a.item() > b.item()) p else q
    }) { (a, b, p, q) -> if (a > b) p else q }
}

private val arithmetic = setOf(ScalarOp.ADD, ScalarOp.SUB, ScalarOp.MUL, ScalarOp.DIV)

private fun recipes(functions: Map<ScalarOp, Numeric>) = functions.map { (op, f) -> drawn(op.operands) { f } }

/** What programs of single numbers are made of. */
internal val scalarRecipes: List<List<Recipe>> =
    listOf(
        recipes(scalarFunctions - arithmetic),
        recipes(scalarFunctions - arithmetic),
        recipes(scalarFunctions.filterKeys { it in arithmetic }),
        withNumbers,
        listOf(comparison),
    )
