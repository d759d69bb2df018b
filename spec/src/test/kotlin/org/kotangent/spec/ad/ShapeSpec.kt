package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.map
import io.kotest.property.checkAll
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException

private fun shape(vararg dims: Int) = Shape.of(*dims)

private fun messageOf(block: () -> Unit) = shouldThrow<ShapeException>(block).message

class ShapeSpec :
    FunSpec({
        val shapes: Arb<Shape> = Arb.list(Arb.int(0..3), 0..4).map { Shape.of(*it.toIntArray()) }

        test("a scalar has no axes and one element") {
            Shape.scalar().rank() shouldBe 0
            Shape.scalar().size() shouldBe 1
            Shape.of() shouldBe Shape.scalar()
            Shape.scalar().toString() shouldBe "[]"
        }

        test("sizes, strides and axes counted from either end") {
            val s = shape(2, 3, 4)
            s.size() shouldBe 24
            s.strides() shouldBe intArrayOf(12, 4, 1)
            s.dim(-1) shouldBe 4
            s.axis(-3) shouldBe 0
            s.axes(-1, 0) shouldBe intArrayOf(0, 2)
            s.axes() shouldBe intArrayOf(0, 1, 2)
            s.toString() shouldBe "[2, 3, 4]"
        }

        test("compared by value, and nobody can change one") {
            val dims = intArrayOf(2, 3)
            val s = Shape.of(*dims)
            dims[0] = 9
            s.toArray()[1] = 9
            s shouldBe shape(2, 3)
            s.hashCode() shouldBe shape(2, 3).hashCode()
            s shouldNotBe shape(3, 2)
        }

        test("with, drop and insert") {
            shape(2, 3).with(-1, 5) shouldBe shape(2, 5)
            shape(2, 3).drop(0) shouldBe shape(3)
            shape(2, 3).insert(0, 1) shouldBe shape(1, 2, 3)
            shape(2, 3).insert(-1, 1) shouldBe shape(2, 3, 1)
        }

        test("dropping what was inserted gives the shape back") {
            checkAll(shapes, Arb.int(0..4)) { s, at ->
                val axis = at.coerceAtMost(s.rank())
                s.insert(axis, 7).drop(axis) shouldBe s
            }
        }

        test("the size is the product of the sizes, and strides step over what follows") {
            checkAll(shapes) { s ->
                s.size() shouldBe s.toArray().fold(1, Int::times)
                s.strides().forEachIndexed { i, stride -> stride shouldBe s.toArray().drop(i + 1).fold(1, Int::times) }
            }
        }

        context("broadcasting") {
            test("aligns at the end and stretches sizes of 1") {
                Shape.broadcast("op", shape(2, 3), Shape.scalar()) shouldBe shape(2, 3)
                Shape.broadcast("op", shape(2, 1), shape(3)) shouldBe shape(2, 3)
                Shape.broadcast("op", shape(1, 3), shape(0, 1)) shouldBe shape(0, 3)
            }
            test("is commutative, and each operand broadcasts to the result") {
                checkAll(shapes, shapes) { a, b ->
                    val together = runCatching { Shape.broadcast("op", a, b) }.getOrNull()
                    together shouldBe runCatching { Shape.broadcast("op", b, a) }.getOrNull()
                    if (together != null) {
                        (a.broadcastsTo(together) && b.broadcastsTo(together)) shouldBe true
                    }
                }
            }
            test("has every shape as neutral to the scalar and to itself") {
                checkAll(shapes) { s ->
                    Shape.broadcast("op", s, Shape.scalar()) shouldBe s
                    Shape.broadcast("op", s, s) shouldBe s
                    s.broadcastsTo(s) shouldBe true
                }
            }
            test("names the axis that does not fit") {
                messageOf { Shape.broadcast("add", shape(2, 3), shape(2, 4)) } shouldBe
                    "add: shapes must be equal or broadcast; got a: [2, 3], b: [2, 4] (3 ≠ 4 at axis -1); " +
                    "reshape one of them or insert axes of size 1"
            }
        }

        test("errors name the rule, the shape and the remedy") {
            messageOf { shape(2, 3).dim(2) } shouldBe
                "shape: axis must lie in [-2, 2); got axis 2 of [2, 3]; name an axis that exists"
            messageOf { shape(2, 3).axes(1, -1) } shouldBe
                "shape: axes must differ; got [1, -1] of [2, 3]; name each axis once"
            messageOf { shape(2).insert(3, 1) } shouldBe
                "shape: an axis can be inserted at 0 to 1; got position 3; choose one of these"
            messageOf { shape(2, -1) } shouldBe "shape: sizes must not be negative; got [2, -1]; use sizes ≥ 0"
            messageOf { shape(1 shl 16, 1 shl 15) } shouldBe
                "shape: at most 2³¹−1 elements fit; got [65536, 32768]; use a smaller tensor or split it"
        }

        test("a size of 0 makes any other size harmless") {
            shape(Int.MAX_VALUE, Int.MAX_VALUE, 0).size() shouldBe 0
        }
    })
