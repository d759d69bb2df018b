package org.kotangent.spec.ad

import java.math.BigDecimal
import java.math.BigDecimal.ONE
import java.math.BigDecimal.TWO
import java.math.BigDecimal.ZERO
import java.math.MathContext

/** Elementary functions to some thirty digits, where their exponentials are not far beyond the range of doubles. */
internal object Digits {
    private val context = MathContext(40)

    /** So often is an argument halved before the series, and the result doubled after it. */
    private const val HALVINGS = 16
    private const val TERMS = 14

    private val part = ONE.divide(TWO.pow(HALVINGS))

    private fun quotient(x: BigDecimal, y: BigDecimal) = x.divide(y, context)

    /** eʳ − 1 for a number r so small that the series is short. */
    private fun series(r: BigDecimal): BigDecimal {
        val terms = generateSequence(r to 2) { (t, k) -> quotient(t.multiply(r), BigDecimal(k)) to k + 1 }
        return terms.take(TERMS).fold(ZERO) { sum, (t, _) -> sum.add(t, context) }
    }

    fun exp(x: BigDecimal): BigDecimal =
        (1..HALVINGS).fold(series(x.multiply(part, context)).add(ONE)) { e, _ -> e.multiply(e, context) }

    /** e²ˣ − 1 = m(m + 2), where m = eˣ − 1. */
    fun expm1(x: BigDecimal): BigDecimal =
        (1..HALVINGS).fold(series(x.multiply(part, context))) { m, _ -> m.multiply(m.add(TWO), context) }

    /** A step of Newton's method from the double nearby. */
    fun log(x: BigDecimal): BigDecimal {
        val near = BigDecimal(Math.log(x.toDouble()))
        return exp(near).let { near.add(quotient(x.subtract(it), it)) }
    }

    /** A step of Newton's method from the double nearby. */
    fun log1p(x: BigDecimal): BigDecimal {
        val near = BigDecimal(Math.log1p(x.toDouble()))
        return expm1(near).let { near.add(quotient(x.subtract(it), it.add(ONE))) }
    }

    fun tanh(x: BigDecimal): BigDecimal = expm1(x.multiply(TWO)).let { quotient(it, it.add(TWO)) }

    fun sigmoid(x: BigDecimal): BigDecimal = exp(x).let { quotient(it, it.add(ONE)) }

    /** max(x, 0) + ln(1 + e⁻|ˣ|). */
    fun softplus(x: BigDecimal): BigDecimal = x.max(ZERO).add(log1p(exp(x.abs().negate())), context)
}
