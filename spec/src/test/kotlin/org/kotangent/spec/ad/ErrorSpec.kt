package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldMatch
import io.kotest.matchers.types.shouldBeInstanceOf
import org.kotangent.ad.Ad
import org.kotangent.ad.AdException
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Parallel
import org.kotangent.ad.Params
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees

private val matrix = Tensor.zeros(DType.F64, 2, 3)

/** Mistakes a user makes with the core, and the text each gets. */
private val mistakes: Map<() -> Any?, String> =
    mapOf(
        { Core.broadcastTo(matrix, Shape.of(2, 4)) } to
            "broadcastTo: every axis must match or have size 1; got x: f64[2, 3], shape: [2, 4]; " +
            "insert axes of size 1 or choose another shape",
        { Core.sumTo(matrix, Shape.of(2)) } to
            "sumTo: the shape must be one that broadcasts to that of x; got x: f64[2, 3], shape: [2]; " +
            "give axes of size 1 or fewer axes",
        { Core.sum(Tensor.of(true), intArrayOf(), false) } to
            "sum: needs numbers; got x: bool[1]; convert with to(DType.I32) to count",
        { Core.sum(matrix, intArrayOf(2), false) } to
            "shape: axis must lie in [-2, 2); got axis 2 of [2, 3]; name an axis that exists",
        { Core.reshape(matrix, Shape.of(4)) } to
            "reshape: the number of elements must stay the same; got x: f64[2, 3], shape: [4] (6 ≠ 4); " +
            "choose sizes with the same product",
        { Core.transpose(matrix, 0, 0) } to
            "transpose: the order must name every axis once, counted from 0; got x: f64[2, 3], order: [0, 0]; " +
            "give a permutation of the axes",
        { Core.transpose(matrix, 0) } to
            "transpose: the order must name every axis once, counted from 0; got x: f64[2, 3], order: [0]; " +
            "give a permutation of the axes",
        { Core.select(matrix, matrix, matrix) } to
            "select: a condition must be of type bool; got a: f64[2, 3], b: f64[2, 3], c: f64[2, 3]; " +
            "compare or convert with to(DType.BOOL)",
        { ScalarOp.EXP.primitive().apply(Tensor.of(1)) } to
            "exp: needs floating operands; got i32[1]; convert with to(DType.F32)",
        { ScalarOp.LESS.primitive().apply(Tensor.of(1), Tensor.of(1f)) } to
            "less: operands must have one type; got a: i32[1], b: f32[1]; convert one with to(DType)",
        { ScalarOp.NOT.primitive().apply(Tensor.of(1)) } to
            "not: a condition must be of type bool; got i32[1]; compare or convert with to(DType.BOOL)",
        { Tensor.of(7, 1) / Tensor.of(1, 0) } to
            "div: integers cannot be divided by zero; got a: i32[2], b: i32[2]; mask the zeros or convert with to(DType.F32)",
        { Ad.grad<Tensor> { it }.apply(matrix) } to
            "grad: the function must return a floating scalar; got f64[2, 3]; reduce it with sum or mean, or use vjp",
        { Ad.grad<Tensor> { Tensor.scalar(1.0).to(DType.I32) }.apply(matrix) } to
            "grad: the function must return a floating scalar; got i32[]; reduce it with sum or mean, or use vjp",
        { Trees.dot(listOf(Tensor.of(1f), Tensor.of(1.0)), listOf(Tensor.of(1f), Tensor.of(1.0))) } to
            "add: operands must have one type; got a: f32[], b: f64[]; convert one with to(DType)",
        { Params.of().get("w") } to "params: there must be a tensor at the path; got w; use one of []",
        { Parallel.use(-1) } to "threads: at least one is needed; got -1; give a number ≥ 1",
    )

class ErrorSpec :
    FunSpec({
        for ((mistake, text) in mistakes) {
            test(text) {
                val thrown = runCatching { mistake() }.exceptionOrNull()
                thrown.shouldBeInstanceOf<AdException>()
                thrown.message shouldBe text
            }
        }

        test("every text has the form `op: rule; got …; what to do`") {
            mistakes.values.forEach { it shouldMatch "[a-zA-Z.]+: [^;]+; got .+; [^;]+" }
        }

        test("a mistake is found the same way under differentiation") {
            for (derive in listOf<(Tensor) -> Any?>(
                { x -> Ad.vjp({ t: Tensor -> Core.reshape(t, Shape.of(4)) }, x) },
                { x -> Ad.jvp({ t: Tensor -> Core.reshape(t, Shape.of(4)) }, x, x) },
            )) {
                runCatching { derive(matrix) }.exceptionOrNull()?.message shouldBe
                    "reshape: the number of elements must stay the same; got x: f64[2, 3], shape: [4] (6 ≠ 4); " +
                    "choose sizes with the same product"
            }
        }
    })
