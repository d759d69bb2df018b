package org.kotangent.spec.scalar

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import kotlin.Double.Companion.NEGATIVE_INFINITY
import kotlin.Double.Companion.NaN
import kotlin.Double.Companion.POSITIVE_INFINITY

/** Points where calculus has no derivative: the table of docs/numerics.md, in every mode. */
class SpecialPointSpec :
    FunSpec({
        /** Equality in which NaN equals NaN, and −0 equals 0. */
        infix fun Double.shouldEqual(expected: Double) {
            (this == expected || (isNaN() && expected.isNaN())) shouldBe true
        }

        /** Value and derivative, by every mode and by recordings of another point and of this one. */
        fun expect(name: String, x: Double, value: Double, derivative: Double, f: Univariate) {
            test("$name at $x") {
                f(Real.of(x)).value() shouldBe value
                for (mode in Mode.entries) {
                    withClue(mode) { mode(f, x) shouldEqual derivative }
                }
                for (example in listOf(x, 0.75)) {
                    val recorded = Reals.record({ (a) -> f(a) }, example)
                    for (replay in listOf(recorded, recorded.compile())) {
                        replay.value(x) shouldBe value
                        replay.gradient(x)[0] shouldEqual derivative
                        replay.jvp(doubleArrayOf(x), doubleArrayOf(1.0)).tangents()[0][0] shouldEqual derivative
                    }
                }
            }
        }

        val zeros = listOf(0.0, -0.0)
        for (zero in zeros) {
            expect("abs", zero, 0.0, 0.0) { it.abs() }
            expect("sign", zero, zero, 0.0) { it.sign() }
            expect("sqrt", zero, zero, POSITIVE_INFINITY) { it.sqrt() }
            expect("cbrt", zero, zero, POSITIVE_INFINITY) { it.cbrt() }
            expect("log", zero, NEGATIVE_INFINITY, POSITIVE_INFINITY) { it.log() }
            expect("log10", zero, NEGATIVE_INFINITY, POSITIVE_INFINITY) { it.log10() }
            expect("relu", zero, 0.0, 0.5) { it.max(0.0) }
            expect("pow 0", zero, 1.0, 0.0) { it.pow(0.0) }
            expect("pow 2", zero, 0.0, 0.0) { it.pow(2.0) }
        }
        expect("floor", 2.0, 2.0, 0.0) { it.floor() }
        expect("ceil", 2.0, 2.0, 0.0) { it.ceil() }
        expect("rint", 2.5, 2.0, 0.0) { it.rint() }
        expect("max of equals", 1.0, 1.0, 0.5) { it.max(Real.of(1.0)) }
        expect("min of equals", 1.0, 1.0, 0.5) { it.min(Real.of(1.0)) }
        expect("log1p", -1.0, NEGATIVE_INFINITY, POSITIVE_INFINITY) { it.log1p() }
        expect("asin", 1.0, Math.PI / 2, POSITIVE_INFINITY) { it.asin() }
        expect("acos", 1.0, 0.0, NEGATIVE_INFINITY) { it.acos() }
        expect("atanh", 1.0, POSITIVE_INFINITY, POSITIVE_INFINITY) { it.atanh() }
        expect("acosh", 1.0, 0.0, POSITIVE_INFINITY) { it.acosh() }
        expect("exponent of 0", 0.0, 1.0, 0.0) { Real.of(0.0).pow(it) }
        expect("exponent of 0", 2.0, 0.0, 0.0) { Real.of(0.0).pow(it) }
        expect("hypot", 0.0, 0.0, 0.0) { it.hypot(Real.of(0.0)) }
        expect("atan2", 0.0, 0.0, NaN) { it.atan2(Real.of(0.0)) }
        for (far in listOf(1e4, POSITIVE_INFINITY)) {
            expect("sigmoid", far, 1.0, 0.0) { it.sigmoid() }
            expect("sigmoid", -far, 0.0, 0.0) { it.sigmoid() }
            expect("softplus", far, far, 1.0) { it.softplus() }
            expect("softplus", -far, 0.0, 0.0) { it.softplus() }
            expect("erf", far, 1.0, 0.0) { it.erf() }
        }
        expect("logGamma", 0.0, POSITIVE_INFINITY, NaN) { it.logGamma() }
        expect("logGamma", -2.0, POSITIVE_INFINITY, NaN) { it.logGamma() }

        test("second derivatives that are finite at such points") {
            for (f in listOf<Pair<Univariate, Double>>(
                { x: Real -> x.square() } to 2.0,
                { x: Real -> x.abs() } to 0.0,
                { x: Real -> x.pow(3.0) } to 0.0,
            )) {
                for (outer in Mode.entries) {
                    for (inner in Mode.entries) {
                        outer(inner(f.first))(Real.of(0.0)).value() shouldBe f.second
                    }
                }
            }
            Reals.taylor({ it.pow(3.0) }, 0.0, 5) shouldBe doubleArrayOf(0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
            for (far in listOf(-1e4, 1e4)) {
                Reals.taylor({ it.sigmoid() }, far, 4).drop(1).forEach { it + 0.0 shouldBe 0.0 }
            }
        }

        test("a condition that is NaN does not hold, in any mode") {
            val f = { x: Real -> x.select(x.times(5.0), x.times(3.0)) }
            for (mode in Mode.entries) {
                withClue(mode) {
                    mode(f, NaN) shouldBe 3.0
                    mode(mode(f), NaN) shouldBe 0.0
                }
            }
            Reals.taylor(f, NaN, 3).drop(1) shouldBe listOf(3.0, 0.0, 0.0)
            val recorded = Reals.record({ (x) -> f(x) }, 0.75)
            for (replay in listOf(recorded, recorded.compile())) replay.gradient(NaN)[0] shouldBe 3.0
        }

        test("a recorded series selects anew in each replay") {
            val slope = { x: Real -> Reals.taylor({ it.select(it.square(), it.times(3.0)) }, x, 2)[1] }
            val recorded = Reals.record({ (x) -> slope(x) }, 0.75)
            for (replay in listOf(recorded, recorded.compile())) {
                replay.value(2.0) shouldBe 4.0
                replay.value(-2.0) shouldBe 3.0
            }
        }

        test("NaN in, NaN out") {
            for (function in elementary.filter { it.name !in setOf("select") }) {
                withClue(function.name) { function.f(Real.of(NaN)).value().isNaN() shouldBe true }
            }
        }

        test("an infinite slope of what the result does not depend on does no harm") {
            for (mode in Mode.entries) {
                mode({ x ->
                    val logarithm = x.log() * x
                    if (x > 0.0) logarithm else x * 3.0
                }, 0.0) shouldBe 3.0
            }
            Reals.gradient({ (a, b) -> (a.log() * b).let { a + b } }, 0.0, 1.0) shouldBe doubleArrayOf(1.0, 1.0)
        }
    })
