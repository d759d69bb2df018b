package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Arr
import org.kotangent.ad.Core
import org.kotangent.ad.DomainException
import org.kotangent.ad.Elementwise
import org.kotangent.ad.Expr
import org.kotangent.ad.MissingRuleException
import org.kotangent.ad.Primitive
import org.kotangent.ad.Residuals
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor

/** x³ element by element, without a rule. */
private open class Cube : Primitive() {
    override fun name() = "cube"

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0])

    override fun kernel(x: Array<Arr>, y: Array<Arr>) = repeat(y[0].size()) { i ->
        y[0].set(
            i,
            x[0].get(i).let {
                it * it *
                    it
            },
        )
    }

    /** g·3x². */
    protected fun slope(x: Tensor, g: Tensor?): Tensor? = g?.let { Core.mul(it, Core.mul(x, x)).times(3.0) }
}

private class ForwardCube : Cube() {
    override fun jvp(x: Array<Tensor>, y: Array<Tensor>, dx: Array<Tensor?>) = arrayOf(slope(x[0], dx[0]))
}

private class ReverseCube : Cube() {
    override fun vjp(r: Residuals, gy: Array<Tensor?>) = arrayOf(slope(r.x(0), gy[0]))
}

private class ForgetfulCube : Cube() {
    override fun needsInput(i: Int, active: BooleanArray) = false

    override fun vjp(r: Residuals, gy: Array<Tensor?>) = arrayOf(slope(r.x(0), gy[0]))
}

private class MisshapenCube : Cube() {
    override fun vjp(r: Residuals, gy: Array<Tensor?>) =
        arrayOf(gy[0]?.let { Core.reshape(it, Shape.of(1, it.size())) })

    override fun jvp(x: Array<Tensor>, y: Array<Tensor>, dx: Array<Tensor?>) =
        arrayOf(dx[0]?.let { Core.reshape(it, Shape.of(1, it.size())) })
}

/** What the author of an operation may rely on, and is told. */
class PrimitiveSpec :
    FunSpec({
        val x = Tensor.of(2.0, -1.0)
        val v = Tensor.of(1.0, 10.0)

        fun apply(p: Primitive) = { t: Tensor -> p.apply(t) }

        for ((given, cube) in mapOf("jvp" to ForwardCube(), "vjp" to ReverseCube())) {
            context("an operation with $given alone") {
                test("is differentiated both ways") {
                    Ad.jvp(apply(cube), x, v).tangent().toDoubles() shouldBe doubleArrayOf(12.0, 30.0)
                    Ad.vjp(apply(cube), x).pullback().apply(v).toDoubles() shouldBe doubleArrayOf(12.0, 30.0)
                }
                test("is differentiated to higher orders") {
                    val s = { t: Tensor -> Core.sum(cube.apply(t), intArrayOf(), false) }
                    Ad.hvp(s, x, v).toDoubles() shouldBe doubleArrayOf(12.0, -60.0)
                    val along = { t: Tensor -> Core.sum(Ad.hvp(s, t, v), intArrayOf(), false) }
                    Ad.grad(along).apply(x).toDoubles() shouldBe doubleArrayOf(6.0, 60.0)
                }
            }
        }

        test("an operation without a rule can be used, and says what is missing when it is differentiated") {
            Cube().apply(x).toDoubles() shouldBe doubleArrayOf(8.0, -1.0)
            val remedy = "override jvp or vjp, or declare it as Elementwise, Linear or Bilinear"
            shouldThrow<MissingRuleException> { Ad.vjp(apply(Cube()), x).pullback().apply(v) }.message shouldBe
                "cube: has no reverse rule; got ${Cube::class.java.name}; $remedy"
            shouldThrow<MissingRuleException> { Ad.jvp(apply(Cube()), x, v) }.message shouldBe
                "cube: has no forward rule; got ${Cube::class.java.name}; $remedy"
        }

        test("a rule that reads what it declined to keep is told so") {
            shouldThrow<IllegalStateException> {
                Ad.vjp(apply(ForgetfulCube()), x).pullback().apply(v)
            }.message shouldBe
                "cube: a rule may read only what it asked to keep; got a read that it declined; answer true in needsInput(0)"
        }

        test("a rule that gives another shape is found out where it does") {
            shouldThrow<ShapeException> { Ad.vjp(apply(MisshapenCube()), x).pullback().apply(v) }.message shouldBe
                "cube.vjp: a cotangent must have the type and shape of its operand; " +
                "got operand 0: f64[2], cotangent: f64[1, 2]; correct the rule of the primitive"
            shouldThrow<ShapeException> { Ad.jvp(apply(MisshapenCube()), x, v) }.message shouldBe
                "cube.jvp: a tangent must have the type and shape of its primal; " +
                "got primal: f64[2], tangent: f64[1, 2]; correct the rule of the primitive"
        }

        test("a wrong number of operands is refused") {
            shouldThrow<DomainException> { ScalarOp.ADD.primitive().apply(x) }.message shouldBe
                "add: takes 2 operands; got 1; give that many"
        }

        test("an elementwise operation of several operands has the derivatives of its partials, and broadcasts") {
            val (a, b, c) = List(3) { Expr.Variable(it) }
            val op = Elementwise.of("slope", a.minus(b).times(c), listOf(c, c.neg(), a.minus(b)))
            val operands = listOf(
                Tensor.of(1.0, 2.0, 3.0, 5.0, 7.0, 11.0).let { Core.reshape(it, Shape.of(2, 3)) },
                Tensor.of(0.5, -1.0, 2.0),
                Tensor.of(3.0, -2.0).let { Core.reshape(it, Shape.of(2, 1)) },
            )

            fun loss(f: (List<Tensor>) -> Tensor): (List<Tensor>) -> Tensor =
                { x -> f(x).let { y -> Core.sum(y * y, intArrayOf(), false) } }
            val declared = loss { op.apply(*it.toTypedArray()) }
            val written = loss { (x, y, z) -> (x - y) * z }
            val found = Ad.grad<List<Tensor>>(declared).apply(operands)
            val expected = Ad.grad<List<Tensor>>(written).apply(operands)
            found.zip(expected).forEach { (g, e) -> g.contentEquals(e) shouldBe true }
            shouldThrow<DomainException> { op.apply(operands[0]) }.message shouldBe
                "slope: takes 3 operands; got 1; give that many"
        }

        test("operations are equal by name and attributes, and print both") {
            fun scaled(factor: Double) = Elementwise.unary("scaled", listOf(factor), {
                it.times(factor)
            }, { _, _ -> Expr.of(factor) })
            scaled(2.0) shouldBe scaled(2.0)
            scaled(2.0).hashCode() shouldBe scaled(2.0).hashCode()
            scaled(2.0) shouldNotBe scaled(3.0)
            scaled(2.0).toString() shouldBe "scaled[2.0]"
            ScalarOp.ADD.primitive().toString() shouldBe "add"
        }
    })
