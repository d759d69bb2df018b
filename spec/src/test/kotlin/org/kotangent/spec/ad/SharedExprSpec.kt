package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Elementwise
import org.kotangent.ad.Expr
import org.kotangent.ad.Tensor

private const val DEPTH = 60

/** [x] doubled and halved many times over: few nodes, and 2⁶⁰ terms when written out. */
private fun doublings(x: Expr): Expr = (1..DEPTH).fold(x) { y, _ -> y.plus(y).times(0.5) }

/** The same when written out, but every second use is of another object. */
private fun twins(x: Expr): Expr =
    (1..DEPTH).fold(x to x) { (a, b), _ -> a.plus(b).times(0.5) to b.plus(a).times(0.5) }.first

/** Expressions with shared parts cost what their nodes cost. That the tests below end at all is what they show. */
class SharedExprSpec :
    FunSpec({
        val x = Expr.Variable(0)

        test("an operation with sixty doublings compiles, runs and is differentiated to the second order") {
            val operation = Elementwise.unary("deep", ::doublings) { t, _ -> doublings(t) }
            val at = Tensor.of(0.5, -3.0)
            operation.apply(at).contentEquals(at) shouldBe true
            val half = { t: Tensor -> operation.apply(t) }
            Ad.jvp(half, at, Tensor.of(1.0, 1.0)).tangent().toDoubles() shouldBe doubleArrayOf(0.5, -3.0)
            val slope = { t: Tensor -> Ad.vjp(half, t).pullback().apply(Tensor.of(1.0, 1.0)) }
            Ad.jvp(slope, at, Tensor.of(1.0, 1.0)).tangent().toDoubles() shouldBe doubleArrayOf(1.0, 1.0)
        }

        test("equality is that of structure, whatever is shared") {
            doublings(x) shouldBe doublings(x)
            doublings(x).hashCode() shouldBe doublings(x).hashCode()
            doublings(x) shouldBe twins(x)
            twins(x) shouldBe doublings(x)
            doublings(x) shouldNotBe doublings(Expr.Variable(1))
            doublings(x) shouldNotBe doublings(x).neg()
            x.plus(0.0) shouldNotBe x.plus(-0.0)
            x.plus(x.square()) shouldNotBe x.square().plus(x)
        }

        test("text names what is used more than once") {
            val square = x.square()
            square.plus(square.times(2.0)).toString() shouldBe "t0 = square(x0); add(t0, mul(t0, 2.0))"
            doublings(x).toString().count { it == '=' } shouldBe DEPTH - 1
        }
    })
