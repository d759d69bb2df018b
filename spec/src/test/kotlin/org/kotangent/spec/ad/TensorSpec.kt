package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.Ad
import org.kotangent.ad.AdException
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor

private inline fun <reified E : AdException> messageOf(noinline block: () -> Unit): String? =
    shouldThrow<E>(block).message

class TensorSpec :
    FunSpec({
        val shape = Shape.of(2, 2)

        context("construction") {
            test("from numbers, whose type is that of the tensor") {
                Tensor.of(1.0, 2.0).spec() shouldBe Spec.of(DType.F64, 2)
                Tensor.of(1f, 2f).spec() shouldBe Spec.of(DType.F32, 2)
                Tensor.of(1, 2).spec() shouldBe Spec.of(DType.I32, 2)
                Tensor.of(true).spec() shouldBe Spec.of(DType.BOOL, 1)
                Tensor.scalar(2.0).spec().toString() shouldBe "f64[]"
                Tensor.scalar(2f).spec().toString() shouldBe "f32[]"
                Tensor.zeros(DType.I32, 2, 3).spec().toString() shouldBe "i32[2, 3]"
                Tensor.ones(DType.BOOL, 1).toBooleans() shouldBe booleanArrayOf(true)
            }
            test("copies what it is given, and gives copies") {
                val numbers = doubleArrayOf(1.0, 2.0, 3.0, 4.0)
                val t = Tensor.of(shape, *numbers)
                numbers[0] = 9.0
                t.toDoubles()[1] = 9.0
                t.toDoubles() shouldBe doubleArrayOf(1.0, 2.0, 3.0, 4.0)
            }
            test("needs a number for every element") {
                messageOf<ShapeException> { Tensor.of(shape, 1.0, 2.0, 3.0) } shouldBe
                    "of: the shape must hold all numbers; got shape: [2, 2], numbers: 3 (4 ≠ 3); " +
                    "give a number for every element"
            }
            test("takes only numbers of the type") {
                messageOf<DTypeException> { Tensor.of(1, 2).plus(0.5) } shouldBe
                    "full: the number must be a value of the type i32; got 0.5; convert the tensor first"
                messageOf<DTypeException> { Tensor.full(Spec.of(DType.BOOL), 2.0) } shouldBe
                    "full: the number must be a value of the type bool; got 2.0; convert the tensor first"
            }
        }

        context("reading") {
            test("the number of a single element, whatever the shape and type") {
                Tensor.of(Shape.of(1, 1), 2.5f).item() shouldBe 2.5
                Tensor.of(7).item() shouldBe 7.0
                messageOf<ShapeException> { Tensor.of(1.0, 2.0).item() } shouldBe
                    "item: only a tensor of one element is a number; got f64[2]; select or reduce to one element"
            }
            test("the numbers in row-major order, in a type that holds them") {
                Tensor.of(shape, 1.5, 2.5, 3.5, 4.5).toFloats() shouldBe floatArrayOf(1.5f, 2.5f, 3.5f, 4.5f)
                Tensor.of(true, false).toDoubles() shouldBe doubleArrayOf(1.0, 0.0)
                messageOf<DTypeException> { Tensor.of(1.0).toInts() } shouldBe
                    "toInts: needs a tensor of type i32; got f64[1]; convert it with to(DType.I32)"
                messageOf<DTypeException> { Tensor.of(1).toBooleans() } shouldBe
                    "toBooleans: needs a tensor of type bool; got i32[1]; convert it with to(DType.BOOL)"
                messageOf<DTypeException> { Tensor.of(1).toFloats() } shouldBe
                    "toFloats: needs a floating tensor; got i32[1]; convert it with to(DType.F32)"
            }
            test("as text, with the middle of long axes left out") {
                Tensor.of(shape, 1, 2, 3, 4).toString() shouldBe "i32[2, 2] [[1, 2], [3, 4]]"
                Tensor.of(*IntArray(9) { it }).toString() shouldBe "i32[9] [0, 1, 2, …, 6, 7, 8]"
                Tensor.of(true).toString() shouldBe "bool[1] [true]"
                Tensor.zeros(DType.F32, 2, 0).toString() shouldBe "f32[2, 0] [[], []]"
                Tensor.scalar(0.5f).toString() shouldBe "f32[] 0.5"
            }
        }

        context("equality") {
            val t = Tensor.of(1.0, Double.NaN)
            test("is identity") {
                t shouldBe t
                t shouldNotBe Tensor.of(1.0, Double.NaN)
            }
            test("of contents: type, shape and bits, where NaN equals NaN") {
                t.contentEquals(Tensor.of(1.0, Double.NaN)) shouldBe true
                t.contentEquals(Tensor.of(Shape.of(1, 2), 1.0, Double.NaN)) shouldBe false
                Tensor.of(1.0).contentEquals(Tensor.of(1f)) shouldBe false
                Tensor.of(0.0).contentEquals(Tensor.of(-0.0)) shouldBe false
                Tensor.of(true, false).contentEquals(Tensor.of(true, false)) shouldBe true
            }
        }

        context("arithmetic") {
            test("with numbers and operators, in the type of the tensor") {
                val x = Tensor.of(1f, 2f)
                ((x + 1.0) * x / 2.0 - -x).toFloats() shouldBe floatArrayOf(2f, 5f)
                (Tensor.of(7, -7) / 2.0).toInts() shouldBe intArrayOf(3, -3)
            }
            test("does not mix types") {
                messageOf<DTypeException> { Tensor.of(1f) + Tensor.of(1.0) } shouldBe
                    "add: operands must have one type; got a: f32[1], b: f64[1]; convert one with to(DType)"
                messageOf<DTypeException> { Tensor.of(1) * Tensor.of(1.0) } shouldBe
                    "mul: operands must have one type; got a: i32[1], b: f64[1]; convert one with to(DType)"
                messageOf<DTypeException> { Tensor.of(true) + Tensor.of(true) } shouldBe
                    "add: operands must be numbers; got a: bool[1], b: bool[1]; convert with to(DType)"
            }
            test("names shapes that do not fit") {
                messageOf<ShapeException> { Tensor.of(1.0, 2.0) * Tensor.of(1.0, 2.0, 3.0) } shouldBe
                    "mul: shapes must be equal or broadcast; got a: [2], b: [3] (2 ≠ 3 at axis -1); " +
                    "reshape one of them or insert axes of size 1"
            }
        }

        context("conversion") {
            test("rounds to F32, cuts off to I32, and asks whether not zero for BOOL") {
                Tensor.of(0.1).to(DType.F32).item() shouldBe 0.1f.toDouble()
                Tensor.of(2.9, -2.9, 1e30, Double.NaN).to(DType.I32).toInts() shouldBe
                    intArrayOf(2, -2, Int.MAX_VALUE, 0)
                Tensor.of(0.0, -0.5).to(DType.BOOL).toBooleans() shouldBe booleanArrayOf(false, true)
                Tensor.of(true, false).to(DType.F32).toFloats() shouldBe floatArrayOf(1f, 0f)
            }
            test("gives the tensor itself when there is nothing to convert") {
                Tensor.of(1.0).let { it.to(DType.F64) shouldBe it }
            }
            test("between floating types passes tangents and cotangents on, each in the type of its side") {
                val x = Tensor.of(1.5, 2.5)
                val f = { t: Tensor -> (t.to(DType.F32) * 3.0).to(DType.F64) * t }
                Ad.jvp(f, x, Tensor.of(1.0, 2.0)).tangent().toDoubles() shouldBe doubleArrayOf(9.0, 30.0)
                Ad.vjp(f, x).pullback().apply(Tensor.of(1.0, 2.0)).toDoubles() shouldBe doubleArrayOf(9.0, 30.0)
                val single = Ad.vjp({ t: Tensor -> t.to(DType.F32) }, x)
                single.pullback().apply(Tensor.of(0.1f, 1f)).toDoubles() shouldBe doubleArrayOf(0.1f.toDouble(), 1.0)
                Ad.hvp({ t: Tensor ->
                    Core.sum(f(t), intArrayOf(), false)
                }, x, Tensor.of(1.0, 2.0)).toDoubles() shouldBe
                    doubleArrayOf(6.0, 12.0)
            }
        }
    })
