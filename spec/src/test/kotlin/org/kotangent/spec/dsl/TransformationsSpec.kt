package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.BatchAxes
import org.kotangent.ad.MissingRuleException
import org.kotangent.ad.Params
import org.kotangent.ad.Scan
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.dsl.checkpoint
import org.kotangent.dsl.customJvp
import org.kotangent.dsl.customVjp
import org.kotangent.dsl.grad
import org.kotangent.dsl.graph
import org.kotangent.dsl.hvp
import org.kotangent.dsl.invoke
import org.kotangent.dsl.jvp
import org.kotangent.dsl.named
import org.kotangent.dsl.scan
import org.kotangent.dsl.stopGradient
import org.kotangent.dsl.sum
import org.kotangent.dsl.times
import org.kotangent.dsl.vmap
import org.kotangent.ops.Elementary.round
import org.kotangent.ops.Elementary.sin
import org.kotangent.ops.Elementary.square
import org.kotangent.ops.Elementary.tanh

/** Ways to run a function other than as it stands, as Kotlin writes them. */
class TransformationsSpec :
    FunSpec({
        val one = Tensor.scalar(1.0)
        val two = Tensor.scalar(2.0)
        val x = Tensor.of(Shape.of(3, 2), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)

        test("vmap, of a batch and as a function") {
            vmap(x) { row -> sum(row) }.toDoubles() shouldBe doubleArrayOf(3.0, 7.0, 11.0)
            vmap { row: Tensor -> sum(row) }(x).toDoubles() shouldBe doubleArrayOf(3.0, 7.0, 11.0)
            vmap(grad<Tensor> { row -> sum(square(row)) })(x).toDoubles() shouldBe (x * 2).toDoubles()
            vmap(BatchAxes.of(1)) { column: Tensor -> sum(column) }(x).toDoubles() shouldBe doubleArrayOf(9.0, 12.0)
            vmap(x, along = BatchAxes.of(1)) { column -> sum(column) }.toDoubles() shouldBe doubleArrayOf(9.0, 12.0)
            vmap(along = BatchAxes.of(1), out = BatchAxes.of(1)) { column: Tensor ->
                column * 2
            }(x).toDoubles() shouldBe
                (x * 2).toDoubles()
        }

        test("a gradient for each example") {
            val p = Params.of("w", Tensor.of(1.0, -1.0))
            val slopes = vmap(x to Tensor.of(0.0, 1.0, 2.0)) { (row, y) ->
                grad(p) { square(sum(row * it.get("w")) - y) }
            }
            // 2·(⟨x, w⟩ − y)·x with ⟨x, w⟩ = −1
            slopes.get("w").toDoubles() shouldBe doubleArrayOf(-2.0, -4.0, -12.0, -16.0, -30.0, -36.0)
        }

        test("scan carries a state along and stacks what it puts out") {
            for (memory in Scan.Memory.entries) {
                val steps = Tensor.of(1.0, 2.0, 3.0)
                val (last, all) = scan(one, steps, memory) { state, y -> state * y to state * 2 }
                last.item() shouldBe 6.0
                all.toDoubles() shouldBe doubleArrayOf(2.0, 2.0, 4.0)
                val slope = grad(two) { s -> scan(s, steps, memory) { c, y -> c * c * y to c }.first }
                slope.item() shouldBe 96 * 128.0 // the last state is 12·s⁸
            }
        }

        test("a checkpoint changes nothing") {
            val f = { z: Tensor -> tanh(sin(z)) }
            val checked = checkpoint(f)
            checked(two).item() shouldBe f(two).item()
            grad(two) { checked(it) }.item() shouldBe grad(two, f).item()
            hvp(two, one) { checked(it) }.item() shouldBe hvp(two, one, f).item()
        }

        test("stopGradient, of a whole tree") {
            grad(two) { it * stopGradient(it) }.item() shouldBe 2.0
            grad(two) { z -> stopGradient(listOf(z, z)).let { (a, b) -> a * b * z } }.item() shouldBe 4.0
        }

        test("a forward rule of one's own gives every mode") {
            val straightThrough = customJvp({ z: Tensor -> round(z) }) { _, dz -> dz }
            straightThrough(Tensor.scalar(1.7)).item() shouldBe 2.0
            grad(Tensor.scalar(1.7)) { square(straightThrough(it)) }.item() shouldBe 4.0
            jvp(Tensor.scalar(1.7), one) { straightThrough(it) }.tangent().item() shouldBe 1.0
        }

        test("a reverse rule of one's own") {
            val reversed = customVjp({ z: Tensor -> z }) { _, gy -> -gy }
            grad(two) { square(reversed(it)) }.item() shouldBe -4.0
            shouldThrow<MissingRuleException> { jvp(two, one) { reversed(it) } }
        }

        test("a graph prints, with names, and runs") {
            val slope = graph(two) { z -> grad(z) { square(sin(it) named "h") } }
            slope.toString() shouldContain "h"
            slope(one).item() shouldBe grad(one) { square(sin(it)) }.item()
        }
    })
