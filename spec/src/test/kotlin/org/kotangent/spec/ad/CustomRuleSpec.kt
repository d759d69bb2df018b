package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.EscapedValueException
import org.kotangent.ad.Graph
import org.kotangent.ad.Jacobian
import org.kotangent.ad.MissingRuleException
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Scan
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.TreeException
import org.kotangent.ops.Elementary.clip
import org.kotangent.ops.Elementary.round
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose
import java.util.function.Function

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun exp(x: Tensor) = ScalarOp.EXP.primitive().apply(x)

private fun sin(x: Tensor) = ScalarOp.SIN.primitive().apply(x)

private fun cos(x: Tensor) = ScalarOp.COS.primitive().apply(x)

private val point = Tensor.of(0.3, -0.7, 1.1)

private val batch = Core.stack(listOf(point, point.times(2.0), point.times(-1.5)))

private fun same(what: String, actual: Tensor, expected: Tensor) =
    requireClose(what, numbers(listOf(actual)), numbers(listOf(expected)), 1e-13)

/** x² with slopes three times too steep, by which one sees that a rule was used. */
private val steepForward: Function<Tensor, Tensor> =
    Ad.customJvp({ x: Tensor -> x.times(x) }, { x, dx -> x.times(dx).times(6.0) })

private val steepReverse: Function<Tensor, Tensor> =
    Ad.customVjp({ x: Tensor -> x.times(x) }, { x, gy -> x.times(gy).times(6.0) })

class CustomRuleSpec :
    FunSpec({
        // A function and one that has the derivatives its rule makes it have.
        fun everyMode(f: (Tensor) -> Tensor, like: (Tensor) -> Tensor) {
            val s = { x: Tensor -> total(f(x).times(point)) }
            val t = { x: Tensor -> total(like(x).times(point)) }
            same("grad", Ad.grad(s).apply(point), Ad.grad(t).apply(point))
            same("hvp", Ad.hvp(s, point, point), Ad.hvp(t, point, point))
            same("hessian", Ad.hessian(s, point).tensor(), Ad.hessian(t, point).tensor())
            val curve = { g: (Tensor) -> Tensor -> Ad.grad<Tensor> { x -> total(Ad.grad(g).apply(x)) } }
            same("grad of grad", curve(s).apply(point), curve(t).apply(point))
            same("vmap of grad", Ad.vmap(Ad.grad(s)).apply(batch), Ad.vmap(Ad.grad(t)).apply(batch))
            val sum = { g: (Tensor) -> Tensor -> Ad.grad<Tensor> { x -> total(Ad.vmap(g).apply(x)) } }
            same("grad of vmap", sum(s).apply(batch), sum(t).apply(batch))
            same("capture of grad", Graph.capture(Ad.grad(s), point).apply(point), Ad.grad(t).apply(point))
            same("grad of capture", Ad.grad(Graph.capture(s, point)::apply).apply(point), Ad.grad(t).apply(point))
            for (mode in listOf(Jacobian.Mode.REVERSE, Jacobian.Mode.CHEAPER)) {
                same("jacobian", Ad.jacobian(f, point, mode).tensor(), Ad.jacobian(like, point, mode).tensor())
            }
        }

        context("customJvp") {
            test("its rule is the derivative in every mode") {
                val right = Ad.customJvp({ x: Tensor -> sin(x) }, { x, dx -> cos(x).times(dx) })
                everyMode(right::apply, ::sin)
            }
            test("its rule is used, not the function's own derivative") {
                everyMode(steepForward::apply) { it.times(it).times(3.0) }
                val pushed = Ad.jvp(steepForward, point, point)
                pushed.value().contentEquals(point.times(point)) shouldBe true
                same("jvp", pushed.tangent(), point.times(point).times(6.0))
                val expected = Ad.jacobian({ x: Tensor -> x.times(x).times(3.0) }, point).tensor()
                same("jacobian", Ad.jacobian(steepForward, point, Jacobian.Mode.FORWARD).tensor(), expected)
                same("linearize", Ad.linearize(steepForward, point).map().apply(point), point.times(point).times(6.0))
                same(
                    "jvp of vmap",
                    Ad.jvp(Ad.vmap(steepForward), batch, batch).tangent(),
                    batch.times(batch).times(6.0),
                )
                same(
                    "jvp of capture",
                    Ad.jvp(Graph.capture(steepForward, point)::apply, point, point).tangent(),
                    pushed.tangent(),
                )
            }
            test("arguments and results are trees, of which some parts may be constant") {
                val f = Ad.customJvp<List<Tensor>, List<Tensor>>(
                    { (x, n) -> listOf(x.times(n.to(DType.F64)), n) },
                    { (_, n), (dx, _) -> listOf(dx.times(n.to(DType.F64)).times(2.0), n) },
                )
                val n = Tensor.of(1, 2, 3)
                val s = { x: Tensor -> total(f.apply(listOf(x, n))[0]) }
                Ad.grad(s).apply(point).toDoubles() shouldBe doubleArrayOf(2.0, 4.0, 6.0)
                Ad.jvp(s, point, point).tangent().item() shouldBe 2 * (0.3 - 1.4 + 3.3)
                Ad.vmap(Ad.grad(s)).apply(batch).toDoubles().take(3) shouldBe listOf(2.0, 4.0, 6.0)
            }
            test("a value of the derivation that it closes over is an error, in the function and in the rule") {
                val message = "customJvp: its function may not close over a value of a derivation that is going on; " +
                    "got a value of %s; make that value part of the argument"
                val function = { c: Tensor -> Ad.customJvp({ x: Tensor -> x.times(c) }, { _, dx -> dx.times(2.0) }) }
                val rule = { c: Tensor -> Ad.customJvp({ x: Tensor -> x.times(2.0) }, { _, dx -> dx.times(c) }) }
                for (f in listOf(function, rule)) {
                    shouldThrow<EscapedValueException> { Ad.jvp({ c: Tensor -> f(c).apply(c) }, point, point) }
                        .message shouldBe message.format("jvp")
                }
                shouldThrow<EscapedValueException> {
                    Ad.grad<Tensor> { c -> total(function(c).apply(point)) }.apply(point)
                }
                    .message shouldBe message.format("grad")
                shouldThrow<EscapedValueException> { Graph.capture({ c: Tensor -> function(c).apply(c) }, point) }
                    .message shouldBe message.format("capture")
                shouldThrow<EscapedValueException> { Ad.vmap { c: Tensor -> function(c).apply(c) }.apply(batch) }
                    .message shouldBe message.format("vmap")
                shouldThrow<EscapedValueException> { Ad.grad<Tensor> { c -> total(rule(c).apply(c)) }.apply(point) }
            }
            test("a rule that returns something else") {
                val f = Ad.customJvp({ x: Tensor -> x.times(x) }, { _, dx -> total(dx) })
                shouldThrow<ShapeException> { Ad.jvp(f, point, point) }.message shouldBe
                    "customJvp: leaves must have the same type and shape; got tree: f64[3] and f64[]; " +
                    "make the two trees alike"
            }
        }

        context("customVjp") {
            test("its rule is the derivative in reverse mode and in what nests with it") {
                val right = Ad.customVjp({ x: Tensor -> sin(x) }, { x, gy -> cos(x).times(gy) })
                everyMode(right::apply, ::sin)
            }
            test("the rule holds at every order of reverse mode") {
                // The rule says f′ = 6x. A rule of the rule says (6x)′ = 60, where mathematics would say 6.
                val slope = Ad.customVjp({ x: Tensor -> x.times(6.0) }, { _, gy -> gy.times(60.0) })
                val f = Ad.customVjp({ x: Tensor -> x.times(x) }, { x, gy -> slope.apply(x).times(gy) })
                val s = { x: Tensor -> total(f.apply(x)) }
                same("grad", Ad.grad(s).apply(point), point.times(6.0))
                val second = Ad.grad<Tensor> { x -> total(Ad.grad(s).apply(x)) }
                second.apply(point).toDoubles() shouldBe doubleArrayOf(60.0, 60.0, 60.0)
                val captured = Graph.capture(Ad.grad(s), point)
                Ad.grad<Tensor> { x -> total(captured.apply(x)) }.apply(point).toDoubles() shouldBe
                    doubleArrayOf(60.0, 60.0, 60.0)
            }
            test("inside of checkpoints, loops and other rules, too") {
                val right = Ad.customVjp({ x: Tensor -> sin(x) }, { x, gy -> cos(x).times(gy) })
                val nested =
                    listOf<Pair<String, (Tensor) -> Tensor>>(
                        "checkpoint" to { x -> Ad.checkpoint(right).apply(x) },
                        "two checkpoints" to { x -> Ad.checkpoint(Ad.checkpoint(right)).apply(x) },
                        "customVjp" to
                            { x ->
                                Ad.customVjp({ t: Tensor -> right.apply(t) }, { t, g -> cos(t).times(g) }).apply(x)
                            },
                        "the rule of a customVjp" to
                            { x ->
                                Ad.customVjp(
                                    { t: Tensor -> cos(t).unaryMinus() },
                                    { t, g -> right.apply(t).times(g) },
                                ).apply(x)
                            },
                        "customJvp" to
                            { x ->
                                Ad.customJvp({ t: Tensor -> right.apply(t) }, { t, d -> cos(t).times(d) }).apply(x)
                            },
                        "the rule of a customJvp" to
                            { x ->
                                Ad.customJvp(
                                    { t: Tensor -> cos(t).unaryMinus() },
                                    { t, d -> right.apply(t).times(d) },
                                ).apply(x)
                            },
                    ) +
                        Scan.Memory.entries.map { memory ->
                            "scan $memory" to { x: Tensor ->
                                Ad
                                    .scan(
                                        { c: Tensor, w: Tensor -> Scan.Step(right.apply(c.times(w)), c) },
                                        x,
                                        Tensor.of(0.5, 1.5, 0.7),
                                        memory,
                                    ).carry()
                            }
                        }
                for ((name, f) in nested) {
                    val like = { x: Tensor ->
                        when {
                            name.startsWith("scan") -> sin(sin(sin(x.times(0.5)).times(1.5)).times(0.7))
                            name.startsWith("the rule") -> cos(x).unaryMinus()
                            else -> sin(x)
                        }
                    }
                    everyMode(f, like)
                    if (!name.contains("custom")) {
                        shouldThrow<MissingRuleException> { Ad.jvp(f, point, point) }
                    }
                }
            }
            test("forward over reverse differentiates the rule as it is written") {
                val s = { x: Tensor -> total(steepReverse.apply(x)) }
                same("hvp", Ad.hvp(s, point, point), point.times(6.0))
            }
            test("a captured graph keeps the rule") {
                val graph = Graph.capture(steepReverse, point)
                graph.toString() shouldContain "customVjp"
                same("grad", Ad.grad<Tensor> { total(graph.apply(it)) }.apply(point), point.times(6.0))
                shouldThrow<MissingRuleException> { Ad.jvp(graph::apply, point, point) }
            }
            test("a direct jvp is an error") {
                val message =
                    "customVjp: has a reverse rule only and cannot push tangents forward; got a direct jvp; " +
                        "declare the function by customJvp, which serves both modes"
                shouldThrow<MissingRuleException> { Ad.jvp(steepReverse, point, point) }.message shouldBe message
                shouldThrow<MissingRuleException> { Ad.jvp(Ad.vmap(steepReverse), batch, batch) }.message shouldBe
                    message
                shouldThrow<MissingRuleException> {
                    Ad.jacobian(steepReverse, point, Jacobian.Mode.FORWARD)
                }.message shouldBe message
                shouldThrow<MissingRuleException> { Ad.linearize(steepReverse, point) }.message shouldBe message
            }
            test("what is the same for the whole batch gets the sum over the batch") {
                val scale = Ad.customVjp<List<Tensor>, Tensor>(
                    { (w, x, mask) -> Core.select(mask, w.times(x), x) },
                    { (w, x, mask), gy ->
                        val g = Core.select(mask, gy, gy.times(0.0))
                        listOf(g.times(x).times(10.0), g.times(w), mask)
                    },
                )
                val mask = Tensor.of(true, false, true)
                val w = Tensor.of(1.0, 2.0, 3.0)
                val s = { v: Tensor -> total(Ad.vmap { x: Tensor -> scale.apply(listOf(v, x, mask)) }.apply(batch)) }
                val sums = Core.sum(batch, intArrayOf(0), false).times(10.0)
                same("w̄", Ad.grad(s).apply(w), sums.times(mask.to(DType.F64)))
            }
            test("a value of the derivation that it closes over is an error, in the function and in the rule") {
                val message = "customVjp: its function may not close over a value of a derivation that is going on; " +
                    "got a value of grad; make that value part of the argument"
                val function = { c: Tensor -> Ad.customVjp({ x: Tensor -> x.times(c) }, { _, gy -> gy.times(2.0) }) }
                for (argument in listOf<(Tensor) -> Tensor>({ it }, { point })) {
                    shouldThrow<EscapedValueException> {
                        Ad.grad<Tensor> { c -> total(function(c).apply(argument(c))) }.apply(point)
                    }.message shouldBe message
                }
                shouldThrow<EscapedValueException> {
                    Ad.grad<Tensor> { c ->
                        total(Ad.customVjp({ x: Tensor -> x.times(x) }, { _, _ -> c }).apply(c))
                    }.apply(point)
                }.message shouldBe message
                shouldThrow<EscapedValueException> {
                    Ad.grad<Tensor> { c ->
                        total(Ad.customVjp({ x: Tensor -> x.times(x) }, { _, gy -> gy.times(c) }).apply(c))
                    }.apply(point)
                }.message shouldBe
                    "mul: a value of a derivation may be used only inside the function being differentiated; " +
                    "got a value that escaped from grad; return it from that function instead of storing it"
            }
            test("a rule that returns something else") {
                val shape = Ad.customVjp({ x: Tensor -> x.times(x) }, { _, gy -> total(gy) })
                shouldThrow<ShapeException> { Ad.grad<Tensor> { total(shape.apply(it)) }.apply(point) }.message shouldBe
                    "customVjp: leaves must have the same type and shape; got tree: f64[3] and f64[]; " +
                    "make the two trees alike"
                val tree = Ad.customVjp({ x: List<Tensor> -> x[0].times(x[1]) }, { _, gy -> listOf(gy) })
                shouldThrow<TreeException> {
                    Ad.grad<Tensor> { total(tree.apply(listOf(it, it))) }.apply(point)
                }.message shouldContain "customVjp: the two trees must have the same structure"
            }
        }

        context("worked examples") {
            test("gradient clipping: the value passes, the cotangent is held to [-1, 1]") {
                val clipped = Ad.customVjp({ x: Tensor -> x }, { _, gy -> clip(gy, -1.0, 1.0) })
                val s = { x: Tensor -> total(clipped.apply(x).times(Tensor.of(0.5, -3.0, 7.0))) }
                s(point).contentEquals(total(point.times(Tensor.of(0.5, -3.0, 7.0)))) shouldBe true
                Ad.grad(s).apply(point).toDoubles() shouldBe doubleArrayOf(0.5, -1.0, 1.0)
            }
            test("a straight-through estimator: rounded forwards, the identity backwards") {
                val rounded = Ad.customJvp({ x: Tensor -> round(x) }, { _, dx -> dx })
                val s = { x: Tensor -> rounded.apply(x).let { total(it.times(it)) } }
                s(point).item() shouldBe 2.0
                Ad.grad(s).apply(point).toDoubles() shouldBe doubleArrayOf(0.0, -2.0, 2.0)
                Ad.jvp(rounded, point, point).tangent().contentEquals(point) shouldBe true
            }
            test("the BP-reversed function fᴮᴾ(x, p) = ∇⟨p, f(x)⟩ of Vedaldi, §5, given by hand") {
                val f = { x: Tensor -> exp(x.times(x)) }
                val reversed = { x: Tensor, p: Tensor -> p.times(exp(x.times(x))).times(x).times(2.0) }
                val layer = Ad.customVjp(f, reversed)
                val pulled = Ad.grad<Tensor> { total(layer.apply(it).times(point)) }.apply(point)
                same("x̄", pulled, reversed(point, point))
                // The reversed function is a function like any other and has a reversed function in turn.
                fun twice(g: (Tensor) -> Tensor) =
                    Ad.grad<Tensor> { x -> total(Ad.grad<Tensor> { total(g(it)) }.apply(x)) }
                same("x̄ of x̄", twice(layer::apply).apply(point), twice(f).apply(point))
            }
        }
    })
