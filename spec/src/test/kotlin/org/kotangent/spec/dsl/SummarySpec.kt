package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.list
import io.kotest.property.arbitrary.map
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DomainException
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor
import org.kotangent.dsl.AvgPool
import org.kotangent.dsl.Chain
import org.kotangent.dsl.Conv
import org.kotangent.dsl.Initialiser
import org.kotangent.dsl.Input
import org.kotangent.dsl.Network
import org.kotangent.dsl.ReceptiveField
import org.kotangent.dsl.Span
import org.kotangent.dsl.Window
import org.kotangent.dsl.input
import org.kotangent.dsl.network
import org.kotangent.dsl.orThrow
import org.kotangent.ops.Key

class SummarySpec :
    FunSpec({
        test("a summary is a table in plain text") {
            val net = network(input(1, 8, 8)) {
                conv(4, kernel = 3, bias = false); relu()
                residual { conv(4, kernel = 3, padding = 1); batchNorm() }
                maxPool(3, stride = 2)
                layer("double") { x -> x * 2.0 }
                flatten()
                dense(1000, name = "head")
            }.orThrow()
            net.summary().toString() shouldBe """
                network [1, 8, 8] → [1000], f32

                layer                                        output     parameters  receptive field   FLOPs
                ───────────────────────────────────────────────────────────────────────────────────────────
                conv1                 conv 1→4, k3, no bias  [4, 6, 6]          36  3×3               2,592
                relu1                 relu                   [4, 6, 6]           0  3×3                 144
                residual1.conv1       conv 4→4, k3, p1       [4, 6, 6]         148  5×5              10,512
                residual1.batchNorm1  batchNorm 4            [4, 6, 6]           8  5×5                 288
                residual1             body + x               [4, 6, 6]           0  5×5                 144
                maxPool1              maxPool k3, s2         [4, 2, 2]           0  7×7                 144
                double1               double                 [4, 2, 2]           0  ?                     0
                flatten1              flatten                [16]                0  ?                     0
                head                  dense 16→1000          [1000]         17,000  all              33,000
                ───────────────────────────────────────────────────────────────────────────────────────────
                total                                                       17,192                   46,824

                FLOPs: per example in inference; a multiply-add counts 2
            """.trimIndent()
        }

        test("the LeNet-5 variant of Boué 2018: output shapes, parameters, receptive fields, operations") {
            val summary = lenet().summary()
            summary.parameters shouldBe 44_878
            summary.rows.map { it.flops }.sum() shouldBe summary.flops
            summary.rows.first { it.path == "conv2" }.flops shouldBe 2L * 5 * 5 * 6 * 16 * 8 * 8 + 16 * 8 * 8
            summary.rows.first { it.path == "dense1" }.flops shouldBe 2L * 256 * 120 + 120
            summary.rows.filter { it.path.startsWith("conv") || it.path.startsWith("maxPool") }
                .map { it.receptiveField.toString() } shouldBe listOf("5×5", "6×6", "14×14", "16×16")
            summary.rows.last().receptiveField shouldBe ReceptiveField.Whole
        }

        val chains = Arb.list(windows(size = 3, stride = 2, padding = 2, dilation = 2), 1..3).map { windows ->
            Chain.of(*windows.map { Conv(1, it, bias = false, weights = Initialiser.ones) }.toTypedArray())
        }

        test("the receptive field is where the gradient of an output is not zero") {
            checkAll(200, chains) { chain ->
                Network.of(Input(listOf(1, SIDE, SIDE)), chain, DType.F64).onRight { net ->
                    val (row, column) = net.output.toArray().drop(1).map { it / 2 }
                    val chosen = Tensor.generate(Spec(DType.F64, net.output.insert(0, 1))) {
                        it.set(row * net.output.dim(2) + column, 1.0)
                    }
                    val seen = Ad.vjp({ x: Tensor ->
                        net(net.init(Key.of(1)), x)
                    }, Tensor.zeros(DType.F64, 1, 1, SIDE, SIDE))
                        .pullback().apply(chosen).toDoubles().toList().chunked(SIDE)
                    val rows = (0 until SIDE).filter { i -> seen[i].any { it != 0.0 } }
                    val columns = (0 until SIDE).filter { j -> seen.any { it[j] != 0.0 } }
                    val (vertical, horizontal) = (net.receptiveField() as ReceptiveField.Area).spans
                    for ((span, place, found) in listOf(
                        Triple(vertical, row, rows),
                        Triple(horizontal, column, columns),
                    )) {
                        val reach = (span.size - 1) / 2.0
                        val middle = span.centre + span.stride * place
                        found.first().toDouble() shouldBe middle - reach
                        found.last().toDouble() shouldBe middle + reach
                    }
                }
            }
        }

        test("the size of a chain's receptive field is 1 + Σᵢ (Πⱼ₍ⱼ<ᵢ₎ Sⱼ)(F̂ᵢ − 1)") {
            checkAll(chains) { chain ->
                val field = chain.receptiveField(ReceptiveField.of(Shape.of(1, SIDE, SIDE))) as ReceptiveField.Area
                val filters = chain.steps.map { (it.layer as Conv).window.vertical }
                field.spans[0].size shouldBe 1 + filters.indices.sumOf { i ->
                    filters.take(i).fold(1L) { product, filter -> product * filter.stride } * (filters[i].extent - 1)
                }
            }
        }

        test("what a layer sees of an earlier one") {
            val net = lenet()
            net.receptiveField().toString() shouldBe "all"
            net.receptiveField(of = "maxPool2", within = "maxPool1").toString() shouldBe "6×6"
            net.receptiveField(of = "maxPool2") shouldBe
                ReceptiveField.Area(List(2) { Span(size = 16, stride = 4, centre = 7.5) })
            net.receptiveField(of = "conv1", within = "conv1").toString() shouldBe "1×1"
            shouldThrow<DomainException> { net.receptiveField(of = "conv1", within = "conv2") }
        }

        test("a skip connection sees what its body sees, an average what its window sees") {
            val net = network(input(2, 9, 9)) {
                residual { conv(2, kernel = 3, padding = 1); conv(2, kernel = 3, padding = 1) }
                add(AvgPool(Window(2)))
            }.orThrow()
            net.receptiveField("residual1") shouldBe
                ReceptiveField.Area(List(2) { Span(size = 5, stride = 1, centre = 0.0) })
            net.receptiveField().toString() shouldBe "6×6"
        }
    })

/** Images large enough for every field in the middle of one. */
private const val SIDE = 40
