package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Graph
import org.kotangent.ad.Params
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.TreeException
import org.kotangent.ad.Wrt
import org.kotangent.ops.Linalg
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose
import kotlin.math.cos
import kotlin.math.sin

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun sine(x: Tensor) = ScalarOp.SIN.primitive().apply(x)

private fun same(what: String, actual: Tensor, expected: Tensor) =
    requireClose(what, numbers(listOf(actual)), numbers(listOf(expected)), 1e-13)

/** Transformations that are made of others: linearize, gnvp, nthDerivative, choice of arguments, stopGradient. */
class LinearMapsSpec :
    FunSpec({
        val x = Tensor.of(0.3, -0.7, 1.1)
        val v = Tensor.of(1.0, 0.5, -2.0)

        context("linearize") {
            val f = { t: Tensor -> mapOf("y" to sine(t).times(t), "sum" to total(t)) }

            test("the map is the Jacobian") {
                val linear = Ad.linearize(f, x)
                linear.value().getValue("y").contentEquals(f(x).getValue("y")) shouldBe true
                for (direction in listOf(v, v.times(-3.0), x)) {
                    val tangent = Ad.jvp(f, x, direction).tangent()
                    val mapped = linear.map().apply(direction)
                    for (path in tangent.keys) {
                        same(path, mapped.getValue(path), tangent.getValue(path))
                    }
                }
            }
            test("the function runs once") {
                var runs = 0
                val linear = Ad.linearize({ t: Tensor -> t.times(t).also { runs++ } }, x)
                repeat(3) { linear.map().apply(v) }
                runs shouldBe 1
            }
            test("what does not depend on the tangent has been computed") {
                val counter = Counter()
                // The value of `pass` is a factor of the tangent; its tangent passes as often as the map is applied.
                val linear = Ad.linearize({ t: Tensor -> counter.pass(t).let { it.times(it) } }, x)
                counter.calls shouldBe 1
                repeat(3) { linear.map().apply(v) }
                counter.calls shouldBe 4
            }
            test("the map is linear, and a function like any other") {
                val map = Ad.linearize({ t: Tensor -> sine(t).times(t) }, x).map()
                same("sum", map.apply(v.plus(x)), map.apply(v).plus(map.apply(x)))
                val transposed = Ad.vjp(map, Tensor.of(0.0, 0.0, 0.0)).pullback().apply(v)
                same("its pullback", transposed, Ad.vjp({ t: Tensor -> sine(t).times(t) }, x).pullback().apply(v))
                val basis = Tensor.of(Shape.of(3, 3), 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
                val columns = Ad.vmap(map).apply(basis)
                same(
                    "its columns",
                    Core.transpose(columns, 1, 0),
                    Ad.jacobian({ t: Tensor ->
                        sine(t).times(t)
                    }, x).tensor(),
                )
            }
            test("inside a derivative") {
                val slope = { t: Tensor -> total(Ad.linearize(::sine, t).map().apply(v)) } // ⟨cos t, v⟩
                same("grad", Ad.grad(slope).apply(x), sine(x).times(v).unaryMinus())
            }
            test("control flow on numbers of the point, not of the tangent") {
                val branch = { t: Tensor -> if (total(t).item() > 0) t.times(2.0) else t }
                same("map", Ad.linearize(branch, x).map().apply(v), v.times(2.0))
            }
            test("a tangent of another structure or shape") {
                val map = Ad.linearize({ p: Params -> p.get("w") }, Params.of("w", x)).map()
                shouldThrow<ShapeException> { map.apply(Params.of("w", Tensor.scalar(1.0))) }.message shouldBe
                    "linearize: leaves must have the same type and shape; got w: f64[3] and f64[]; make the two trees alike"
                shouldThrow<TreeException> { map.apply(Params.of("b", x)) }
            }
        }

        context("gnvp") {
            val a = Tensor.of(Shape.of(2, 3), 1.0, -2.0, 0.5, 3.0, 1.0, -1.0)
            val model = { t: Tensor -> sine(Core.sum(a.times(t), intArrayOf(1), false)) }
            val loss = { y: Tensor -> total(y.times(y).times(y)) }

            test("is Jᵀ·H·J·v") {
                val j = Ad.jacobian(model, x).tensor()
                val h = Ad.hessian(loss, model(x)).tensor()
                val column = Core.reshape(v, Shape.of(3, 1))
                val expected = Linalg.matmul(Core.transpose(j, 1, 0), Linalg.matmul(h, Linalg.matmul(j, column)))
                same("gnvp", Ad.gnvp(model, loss, x, v), Core.reshape(expected, Shape.of(3)))
            }
            test("is the Hessian-vector product where the model is linear") {
                val linear = { t: Tensor -> Core.sum(a.times(t), intArrayOf(1), false) }
                same("gnvp", Ad.gnvp(linear, loss, x, v), Ad.hvp({ t: Tensor -> loss(linear(t)) }, x, v))
            }
            test("of trees") {
                val p = Params.of("w", x).with("b", Tensor.scalar(0.4))
                val affine = { q: Params -> mapOf("y" to q.get("w").times(q.get("b"))) }
                val squared = { y: Map<String, Tensor> -> y.getValue("y").let { total(it.times(it)) } }
                val product = Ad.gnvp(affine, squared, p, p)
                // J·p = 2·w·b, H = 2, so Jᵀ·H·J·p = (b·4·w·b, w·(4·w·b))
                same("w", product.get("w"), x.times(0.4 * 4 * 0.4))
                same("b", product.get("b"), total(x.times(x)).times(4 * 0.4))
            }
        }

        context("nthDerivative") {
            test("of the sine") {
                for (n in 0..6) {
                    val expected = if (n % 2 == 0) sin(0.4) else cos(0.4)
                    val sign = if (n % 4 < 2) 1 else -1
                    Ad.nthDerivative(::sine, n).apply(Tensor.scalar(0.4)).item() shouldBe
                        (sign * expected plusOrMinus 1e-15)
                }
            }
            test("of every element") {
                val cube = { t: Tensor -> t.times(t).times(t) }
                same("third", Ad.nthDerivative(cube, 3).apply(x), Tensor.of(6.0, 6.0, 6.0))
                same("second", Ad.nthDerivative(cube, 2).apply(x), x.times(6.0))
                Ad.nthDerivative(cube, 5).apply(x).toDoubles() shouldBe DoubleArray(3)
            }
            test("is differentiated in turn") {
                val second = Ad.nthDerivative(::sine, 2)
                Ad.grad(second::apply).apply(Tensor.scalar(0.4)).item() shouldBe (-cos(0.4) plusOrMinus 1e-15)
            }
            test("of a negative order") {
                shouldThrow<DomainException> { Ad.nthDerivative(::sine, -1) }.message shouldBe
                    "nthDerivative: n must not be negative; got -1; use n ≥ 0"
            }
        }

        context("choice of arguments") {
            data class Layer(val w: Tensor, val b: Tensor)
            data class Model(val layers: List<Layer>, val scale: Tensor, val name: String)
            val model =
                Model(listOf(Layer(x, Tensor.scalar(1.0)), Layer(v, Tensor.scalar(2.0))), Tensor.scalar(3.0), "m")
            val f = { m: Model -> total(m.layers[0].w.times(m.layers[1].w).plus(m.layers[1].b)).times(m.scale) }

            test("a gradient by some of them") {
                val wrt = Wrt.of(model, "layers[1]", "scale")
                wrt.chosen().paths() shouldBe listOf("layers[1].w", "layers[1].b", "scale")
                val all = Ad.grad(f).apply(model)
                val some = Ad.grad(wrt.function(f)).apply(wrt.chosen())
                some.get("layers[1].w").contentEquals(all.layers[1].w) shouldBe true
                some.get("layers[1].b").contentEquals(all.layers[1].b) shouldBe true
                some.get("scale").contentEquals(all.scale) shouldBe true
            }
            test("the whole argument again, with other numbers") {
                val wrt = Wrt.of(model, "scale")
                val changed = wrt.argument(wrt.chosen().times(2.0))
                changed.scale.item() shouldBe 6.0
                changed.name shouldBe "m"
                changed.layers[0].w shouldBe x
            }
            test("the others cost nothing") {
                val holding = Holding()
                val product = { p: Params -> holding.times(holding.times(p.get("a"), p.get("a")), p.get("b")) }
                val wrt = Wrt.of(Params.of("a", Tensor.scalar(2.0)).with("b", Tensor.scalar(3.0)), "b")
                Ad.grad(wrt.function(product)).apply(wrt.chosen()).get("b").item() shouldBe 4.0
                holding.most shouldBe 1
            }
            test("any transformation takes it") {
                val wrt = Wrt.of(model, "layers[0].w")
                val g = wrt.function(f)
                same("jacobian", Ad.jacobian(g, wrt.chosen()).matrix(), Core.reshape(v.times(3.0), Shape.of(1, 3)))
                Ad.hvp(g::apply, wrt.chosen(), wrt.chosen()).norm() shouldBe 0.0
            }
            test("a path that leads nowhere") {
                shouldThrow<TreeException> { Wrt.of(model, "layers[2]") }.message shouldBe
                    "wrt: there must be a floating tensor at or below the path; got \"layers[2]\"; " +
                    "use one of [layers[0].w, layers[0].b, layers[1].w, layers[1].b, scale]"
                shouldThrow<TreeException> { Wrt.of(model, "layers[0].w2") }
                shouldThrow<TreeException> { Wrt.of(model, "name") }
                shouldThrow<DTypeException> { Wrt.of(model).let { Ad.grad(it.function(f)).apply(it.chosen()) } }
            }
        }

        context("stopGradient cuts the marked path alone") {
            val f = { t: Tensor -> total(Ad.stopGradient(t).times(t)) }

            test("the value is the same") {
                f(x).contentEquals(total(x.times(x))) shouldBe true
                Ad.stopGradient(x) shouldBe x
            }
            test("forward, reverse and second order") {
                Ad.jvp(f, x, v).tangent().contentEquals(total(x.times(v))) shouldBe true
                Ad.grad(f).apply(x).contentEquals(x) shouldBe true
                Ad.hvp(f, x, v).toDoubles() shouldBe DoubleArray(3)
                Ad.hessian(f, x).tensor().toDoubles() shouldBe DoubleArray(9)
            }
            test("vmap and capture") {
                val batch = Core.stack(listOf(x, v))
                Ad.vmap(Ad.grad(f)).apply(batch).contentEquals(batch) shouldBe true
                Ad.grad<Tensor> { t -> total(Ad.vmap(f).apply(t)) }.apply(batch).contentEquals(batch) shouldBe true
                Ad.grad(Graph.capture(f, x)::apply).apply(x).contentEquals(x) shouldBe true
            }
            test("for every derivation around it") {
                // d/dt (t · d/ds (s·⌊t⌋) at s = t), where ⌊t⌋ is t held constant: d/dt (t·⌊t⌋) = t.
                val outer = { t: Tensor -> t.times(Ad.grad<Tensor> { s -> s.times(Ad.stopGradient(t)) }.apply(t)) }
                Ad.grad(outer).apply(Tensor.scalar(5.0)).item() shouldBe 5.0
                Ad.jvp(outer, Tensor.scalar(5.0), Tensor.scalar(1.0)).tangent().item() shouldBe 5.0
            }
            test("all tensors of a tree") {
                val g = { p: Params -> Ad.stopGradient(p).dot(p) }
                val p = Params.of("a", x).with("b", v)
                Ad.grad(g).apply(p).contentEquals(p) shouldBe true
            }
        }
    })
