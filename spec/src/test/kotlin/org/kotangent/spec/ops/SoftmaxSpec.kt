package org.kotangent.spec.ops

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.element
import io.kotest.property.arbitrary.long
import io.kotest.property.arbitrary.subsequence
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Nn
import kotlin.math.exp
import kotlin.math.ln

private const val INF = Double.POSITIVE_INFINITY
private val dims = intArrayOf(2, 3, 4, 2)
private val axes = Arb.subsequence(listOf(0, 1, 2, 3))

/** Which slice along [axes] an element belongs to; no axes stand for all of them. */
private fun slice(element: Int, axes: List<Int>): List<Int> {
    var rest = element
    val position = IntArray(dims.size)
    for (axis in dims.indices.reversed()) {
        position[axis] = rest % dims[axis]
        rest /= dims[axis]
    }
    return dims.indices.map { if (axes.isEmpty() || it in axes) -1 else position[it] }
}

class SoftmaxSpec :
    FunSpec({
        test("softmax and its logarithm over any axes are the definition") {
            checkAll(40, axes, Arb.element(floating), Arb.long()) { axes, type, seed ->
                val x = random(seed, type, *dims)
                val e = x.toDoubles().map(::exp)
                val sums = e.indices.groupBy { slice(it, axes) }.mapValues { (_, i) -> i.sumOf { e[it] } }
                val y = tensor(type, x.shape()) { e[it] / sums.getValue(slice(it, axes)) }
                Nn.softmax(x, *axes.toIntArray()).shouldBeNear(y)
                Nn.logSoftmax(x, *axes.toIntArray()).shouldBeNear(Elementary.log(y), 5 * rounding(type))
            }
        }

        test("derivatives over any axes, to the second order") {
            checkAll(8, axes, Arb.long()) { axes, seed ->
                val x = listOf(random(seed, DType.F64, *dims))
                shouldObeyCalculus(seed, x) { (t) -> Nn.softmax(t, *axes.toIntArray()) }
                shouldObeyCalculus(seed, x) { (t) -> Nn.logSoftmax(t, *axes.toIntArray()) }
            }
        }

        test("adding a number to all changes nothing; two classes are the sigmoid of their difference") {
            checkAll(20, Arb.element(floating), Arb.long()) { type, seed ->
                val x = random(seed, type, 5, 2)
                Nn.softmax(x.plus(64.0), 1).shouldBeNear(Nn.softmax(x, 1), 50 * rounding(type))
                val difference = x.toDoubles().let { v -> tensor(type, Shape.of(5)) { v[2 * it] - v[2 * it + 1] } }
                val first = Nn.softmax(x, 1).toDoubles().let { p -> tensor(type, Shape.of(5)) { p[2 * it] } }
                first.shouldBeNear(Elementary.sigmoid(difference))
            }
        }

        test("numbers of the texts") {
            for (x in listOf(vector(DType.F64, 3.0, 0.0, 1.0), vector(DType.F64, 5.0, 2.0, 3.0))) {
                Nn.softmax(x).shouldBeNear(vector(DType.F64, 0.8437947345, 0.0420100661, 0.1141951994), 1e-10)
            }
        }

        test("stable at ±1e4 and with infinite entries, values and gradients") {
            for (type in floating) {
                val far = vector(type, 1e4, -1e4, 9999.0)
                val e = exp(-1.0)
                Nn.softmax(far).shouldBeNear(vector(type, 1 / (1 + e), 0.0, e / (1 + e)))
                Nn.logSoftmax(far).shouldBeNear(vector(type, -ln(1 + e), -2e4 - ln(1 + e), -1 - ln(1 + e)))
                val masked = vector(type, 1.0, -INF, 1.0)
                Nn.softmax(masked).shouldHold(0.5, 0.0, 0.5)
                Nn.logSoftmax(masked).shouldBeNear(vector(type, -ln(2.0), -INF, -ln(2.0)))
                Nn.softmax(vector(type, INF, 0.0, INF, -INF)).shouldHold(0.5, 0.0, 0.5, 0.0)
                Nn.logSoftmax(vector(type, INF, 0.0)).shouldHold(0.0, -INF)
                Nn.softmax(vector(type, -INF, -INF)).shouldHold(0.0, 0.0)
                Nn.logSoftmax(vector(type, -INF, -INF)).shouldHold(-INF, -INF)
                Nn.softmax(vector(type, 1.0, Double.NaN)).toDoubles().all { it.isNaN() } shouldBe true

                val w = vector(type, 3.0, 5.0, 1.0)
                val pullback = Ad.vjp({ t: Tensor -> Nn.softmax(t) }, masked).pullback()
                pullback.apply(w).shouldHold(0.5, 0.0, -0.5)
                val logPullback = Ad.vjp({ t: Tensor -> Nn.logSoftmax(t) }, masked).pullback()
                logPullback.apply(vector(type, 1.0, 0.0, 0.0)).shouldBeNear(vector(type, 0.5, 0.0, -0.5))
                Ad.jvp({ t: Tensor -> Nn.logSoftmax(t) }, far, w).tangent().toDoubles().none { it.isNaN() } shouldBe
                    true
                val none = vector(type, -INF, -INF, -INF)
                Ad.vjp({ t: Tensor -> Nn.softmax(t) }, none).pullback().apply(w).shouldHold(0.0, 0.0, 0.0)
            }
        }

        test("scalars and empty tensors") {
            Nn.softmax(Tensor.scalar(3.0)).item() shouldBe 1.0
            Nn.logSoftmax(Tensor.scalar(3.0)).item() shouldBe 0.0
            Nn.softmax(Tensor.zeros(DType.F32, 2, 0), 1).shape() shouldBe Shape.of(2, 0)
            Nn.softmax(Tensor.zeros(DType.F32, 0, 2), 1).shape() shouldBe Shape.of(0, 2)
        }

        test("the same bits with one thread and with two") {
            val x = random(1, DType.F32, 60, 40, 8)
            shouldNotDependOnThreads {
                listOf(1, 2).flatMap { axis -> listOf(Nn.softmax(x, axis), Nn.logSoftmax(x, axis)) }
            }
        }

        test("one-hot vectors of labels, also of fields") {
            Nn.oneHot(Tensor.of(2, 0), 3, DType.F32).shouldHold(0.0, 0.0, 1.0, 1.0, 0.0, 0.0)
            val field = Tensor.of(Shape.of(1, 2), 1, 0)
            Nn.oneHot(field, 2, DType.F64).run {
                shape() shouldBe Shape.of(1, 2, 2)
                distance(this, tensor(DType.F64, shape()) { if (it == 1 || it == 2) 1.0 else 0.0 }) shouldBeLessThan
                    1e-300
            }
            shouldThrow<DTypeException> { Nn.oneHot(Tensor.of(1f), 3, DType.F32) }.message shouldBe
                "oneHot: needs labels of type i32; got labels: f32[1]; convert with to(DType.I32)"
        }

        test("errors name the axis and the type") {
            shouldThrow<ShapeException> { Nn.softmax(Tensor.of(1f, 2f), 1) }.message shouldBe
                "shape: axis must lie in [-1, 1); got axis 1 of [2]; name an axis that exists"
            shouldThrow<DTypeException> { Nn.softmax(Tensor.of(1, 2)) }.message shouldBe
                "softmax: needs floating numbers; got x: i32[2]; convert with to(DType.F32)"
        }
    })
