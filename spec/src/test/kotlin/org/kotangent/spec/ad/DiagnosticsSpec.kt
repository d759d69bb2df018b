package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import org.kotangent.ad.Ad
import org.kotangent.ad.Arr
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Diagnostics
import org.kotangent.ad.Graph
import org.kotangent.ad.MissingRuleException
import org.kotangent.ad.NonFinite
import org.kotangent.ad.NonFinite.Stage
import org.kotangent.ad.NonFiniteException
import org.kotangent.ad.Params
import org.kotangent.ad.Primitive
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Elementary.floor
import org.kotangent.ops.Elementary.greater
import org.kotangent.ops.Elementary.log
import org.kotangent.ops.Elementary.sqrt
import org.kotangent.ops.Elementary.where

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun number(x: Double) = Tensor.scalar(x)

private val zero = number(0.0)

private val one = number(1.0)

/** The number of the line this is called in. */
private fun line(): Int = StackWalker.getInstance().walk { frames ->
    frames.filter { "line" !in it.methodName }.findFirst().get().lineNumber
}

/** What is reported, without the numbers of lines. */
private fun text(report: Any?) = report.toString().replace(Regex("DiagnosticsSpec.kt:\\d+"), "here")

private fun find(f: (Tensor) -> Any, x: Tensor): NonFinite? = Diagnostics.firstNonFinite(f, x).orElse(null)

/** A sorted copy, as somebody would write it who forgot about derivatives. */
private class Sort : Primitive() {
    override fun name() = "sort"

    override fun infer(specs: Array<Spec>) = specs.clone()

    override fun kernel(x: Array<Arr>, y: Array<Arr>) = x[0].f64().copyInto(y[0].f64()).sort()
}

class DiagnosticsSpec :
    FunSpec({
        context("what an output does not depend on") {
            val p = Params.of("w", number(2.0)).with("b", number(3.0)).with("unused", one)

            test("is seen from the operations, for every output and every input") {
                val report = Diagnostics.disconnected({ q: Params ->
                    mapOf(
                        "loss" to q.get("w").times(q.get("b")),
                        "penalty" to q.get("w").times(q.get("w")),
                        "constant" to number(7.0),
                        "count" to Tensor.of(1),
                    )
                }, p)
                report.unused() shouldBe
                    mapOf(
                        "loss" to listOf("unused"),
                        "penalty" to listOf("b", "unused"),
                        "constant" to listOf("w", "b", "unused"),
                    )
                report.everywhere() shouldBe listOf("unused")
                report.isEmpty shouldBe false
                report.toString() shouldBe
                    """
                    result    does not depend on
                    loss      unused
                    penalty   b, unused
                    constant  w, b, unused
                    """.trimIndent()
            }
            test("nothing, where all is connected") {
                val report = Diagnostics.disconnected({ x: Tensor -> x.times(x) }, one)
                report.isEmpty shouldBe true
                report.toString() shouldBe "result  does not depend on\nresult  —"
            }
            test("a lone tensor, cut off by stopGradient, an integer or a step") {
                val cuts = listOf<(Tensor) -> Tensor>(
                    { Ad.stopGradient(it) },
                    { it.to(DType.I32).to(DType.F64) },
                    { floor(it) },
                    { one },
                )
                for (cut in cuts) {
                    val report = Diagnostics.disconnected({ x: Tensor -> cut(x).times(2.0) }, one)
                    report.toString() shouldBe "result  does not depend on\nresult  argument"
                }
            }
            test("numbers have no say: a factor of 0 connects, and so does a branch not taken") {
                Diagnostics.disconnected({ x: Tensor -> x.times(0.0) }, one).isEmpty shouldBe true
                Diagnostics.disconnected({ x: Tensor -> where(greater(x, zero), zero, x) }, one).isEmpty shouldBe true
            }
            test("inside of checkpoints too") {
                val f = Ad.checkpoint { q: Params -> listOf(q.get("w").times(2.0), q.get("b").times(q.get("w"))) }
                Diagnostics.disconnected({ q: Params -> f.apply(q) }, p).unused() shouldBe
                    mapOf("[0]" to listOf("b", "unused"), "[1]" to listOf("unused"))
            }
        }

        context("the first number that is not finite") {
            test("none") {
                find({ x -> exp(x).times(x) }, one) shouldBe null
            }
            test("in the value, with operation, operand, position and line") {
                val x = Tensor.of(2.0, 1.0, -1.0)
                var line = 0
                val report = find({ t ->
                    val root = sqrt(t.times(t).minus(1.0))
                    line = line() + 1
                    val h = log(t.plus(t))
                    total(h.plus(root))
                }, x)!!
                report.stage() shouldBe Stage.VALUE
                report.position() shouldBe listOf(2)
                report.number().isNaN() shouldBe true
                report.frame().get().fileName shouldBe "DiagnosticsSpec.kt"
                report.frame().get().lineNumber shouldBe line
                text(report) shouldBe "log: the value must be finite; got NaN at [2] of f64[3] " +
                    "from x: f64[3] (-2.0), operation 4, at here; " +
                    "keep its operands where the result is finite"
            }
            test("a name, if the result has one") {
                val report = find({ t -> Ad.named("logits", log(t)).times(2.0) }, zero)!!
                report.label().get() shouldBe "logits"
                text(report) shouldBe "log: the value must be finite; got -Infinity in f64[] from x: f64[] (0.0), " +
                    "operation 0 \"logits\", at here; keep its operands where the result is finite"
            }
            test("an operand that was not finite before") {
                val bad = Tensor.of(1.0, Double.NaN)
                text(find({ t -> t.times(bad) }, one)) shouldBe
                    "mul: the value must be finite; got NaN at [1] of f64[2] from a: f64[] (1.0), " +
                    "b: f64[2] (NaN, a constant), operation 0, at here; " +
                    "make that operand finite where it comes from"
                text(find({ t -> t.plus(one) }, number(Double.POSITIVE_INFINITY))) shouldBe
                    "add: the value must be finite; got Infinity in f64[] from a: f64[] (Infinity, argument), " +
                    "b: f64[] (1.0), operation 0, at here; " +
                    "make that operand finite where it comes from"
                find({ it }, number(Double.NaN)).toString() shouldStartWith
                    "result: the value must be finite; got NaN in f64[] from x: f64[] (NaN, argument)"
            }
            test("NaN that comes of two infinities: the operation, and where its operands come from") {
                val report = find({ t ->
                    val a = exp(t)
                    a.minus(exp(t.times(2.0)))
                }, number(1000.0))
                text(report) shouldBe "sub: the value must be finite; got NaN in f64[] " +
                    "from a: f64[] (Infinity, from exp at here), " +
                    "b: f64[] (Infinity, from exp at here), operation 3, at here; " +
                    "keep its operands where the result is finite"
            }
            test("an infinity that is selected away has no part in it") {
                val masked = { t: Tensor -> where(Tensor.of(true, false), t, number(Double.NEGATIVE_INFINITY)) }
                find({ t -> total(exp(masked(t))) }, Tensor.of(1.0, 2.0)) shouldBe null
                val report = find({ t -> total(exp(masked(t))).plus(log(total(t))) }, Tensor.of(1.0, -2.0))!!
                report.operation() shouldBe "log"
            }
            test("also behind stopGradient and in integers' company") {
                find({ t -> log(Ad.stopGradient(t)).plus(t) }, number(-1.0))!!.operation() shouldBe "log"
                find({ t -> log(t.to(DType.I32).to(DType.F64)).plus(t) }, number(-1.0))!!.operation() shouldBe "log"
            }
            test("in the tangent, where the value is finite") {
                val report = find({ t -> sqrt(t).times(2.0) }, zero)!!
                report.stage() shouldBe Stage.TANGENT
                text(report) shouldBe "sqrt: the tangent must be finite; got Infinity in f64[] from x: f64[] (0.0), " +
                    "operation 0, at here; " +
                    "its derivative is infinite or undefined there, keep away from the point"
            }
            test("in the cotangent alone: 0 · ∞ of a branch not taken, with the safe form") {
                val report = find({ t -> where(greater(t, zero), log(t.plus(0.0)), zero) }, zero)!!
                report.stage() shouldBe Stage.COTANGENT
                text(report) shouldBe "log: the cotangent must be finite; got NaN in f64[] from x: f64[] (0.0), " +
                    "cotangent: f64[] (0.0), operation 1, at here; " +
                    "this is 0 · ∞ of a result that is not selected later, " +
                    "give the operation a harmless operand there as in where(m, f(where(m, x, 1)), y)"
                val safe = { t: Tensor ->
                    val positive = greater(t, zero)
                    where(positive, log(where(positive, t, one)), zero)
                }
                find(safe, zero) shouldBe null
            }
            test("of which operand") {
                val clipped = Ad.customVjp<List<Tensor>, Tensor>(
                    { (a, b) -> a.times(b) },
                    { (a, b), gy -> listOf(gy.times(b), gy.div(a.minus(a))) },
                )
                val report = find({ t -> clipped.apply(listOf(t, t.times(2.0))) }, one)!!
                report.quantity() shouldBe "cotangent of b"
                report.toString() shouldStartWith "customVjp[…]: the cotangent of b must be finite; " +
                    "got Infinity in f64[] from a: f64[] (1.0), b: f64[] (2.0), cotangent: f64[] (1.0), operation 1"
            }
            test("inside of checkpoints, loops and derivatives") {
                val block = Ad.checkpoint { t: Tensor -> log(t).times(2.0) }
                find({ t -> block.apply(t) }, number(-1.0))!!.operation() shouldBe "log"
                find({ t -> Ad.grad<Tensor> { s -> sqrt(s) }.apply(t) }, zero)!!.stage() shouldBe Stage.VALUE
                find({ t -> Ad.vmap { s: Tensor -> log(s) }.apply(t) }, Tensor.of(1.0, -1.0))!!.position() shouldBe
                    listOf(1)
            }
            test("in the arguments of a tree, called by their paths") {
                val p = mapOf("w" to one, "b" to number(Double.NaN))
                Diagnostics.firstNonFinite({ q: Map<String, Tensor> -> q.getValue("w").plus(q.getValue("b")) }, p)
                    .get().operands().last().source().get() shouldBe "argument b"
            }
        }

        context("a function that requires finite numbers") {
            val f = Diagnostics.requireFinite { x: Tensor -> log(x).times(x) }

            test("is the function where they are") {
                val x = number(2.0)
                val plain = { t: Tensor -> log(t).times(t) }
                f.apply(x).contentEquals(plain(x)) shouldBe true
                Ad.grad(f::apply).apply(x).contentEquals(Ad.grad(plain).apply(x)) shouldBe true
                Ad.hvp(f::apply, x, x).contentEquals(Ad.hvp(plain, x, x)) shouldBe true
                Ad.vmap(Ad.grad(f::apply)).apply(Tensor.of(1.0, 2.0)).contentEquals(
                    Ad.vmap(Ad.grad(plain)).apply(Tensor.of(1.0, 2.0)),
                ) shouldBe true
                Graph.capture(f, x).apply(x).contentEquals(plain(x)) shouldBe true
            }
            test("throws what there is to know about a value, plainly and under differentiation") {
                for (use in listOf<(Tensor) -> Any>(f::apply, { Ad.grad(f::apply).apply(it) }, { Ad.jvp(f, it, it) })) {
                    val thrown = shouldThrow<NonFiniteException> { use(number(-1.0)) }
                    thrown.report().stage() shouldBe Stage.VALUE
                    thrown.report().operation() shouldBe "log"
                    thrown.message shouldBe thrown.report().toString()
                }
            }
            test("throws what there is to know about a tangent or a cotangent") {
                val root = Diagnostics.requireFinite { x: Tensor -> sqrt(x) }
                root.apply(zero).item() shouldBe 0.0
                shouldThrow<NonFiniteException> { Ad.jvp(root, zero, one) }.report().stage() shouldBe Stage.TANGENT
                val thrown = shouldThrow<NonFiniteException> { Ad.grad(root::apply).apply(zero) }
                text(thrown.message) shouldBe
                    "sqrt: the cotangent must be finite; got Infinity in f64[] from x: f64[] (0.0), " +
                    "cotangent: f64[] (1.0), operation 0, at here; " +
                    "its derivative is infinite or undefined there, keep away from the point"
            }
            test("in a plan says which element, and where to ask further") {
                val step = Ad.compile(Ad.grad(Diagnostics.requireFinite { x: Tensor -> sqrt(x) }))
                step.apply(one).item() shouldBe 0.5
                shouldThrow<NonFiniteException> { step.apply(zero) }.message shouldBe
                    "requireFinite: the cotangent of argument must be finite; got Infinity in f64[]; " +
                    "ask Diagnostics.firstNonFinite about one element, outside of other transformations"
            }
            test("in a batch says which element, and where to ask further") {
                shouldThrow<NonFiniteException> { Ad.vmap(f).apply(Tensor.of(1.0, -1.0)) }.message shouldBe
                    "requireFinite: the value of result must be finite; got NaN at [1] of f64[2]; " +
                    "ask Diagnostics.firstNonFinite about one element, outside of other transformations"
            }
        }

        context("an operation without a rule") {
            val x = Tensor.of(3.0, 1.0, 2.0)
            val sort = { t: Tensor -> Sort().apply(t) }

            fun message(mode: String) = "sort: has no $mode rule; got ${Sort::class.java.name}; " +
                "override jvp or vjp, or declare it as Elementwise, Linear or Bilinear"

            test("names the operation and the remedy") {
                shouldThrow<MissingRuleException> { Ad.jvp(sort, x, x) }.message shouldBe message("forward")
                shouldThrow<MissingRuleException> { Ad.grad<Tensor> { total(sort(it)) }.apply(x) }.message shouldBe
                    message("reverse")
                shouldThrow<MissingRuleException> { Diagnostics.firstNonFinite(sort, x) }.message shouldBe
                    message("reverse")
            }
            test("needs none to be batched or captured") {
                val batch = Core.stack(listOf(x, x.times(-1.0)))
                Ad.vmap(sort).apply(batch).toDoubles() shouldBe doubleArrayOf(1.0, 2.0, 3.0, -3.0, -2.0, -1.0)
                Graph.capture(sort, x).apply(x).toDoubles() shouldBe doubleArrayOf(1.0, 2.0, 3.0)
                listOf(Diagnostics.disconnected(sort, x)).filterNot { it.isEmpty }.shouldBeEmpty()
            }
        }
    })
