package org.kotangent.spec.scalar

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThan
import io.kotest.matchers.shouldBe
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import org.kotangent.dsl.compareTo
import org.kotangent.dsl.div
import org.kotangent.dsl.minus
import org.kotangent.dsl.plus
import org.kotangent.dsl.pow
import org.kotangent.dsl.times
import org.kotangent.samples.Orbits
import kotlin.math.abs

/** Reals among numbers of any type in Kotlin, and the sample that uses them in Java. */
class RealOperatorsSpec :
    FunSpec({
        fun check(value: Double, derivative: Double, f: (Real) -> Real) {
            f(Real.of(4.0)).value() shouldBe value
            Reals.derivative({ f(it) }, 4.0) shouldBe derivative
        }

        test("a number on the right") {
            check(6.0, 1.0) { it + 2 }
            check(2.0, 1.0) { it - 2L }
            check(8.0, 2.0) { it * 2f }
            check(2.0, 0.5) { it / 2 }
            check(64.0, 48.0) { it pow 3 }
        }

        test("a number on the left") {
            check(6.0, 1.0) { 2 + it }
            check(-2.0, -1.0) { 2L - it }
            check(8.0, 2.0) { 2f * it }
            check(0.5, -0.125) { 2 / it }
        }

        test("comparisons with numbers and with each other") {
            val x = Real.of(4.0)
            listOf(x > 3, x < 3L, x >= 4, x <= 4f, x > x, x >= x) shouldBe listOf(true, false, true, true, false, true)
            listOf(Real.of(-0.0) < 0.0, Real.of(Double.NaN) > 1.0, Real.of(1.0) < Real.of(Double.NaN)) shouldBe
                listOf(false, true, true)
        }

        test("energy is conserved to the second order of the step, which it is only if forces are gradients") {
            val coarse = abs(Orbits.drift(2_000, 1e-2))
            val fine = abs(Orbits.drift(4_000, 5e-3))
            coarse shouldBeLessThan 1e-3
            fine shouldBeLessThan coarse / 2
        }
    })
