package org.kotangent.spec.ad

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldMatch
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.Graph
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Scan
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Elementary
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg
import org.kotangent.ops.Loss
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d
import org.kotangent.ops.Random
import org.kotangent.ops.Reduce
import org.kotangent.ops.Shapes

private fun noise(seed: Long, vararg dims: Int) = Random.normal(Key.of(seed), DType.F32, *dims)

private fun explain(x: Tensor, f: (Tensor) -> Any) = Ad.compile<Tensor, Any> { f(it) }.explain(x)

private fun totals(text: String) = Regex("""operations, (\d+) FLOP, (\d+) B touched""").find(text)!!.destructured
    .let { (flops, bytes) -> flops.toLong() to bytes.toLong() }

/** What plans say about arithmetic, memory and time, against numbers counted by hand. */
class FlopsSpec :
    FunSpec({
        val x = noise(1, 3, 4)

        context("floating-point operations of") {
            suspend fun counts(name: String, flops: Int, x: Tensor, f: (Tensor) -> Any) = test(name) {
                val text = explain(x, f)
                withClue({ text }) { totals(text).first shouldBe flops.toLong() }
            }

            counts("a product [3, 4]·[4, 5]: 2·3·5·4", 120, x) { Linalg.matmul(it, noise(2, 4, 5)) }
            counts("a product, bias and rectifier: 2·3·5·4 + 2·15", 150, x) {
                Elementary.relu(Linalg.matmul(it, noise(2, 4, 5)) + noise(3, 5))
            }
            val image = noise(4, 1, 2, 5, 5)
            counts("a convolution to [3, 3, 3] of windows [2, 3, 3]: 2·27·18", 972, image) {
                Nn.conv2d(it, noise(5, 3, 2, 3, 3), Conv2d.standard())
            }
            counts("a convolution in two groups: 2·18·9", 324, image) {
                Nn.conv2d(it, noise(5, 2, 1, 3, 3), Conv2d.standard().groups(2))
            }
            val plane = noise(6, 1, 1, 4, 6)
            counts("maxima of 6 windows of 4", 24, plane) { Nn.maxPool2d(it, Pool2d.of(2)) }
            counts("means of 6 windows of 4: 6·(4 + 1)", 30, plane) { Nn.avgPool2d(it, Pool2d.of(2)) }
            counts("a softmax: 5·12", 60, x) { Nn.softmax(it, 1) }
            counts("a logarithm of softmax: 5·12 + 3", 63, x) { Nn.logSoftmax(it, 1) }
            counts("a cross-entropy of labels: 4·12 + 2·3", 54, x) { Loss.softmaxCrossEntropy(it, Tensor.of(0, 1, 3)) }
            counts("the logarithm of a sum of exponentials: 4·12 + 2·3", 54, x) { Reduce.logSumExp(it, 1) }
            counts("a norm: 2·12 + 1", 25, x) { Reduce.norm(it) }
            counts("batch normalisation of 48 numbers in 3 channels: 7·48 + 5·3", 351, noise(7, 4, 3, 2, 2)) {
                Nn.batchNorm(it, noise(8, 3), noise(9, 3), 1e-5).y()
            }
            counts("a sum of 12", 12, x) { Core.sum(it, intArrayOf(), false) }
            counts("means of 4 numbers: 12 + 3", 15, x) { Reduce.mean(it, 1) }
            counts("running sums", 12, x) { Reduce.cumSum(it, 1) }
            counts("a maximum", 12, x) { Reduce.max(it) }
            counts("a loop of four operations: 4·12", 48, x) { Elementary.exp(it * 2.0 + 1.0) - it }
            counts("a loop that shares a term: 3·12", 36, x) { t -> Elementary.sin(t).let { it * it + it } }
            counts("a multiplication that is added to: 2·12", 24, x) {
                ScalarOp.FMA.primitive().apply(it, it, it)
            }
            counts("a choice by a comparison: 12", 12, x) {
                Elementary.where(Elementary.less(it, it.like(0.5)), it, it.like(1.0))
            }
            counts("the sum of squares in the loop that makes them: 2·12", 24, x) {
                Core.sum(it * it, intArrayOf(), false)
            }
            counts("SiLU, which takes care of −∞: a maximum, a sigmoid and a product", 36, x) { Elementary.silu(it) }
            counts("four steps of a scan: 4·3·4", 48, noise(10, 4, 4)) { xs ->
                val body = { c: Tensor, u: Tensor -> Scan.Step(Elementary.tanh(c * u + 0.5), c) }
                Ad.scan(body, noise(11, 4), xs).carry()
            }
            counts("blocks added at indices", 12, x) { Shapes.scatterAdd(it, Tensor.of(0, 1, 1), 5, 0) }
            test("random numbers: one each, and none for their keys") {
                val draw = Ad.compile<Key, Tensor> { Random.normal(it.fold(7), DType.F32, 10) }
                totals(draw.explain(Key.of(3))).first shouldBe 10L
            }
            counts("what moves numbers: none", 0, x) { t ->
                listOf(
                    Core.transpose(t, 1, 0),
                    Shapes.slice(t, 1, 3, 1),
                    Shapes.gather(t, Tensor.of(2, 0), 0),
                    Shapes.concat(listOf(t, t), 0),
                    Shapes.pad(t, intArrayOf(1, 0), intArrayOf(0, 2), 0.0),
                    Core.broadcastTo(t, Shape.of(2, 3, 4)),
                    t.to(DType.F64),
                    Elementary.where(Tensor.of(true, false, true, true), t, Tensor.zeros(DType.F32, 3, 4)),
                    Nn.oneHot(t.to(DType.I32).let { Shapes.gather(it, Tensor.of(0), 0) }, 3, DType.F32),
                    Core.stack(Core.unstack(t).reversed()),
                )
            }
        }

        test("an operation of a graph says the same, and one with a rule of its own what it does inside") {
            val graph = Graph.capture<Tensor, Tensor>(
                { t -> Ad.checkpoint<Tensor, Tensor> { Elementary.exp(it * 2.0) }.apply(Core.transpose(t, 1, 0)) },
                x,
            )
            graph.operations().map { it.flops() } shouldBe listOf(0L, 24L)
        }

        test("memory of an operand that is read twice counts once") {
            totals(explain(x) { Linalg.matmul(it, it, false, true) }).second shouldBe 4L * (12 + 9)
            totals(explain(x) { Linalg.matmul(it, noise(2, 4, 5)) }).second shouldBe 4L * (12 + 20 + 15)
        }

        test("the profile has a time and a share for each operation, in columns, and what is done in a second") {
            val f = { t: Tensor -> Nn.softmax(Linalg.matmul(Elementary.exp(t), noise(2, 4, 5)), 1) }
            val lines = Ad.compile<Tensor, Tensor> { f(it) }.profile(x).lines()
            val rows = lines.dropLast(2)
            rows.size shouldBeGreaterThan 1
            for (row in rows) row shouldMatch Regex("""[ \d]{4} [ \d]{7,} FLOP [ \d]+ B +\d+\.\d µs +\d+\.\d %  .*""")
            rows.map { it.indexOf('%') }.toSet().size shouldBe 1
            rows.sumOf { Regex("""(\S+) %""").find(it)!!.groupValues[1].toDouble() } shouldBe (100.0 plusOrMinus 0.5)
            lines[lines.size - 2] shouldContain "${rows.size} operations, "
            lines.last() shouldMatch Regex("""\d+\.\d µs, \d+\.\d\d GFLOP/s, \d+\.\d\d GB/s""")
        }
    })
