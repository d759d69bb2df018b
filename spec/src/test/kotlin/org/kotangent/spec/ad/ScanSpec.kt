package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.EscapedValueException
import org.kotangent.ad.Graph
import org.kotangent.ad.Params
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Scan
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose
import java.util.function.BiFunction

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun tanh(x: Tensor) = ScalarOp.TANH.primitive().apply(x)

private data class Result(val state: Tensor, val outputs: Tensor)

/** h ↦ tanh(w·h + x), with output h·x; returns the last state and all outputs. */
private fun recur(w: Tensor, h: Tensor, xs: Tensor, memory: Scan.Memory): Result {
    val step =
        BiFunction<Tensor, Tensor, Scan.Step<Tensor, Tensor>> { s, x ->
            val next = tanh(s.times(w).plus(x))
            Scan.Step(next, next.times(x))
        }
    return Ad.scan(step, h, xs, memory).let { Result(it.carry(), it.output()) }
}

private fun unrolled(w: Tensor, h: Tensor, xs: Tensor): Result {
    var state = h
    val outputs =
        Core.unstack(xs).map { x ->
            state = tanh(state.times(w).plus(x))
            state.times(x)
        }
    return Result(state, Core.stack(outputs))
}

/** A scan is its loop. */
class ScanSpec :
    FunSpec({
        val xs = Tensor.generate(org.kotangent.ad.Spec.of(DType.F64, 11, 2)) { out ->
            repeat(out.size()) { out.set(it, Math.sin(it + 1.0)) }
        }
        val p = Params.of("w", Tensor.of(0.7, -0.4)).with("h", Tensor.of(0.1, 0.2)).with("xs", xs)

        fun loss(r: Result) = total(r.outputs).plus(total(r.state.times(r.state)))

        fun same(what: String, actual: Params, expected: Params) =
            requireClose(what, numbers(actual.tensors()), numbers(expected.tensors()), 1e-13)

        for (memory in Scan.Memory.entries) {
            context("$memory") {
                val scanned = { q: Params -> loss(recur(q.get("w"), q.get("h"), q.get("xs"), memory)) }
                val looped = { q: Params -> loss(unrolled(q.get("w"), q.get("h"), q.get("xs"))) }
                // The state alone closes over nothing under differentiation but the parameter w.
                val closing = { w: Tensor -> loss(recur(w, p.get("h"), p.get("xs"), memory)) }

                test("the value is that of the loop, to the bit") {
                    scanned(p).contentEquals(looped(p)) shouldBe true
                    Ad.valueAndGrad(scanned).apply(p).value().contentEquals(looped(p)) shouldBe true
                    Ad.jvp(scanned, p, p).value().contentEquals(looped(p)) shouldBe true
                }
                test("so are the derivatives, to rounding") {
                    same("grad", Ad.grad(scanned).apply(p), Ad.grad(looped).apply(p))
                    same("hvp", Ad.hvp(scanned, p, p), Ad.hvp(looped, p, p))
                    val tangent = { f: (Params) -> Tensor -> Params.of("", Ad.jvp(f, p, p).tangent()) }
                    same("jvp", tangent(scanned), tangent(looped))
                    same("capture of grad", Graph.capture(Ad.grad(scanned), p).apply(p), Ad.grad(looped).apply(p))
                    fun twice(f: (Params) -> Tensor) = Ad.grad<Params> { q -> Ad.grad(f).apply(q).dot(p) }.apply(p)
                    same("grad of grad", twice(scanned), twice(looped))
                }
                test("what the body closes over is differentiated") {
                    val w = p.get("w")
                    val expected = Ad.grad(looped).apply(p).get("w")
                    same("grad", Params.of("w", Ad.grad(closing).apply(w)), Params.of("w", expected))
                    same(
                        "hvp",
                        Params.of("w", Ad.hvp(closing, w, w)),
                        Params.of("w", Ad.hvp({ v -> looped(p.with("w", v)) }, w, w)),
                    )
                }
                test("vmap of it and of its gradient") {
                    val ws = Core.stack(List(3) { p.get("w").times(it + 1.0) })
                    val each = Core.unstack(ws).map(closing)
                    same(
                        "vmap",
                        Params.of("", Ad.vmap(closing).apply(ws)),
                        Params.of("", Core.stack(each)),
                    )
                    val slopes = Core.unstack(ws).map { Ad.grad(closing).apply(it) }
                    val batched = Params.of("", Ad.vmap(Ad.grad(closing)).apply(ws))
                    same("vmap of grad", batched, Params.of("", Core.stack(slopes)))
                    val sum = { v: Tensor -> total(Ad.vmap(closing).apply(v)) }
                    same(
                        "grad of vmap",
                        Params.of("", Ad.grad(sum).apply(ws)),
                        Params.of("", Core.stack(slopes)),
                    )
                }
                test("one step") {
                    val one = Core.stack(listOf(Core.unstack(xs).first()))
                    val q = p.with("xs", one)
                    scanned(q).contentEquals(looped(q)) shouldBe true
                    same("grad", Ad.grad(scanned).apply(q), Ad.grad(looped).apply(q))
                }
                test("no step: the state is the first, and outputs have no elements") {
                    val none = Tensor.zeros(DType.F64, 0, 2)
                    val result = recur(p.get("w"), p.get("h"), none, memory)
                    result.state shouldBe p.get("h")
                    result.outputs.spec() shouldBe none.spec()
                    val slope = Ad.grad(scanned).apply(p.with("xs", none))
                    slope.get("w").toDoubles() shouldBe DoubleArray(2)
                    slope.get("h").toDoubles() shouldBe doubleArrayOf(0.2, 0.4)
                }
                test("states, inputs and outputs are trees; integers go along") {
                    data class State(val sum: Tensor, val count: Tensor)
                    val body = { s: State, x: Map<String, Tensor> ->
                        val weight = x.getValue("n").to(DType.F64)
                        val next = State(s.sum.plus(x.getValue("v").times(weight)), s.count.plus(x.getValue("n")))
                        Scan.Step(next, listOf(next.count, next.sum))
                    }
                    fun run(v: Tensor) = Ad.scan(
                        body,
                        State(Tensor.scalar(0.0), Tensor.scalar(0.0).to(DType.I32)),
                        mapOf("v" to v, "n" to Tensor.of(1, 2, 3)),
                        memory,
                    )
                    val v = Tensor.of(5.0, 7.0, 11.0)
                    val out = run(v)
                    out.carry().sum.item() shouldBe 52.0
                    out.carry().count.item() shouldBe 6.0
                    out.output()[0].toInts() shouldBe intArrayOf(1, 3, 6)
                    out.output()[1].toDoubles() shouldBe doubleArrayOf(5.0, 19.0, 52.0)
                    Ad.grad<Tensor> { run(it).carry().sum }.apply(v).toDoubles() shouldBe doubleArrayOf(1.0, 2.0, 3.0)
                }
                test("control flow on numbers") {
                    val body = { s: Tensor, x: Tensor ->
                        val next = if (s.item() > x.item()) s.times(x) else s.plus(x)
                        Scan.Step(next, next)
                    }
                    val v = Tensor.of(2.0, 1.5, 4.0)
                    val f = { x: Tensor -> Ad.scan(body, Tensor.scalar(1.0), x, memory).carry() }
                    f(v).item() shouldBe 18.0 // ((1 + 2)·1.5)·4
                    Ad.grad(f).apply(v).toDoubles() shouldBe doubleArrayOf(6.0, 12.0, 4.5)
                }
            }
        }

        test("control flow on numbers beside a closure: ALL takes it, the others say what to do") {
            fun slope(memory: Scan.Memory) = Ad.grad<Tensor> { w ->
                val body = { s: Tensor, x: Tensor ->
                    (
                        if (s.item() >
                            1
                        ) {
                            s.times(w)
                        } else {
                            s.plus(x)
                        }
                        ).let { Scan.Step(it, it) }
                }
                Ad.scan(body, Tensor.scalar(1.0), Tensor.of(1.0, 1.0, 1.0), memory).carry()
            }.apply(Tensor.scalar(3.0))
            slope(Scan.Memory.ALL).item() shouldBe 12.0 // d/dw 2w²
            shouldThrow<EscapedValueException> { slope(Scan.Memory.LOGARITHMIC) }.message shouldBe
                "checkpoint: its function may not close over a value of a derivation that is going on; " +
                "got a value of grad; make that value part of the argument"
        }

        context("what is kept and what is run again") {
            // Runs of the body in a gradient of n steps, beyond the n of the value.
            fun again(n: Int, memory: Scan.Memory): Int = Counter().run {
                val body = { s: Tensor, x: Tensor -> pass(s.times(x)).let { Scan.Step(it, it) } }
                Ad.grad<Tensor> {
                    Ad.scan(body, it, Tensor.ones(DType.F64, n), memory).carry()
                }.apply(Tensor.scalar(1.0))
                calls - n
            }

            // The largest number of steps that are on a tape at one time.
            fun held(n: Int, memory: Scan.Memory): Int {
                val holding = Holding()
                val body = { s: Tensor, x: Tensor -> holding.times(s, x).let { Scan.Step(it, it.like(0.0)) } }
                Ad.grad<Tensor> {
                    Ad.scan(body, it, Tensor.ones(DType.F64, n), memory).carry()
                }.apply(Tensor.scalar(1.0))
                return holding.most
            }

            for (n in listOf(1, 2, 16, 64, 100)) {
                test("$n steps") {
                    val log = 32 - Integer.numberOfLeadingZeros(n - 1) // ⌈log₂ n⌉
                    again(n, Scan.Memory.ALL) shouldBe 0
                    again(n, Scan.Memory.SQUARE_ROOT) shouldBe n
                    again(n, Scan.Memory.LOGARITHMIC) shouldBeLessThanOrEqual n * log
                    held(n, Scan.Memory.ALL) shouldBe n
                    held(n, Scan.Memory.SQUARE_ROOT) shouldBe Math.ceil(Math.sqrt(n.toDouble())).toInt()
                    held(n, Scan.Memory.LOGARITHMIC) shouldBe 1
                }
            }
        }

        context("mistakes") {
            fun message(body: (Params, Tensor) -> Scan.Step<Params, Tensor>): String? = runCatching {
                Ad.scan(body, Params.of("h", Tensor.of(1.0, 2.0)), Tensor.of(1.0, 2.0))
            }.exceptionOrNull()?.message

            test("a state of another shape") {
                message { s, x -> Scan.Step(s.map { Core.sum(it, intArrayOf(), false) }, x) } shouldBe
                    "scan: leaves must have the same type and shape; got h: f64[2] and f64[]; make the two trees alike"
            }
            test("a state of another structure") {
                message { s, x -> Scan.Step(s.with("c", x), x) } shouldBe
                    "scan: the two trees must have the same structure; " +
                    "got at tree: Params[h] and Params[h, c]; make the two trees alike"
            }
            test("outputs that differ from step to step") {
                message { s, x -> Scan.Step(s, if (x.item() < 1.5) x else s.get("h")) } shouldBe
                    "scan: leaves must have the same type and shape; got tree: f64[] and f64[2]; " +
                    "make the two trees alike"
            }
            test("inputs that differ in their number of steps") {
                shouldThrow<ShapeException> {
                    Ad.scan(
                        { s: Tensor, x: List<Tensor> -> Scan.Step(s.plus(x[0]), x[1]) },
                        Tensor.scalar(0.0),
                        listOf(Tensor.of(1.0, 2.0), Tensor.of(1.0)),
                    )
                }.message shouldBe "scan: axis 0 of every input must be that of the steps; got [1]: [1], steps: 2; " +
                    "stack the inputs of the steps along axis 0, and close over what is the same in all"
            }
            test("nothing to loop over") {
                shouldThrow<ShapeException> {
                    Ad.scan({ s: Tensor, x: Tensor -> Scan.Step(s, x) }, Tensor.scalar(0.0), Tensor.scalar(0.0))
                }.message shouldBe "scan: axis 0 of every input must be that of the steps; got tree: []; " +
                    "stack the inputs of the steps along axis 0, and close over what is the same in all"
                shouldThrow<ShapeException> {
                    Ad.scan({ s: Tensor, x: List<Tensor> -> Scan.Step(s, x) }, Tensor.scalar(0.0), listOf())
                }.message shouldBe "scan: there must be something to loop over; got an input without tensors; " +
                    "give one, such as the numbers of the steps"
            }
        }
    })
