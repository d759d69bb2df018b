package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.EscapedValueException
import org.kotangent.ad.Graph
import org.kotangent.ad.Params
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose

private val point = Tensor.of(0.3, -0.7, 1.1)

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun exp(x: Tensor) = ScalarOp.EXP.primitive().apply(x)

private fun sin(x: Tensor) = ScalarOp.SIN.primitive().apply(x)

/** A checkpoint is the same function; only when it is computed differs. */
class CheckpointSpec :
    FunSpec({
        val wave = { x: Tensor -> total(sin(x.times(x)).times(exp(x))) }
        val kept = Ad.checkpoint(wave)

        fun same(what: String, actual: Tensor, expected: Tensor) =
            requireClose(what, numbers(listOf(actual)), numbers(listOf(expected)), 1e-14)

        test("values are the same to the bit, under differentiation too") {
            kept.apply(point).contentEquals(wave(point)) shouldBe true
            Ad.valueAndGrad(kept::apply).apply(point).value().contentEquals(wave(point)) shouldBe true
            Ad.jvp(kept, point, point).value().contentEquals(wave(point)) shouldBe true
        }

        test("values have their numbers where only the tangents are unknown") {
            Ad.linearize(kept, point).value().contentEquals(wave(point)) shouldBe true
            Ad.jacobian(kept, point).value().contentEquals(wave(point)) shouldBe true
            same("J·v", Ad.linearize(kept, point).map().apply(point), Ad.jvp(wave, point, point).tangent())
            val branching = { x: Tensor -> kept.apply(x).let { if (it.item() > 0) it else it.times(2.0) } }
            same("of a branch", Ad.jacobian(branching, point).tensor(), Ad.grad(branching).apply(point))
        }

        test("derivatives are the same, in every mode") {
            same("grad", Ad.grad(kept::apply).apply(point), Ad.grad(wave).apply(point))
            same("jvp", Ad.jvp(kept, point, point).tangent(), Ad.jvp(wave, point, point).tangent())
            same("hvp", Ad.hvp(kept::apply, point, point), Ad.hvp(wave, point, point))
            same("hessian", Ad.hessian(kept::apply, point).tensor(), Ad.hessian(wave, point).tensor())
            same("jacobian", Ad.jacobian(kept, point).tensor(), Ad.jacobian(wave, point).tensor())
            val linear = Ad.linearize(kept, point).map()
            same("linearize", linear.apply(point), Ad.jvp(wave, point, point).tangent())
            val batch = Core.stack(listOf(point, point.times(2.0)))
            same("vmap of grad", Ad.vmap(Ad.grad(kept::apply)).apply(batch), Ad.vmap(Ad.grad(wave)).apply(batch))
            val sum = { f: (Tensor) -> Tensor -> { x: Tensor -> total(Ad.vmap(f).apply(x)) } }
            same("grad of vmap", Ad.grad(sum(kept::apply)).apply(batch), Ad.grad(sum(wave)).apply(batch))
            val captured = Graph.capture(Ad.grad(kept::apply), point)
            same("capture of grad", captured.apply(point), Ad.grad(wave).apply(point))
            same("grad of capture", Ad.grad(Graph.capture(kept, point)::apply).apply(point), Ad.grad(wave).apply(point))
        }

        test("checkpoints nest, in each other and at every order") {
            val inner = Ad.checkpoint { x: Tensor -> sin(x.times(x)) }
            val nested = Ad.checkpoint { x: Tensor -> total(inner.apply(inner.apply(x)).times(exp(x))) }
            val plain = { x: Tensor ->
                val y = sin(x.times(x))
                total(sin(y.times(y)).times(exp(x)))
            }
            fun along(f: (Tensor) -> Tensor) = { x: Tensor -> total(Ad.grad(f).apply(x).times(point)) }
            var (f, g) = nested::apply as (Tensor) -> Tensor to plain
            repeat(3) { order ->
                same("derivative ${order + 1}", Ad.grad(f).apply(point), Ad.grad(g).apply(point))
                f = along(Ad.checkpoint(f)::apply)
                g = along(g)
            }
        }

        context("how often the function runs") {
            test("a value: once") {
                Counter().run { Ad.checkpoint(::pass).apply(point); calls } shouldBe 1
            }
            test("a gradient: once more than without") {
                Counter().run { Ad.grad<Tensor> { total(pass(it)) }.apply(point); calls } shouldBe 1
                Counter().run {
                    Ad.grad<Tensor> { total(Ad.checkpoint(::pass).apply(it)) }.apply(point)
                    calls
                } shouldBe 2
            }
            // Forwards the numbers pass twice, as a value and as a tangent.
            test("a tangent: as often as without") {
                Counter().run { Ad.jvp(::pass, point, point); calls } shouldBe 2
                Counter().run { Ad.jvp(Ad.checkpoint(::pass), point, point); calls } shouldBe 2
            }
            test("a Hessian-vector product: once more than without") {
                val squared = { c: Counter -> { x: Tensor -> c.pass(x).let { it.times(it) } } }
                Counter().run { Ad.hvp({ x -> total(squared(this)(x)) }, point, point); calls } shouldBe 2
                Counter().run {
                    Ad.hvp({ x -> total(Ad.checkpoint(squared(this)).apply(x)) }, point, point)
                    calls
                } shouldBe 4
            }
            test("the Kotlin or Java function itself runs once, to see what it closes over") {
                var runs = 0
                val f = Ad.checkpoint { x: Tensor -> x.times(x).also { runs++ } }
                Ad.grad<Tensor> { total(f.apply(it)) }.apply(point)
                runs shouldBe 1
            }
        }

        test("it may close over values under differentiation") {
            fun model(p: Params, block: ((Tensor) -> Tensor) -> (Tensor) -> Tensor) =
                total(block { x -> exp(x.times(p.get("w"))).plus(p.get("b")) }(point.times(p.get("w"))))
            val p = Params.of("w", Tensor.scalar(0.5)).with("b", Tensor.scalar(2.0)).with("unused", Tensor.scalar(1.0))
            val plain = Ad.grad<Params> { q -> model(q) { it } }.apply(p)
            val kept = Ad.grad<Params> { q -> model(q) { Ad.checkpoint(it)::apply } }.apply(p)
            for (path in p.paths()) {
                same(path, kept.get(path), plain.get(path))
            }
        }

        test("what of the argument it does not use costs nothing and has no derivative") {
            // The cotangent of u must be an exact zero: another 0 would be multiplied by 1/0 on its way to x.
            val block = Ad.checkpoint { (_, v): List<Tensor> -> v.times(v) }
            val slope = Ad.grad<Tensor> { x -> block.apply(listOf(ScalarOp.LOG.primitive().apply(x), x.plus(1.0))) }
            slope.apply(Tensor.scalar(0.0)).item() shouldBe 2.0
        }

        test("a function of nothing") {
            Ad.checkpoint { _: Tensor -> Tensor.scalar(4.0) }.apply(point).item() shouldBe 4.0
            Ad.grad<Tensor> { x ->
                Ad.checkpoint { _: Tensor -> Tensor.scalar(4.0) }.apply(x)
            }.apply(point).toDoubles() shouldBe
                DoubleArray(3)
        }

        test("integers and other structures pass through") {
            val f = Ad.checkpoint { m: Map<String, Tensor> ->
                mapOf(
                    "y" to m.getValue("x").times(m.getValue("x")),
                    "n" to m.getValue("n").plus(1.0),
                )
            }
            val n = Tensor.of(1, 2, 3)
            f.apply(mapOf("x" to point, "n" to n)).getValue("n").toInts() shouldBe intArrayOf(2, 3, 4)
            val slope = Ad.grad<Tensor> { x ->
                val y = f.apply(mapOf("x" to x, "n" to n))
                total(y.getValue("y").times(y.getValue("n").to(x.dtype())))
            }
            slope.apply(point).contentEquals(point.times(Tensor.of(2.0, 3.0, 4.0)).times(2.0)) shouldBe true
        }

        context("control flow on numbers") {
            val steep = { x: Tensor -> if (total(x).item() > 0) x.times(x) else x.unaryMinus() }

            test("works where everything that varies is an argument") {
                val slope = Ad.grad<Tensor> { total(Ad.checkpoint(steep).apply(it)) }
                slope.apply(point).contentEquals(point.times(2.0)) shouldBe true
                slope.apply(point.unaryMinus()).toDoubles() shouldBe doubleArrayOf(-1.0, -1.0, -1.0)
                Ad.hvp({ x -> total(Ad.checkpoint(steep).apply(x)) }, point, point).contentEquals(
                    point.times(2.0),
                ) shouldBe true
                val square = Ad.jacobian(Ad.checkpoint(steep), point)
                square.tensor().contentEquals(Ad.jacobian(steep, point).tensor()) shouldBe true
            }
            test("beside a closure is an error that says what to do") {
                val message =
                    "checkpoint: its function may not close over a value of a derivation that is going on; " +
                        "got a value of grad; make that value part of the argument"
                for (argument in listOf<(Tensor) -> Tensor>({ it }, { point })) {
                    shouldThrow<EscapedValueException> {
                        Ad.grad<Tensor> { x ->
                            val f = { y: Tensor -> if (total(y).item() > 0) y.times(x) else x }
                            total(Ad.checkpoint(f).apply(argument(x)))
                        }.apply(point)
                    }.message shouldBe message
                }
            }
            test("after it, where tangents alone are symbolic or batched") {
                val f = { x: Tensor -> steep(Ad.checkpoint { t: Tensor -> t.times(2.0) }.apply(x)) }
                same("linearize", Ad.linearize(f, point).map().apply(point), point.times(point).times(8.0))
                val directions = Core.stack(listOf(point, point.times(3.0)))
                val along = Ad.vmap { v: Tensor -> Ad.jvp(f, point, v).tangent() }
                same("vmap", along.apply(directions), directions.times(point).times(8.0))
            }
            test("cannot be captured, and says so") {
                shouldThrow<org.kotangent.ad.UnknownNumberException> {
                    Graph.capture(Ad.checkpoint(steep), point)
                }.message!! shouldStartWith "capture: while a graph is captured a value has no number yet"
            }
        }
    })
