package org.kotangent.spec.laws

import org.kotangent.ad.ScalarOp
import org.kotangent.ad.ScalarOp.ABS
import org.kotangent.ad.ScalarOp.ACOS
import org.kotangent.ad.ScalarOp.ACOSH
import org.kotangent.ad.ScalarOp.ADD
import org.kotangent.ad.ScalarOp.ASIN
import org.kotangent.ad.ScalarOp.ASINH
import org.kotangent.ad.ScalarOp.ATAN
import org.kotangent.ad.ScalarOp.ATAN2
import org.kotangent.ad.ScalarOp.ATANH
import org.kotangent.ad.ScalarOp.CBRT
import org.kotangent.ad.ScalarOp.CEIL
import org.kotangent.ad.ScalarOp.COS
import org.kotangent.ad.ScalarOp.COSH
import org.kotangent.ad.ScalarOp.DIV
import org.kotangent.ad.ScalarOp.ERF
import org.kotangent.ad.ScalarOp.EXP
import org.kotangent.ad.ScalarOp.EXPM1
import org.kotangent.ad.ScalarOp.FLOOR
import org.kotangent.ad.ScalarOp.FMA
import org.kotangent.ad.ScalarOp.HYPOT
import org.kotangent.ad.ScalarOp.LOG
import org.kotangent.ad.ScalarOp.LOG10
import org.kotangent.ad.ScalarOp.LOG1P
import org.kotangent.ad.ScalarOp.LOG_GAMMA
import org.kotangent.ad.ScalarOp.MAX
import org.kotangent.ad.ScalarOp.MIN
import org.kotangent.ad.ScalarOp.MUL
import org.kotangent.ad.ScalarOp.NEG
import org.kotangent.ad.ScalarOp.POLYGAMMA
import org.kotangent.ad.ScalarOp.POW
import org.kotangent.ad.ScalarOp.RECIPROCAL
import org.kotangent.ad.ScalarOp.ROUND
import org.kotangent.ad.ScalarOp.SELECT
import org.kotangent.ad.ScalarOp.SIGMOID
import org.kotangent.ad.ScalarOp.SIGN
import org.kotangent.ad.ScalarOp.SIN
import org.kotangent.ad.ScalarOp.SINH
import org.kotangent.ad.ScalarOp.SOFTPLUS
import org.kotangent.ad.ScalarOp.SQRT
import org.kotangent.ad.ScalarOp.SQUARE
import org.kotangent.ad.ScalarOp.SUB
import org.kotangent.ad.ScalarOp.TAN
import org.kotangent.ad.ScalarOp.TANH

/** Integers and half integers, where rounding jumps, are at least 0.15 away. */
private val betweenSteps = nearMultiples(step = 0.5, offset = 0.25)

/** Where each function of one number is smooth. */
val unaryDomains: Map<ScalarOp, Domain> =
    mapOf(
        NEG to anywhere,
        ABS to nonZero,
        SIGN to nonZero,
        SQUARE to anywhere,
        SQRT to positive,
        RECIPROCAL to nonZero,
        EXP to anywhere,
        EXPM1 to anywhere,
        LOG to positive,
        LOG1P to between(-0.7, 2.0),
        LOG10 to positive,
        CBRT to positive,
        SIN to anywhere,
        COS to anywhere,
        TAN to between(-1.2, 1.2),
        ASIN to between(-0.8, 0.8),
        ACOS to between(-0.8, 0.8),
        ATAN to anywhere,
        SINH to anywhere,
        COSH to anywhere,
        TANH to anywhere,
        ASINH to anywhere,
        ACOSH to between(1.3, 3.0),
        ATANH to between(-0.8, 0.8),
        ERF to anywhere,
        SIGMOID to anywhere,
        SOFTPLUS to anywhere,
        LOG_GAMMA to positive,
        FLOOR to betweenSteps,
        CEIL to betweenSteps,
        ROUND to betweenSteps,
    )

/** Where each function of two numbers is smooth. */
val binaryDomains: Map<ScalarOp, Pair<Domain, Domain>> =
    mapOf(
        ADD to Pair(anywhere, anywhere),
        SUB to Pair(anywhere, anywhere),
        MUL to Pair(anywhere, anywhere),
        DIV to Pair(anywhere, nonZero),
        POW to Pair(positive, anywhere),
        MAX to Pair(nearMultiples(0.5, 0.0), nearMultiples(0.5, 0.25)),
        MIN to Pair(nearMultiples(0.5, 0.0), nearMultiples(0.5, 0.25)),
        ATAN2 to Pair(anywhere, nonZero),
        HYPOT to Pair(anywhere, nonZero),
    )

/** The scalar functions of the core, as primitives. */
val scalarOpCases: List<Case> =
    cases("ScalarOp") {
        unaryDomains.forEach { (op, domain) -> unary(op.name, domain) { op.primitive().apply(it) } }
        binaryDomains.forEach { (op, domains) ->
            binary(op.name, domains.first, domains.second) { a, b -> op.primitive().apply(a, b) }
        }
        unary(POLYGAMMA.name, positive) { POLYGAMMA.primitive().apply(it.like(1.0), it) }
        one(FMA.name) {
            val shape = shape()
            listOf(tensor(shape), tensor(shape), tensor(shape)) through { (a, b, c) ->
                FMA.primitive().apply(a, b, c)
            }
        }
        one(SELECT.name) {
            val shape = shape()
            val condition = mask(shape)
            listOf(tensor(shape), tensor(shape)) through { (a, b) -> SELECT.primitive().apply(condition, a, b) }
        }
        one(SELECT.name, "broadcast") {
            val condition = mask(org.kotangent.ad.Shape.of(2, 1))
            listOf(tensor(3), tensor(1, 1)) through { (a, b) -> SELECT.primitive().apply(condition, a, b) }
        }
    }
