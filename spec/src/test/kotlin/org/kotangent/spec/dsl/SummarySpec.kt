package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.int
import io.kotest.property.checkAll
import org.kotangent.ad.Ad
import org.kotangent.ad.DType
import org.kotangent.ad.DomainException
import org.kotangent.ad.Params
import org.kotangent.ad.Tensor
import org.kotangent.dsl.AvgPool
import org.kotangent.dsl.Chain
import org.kotangent.dsl.Conv
import org.kotangent.dsl.Initialiser
import org.kotangent.dsl.Input
import org.kotangent.dsl.Network
import org.kotangent.dsl.ReceptiveField
import org.kotangent.dsl.Sliding
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

        /** Filters with any stride, padding and dilation. */
        val sliding =
            arbitrary {
                Arb.int(1..3).let {
                    Sliding(
                        it.bind(),
                        Arb.int(1..2).bind(),
                        Arb.int(0..2).bind(),
                        Arb.int(0..2).bind(),
                        Arb.int(1..2).bind(),
                    )
                }
            }
        val windows = arbitrary { List(Arb.int(1..3).bind()) { Window(sliding.bind(), sliding.bind()) } }

        test("the receptive field is where the gradient of an output is not zero") {
            checkAll(200, windows) { filters ->
                val layers = filters.map { Conv(1, it, bias = false, weights = Initialiser.ones) }
                Network.of(Input(listOf(1, 40, 40)), Chain.of(*layers.toTypedArray()), DType.F64).onRight { net ->
                    val field = net.receptiveField() as ReceptiveField.Area
                    val places = net.output.toArray().drop(1).map { it / 2 }
                    val params = net.init(Key.of(1))
                    val one = Tensor.generate(org.kotangent.ad.Spec(DType.F64, net.output.insert(0, 1))) {
                        it.set(places[0] * net.output.dim(2) + places[1], 1.0)
                    }
                    val seen = Ad.vjp({ x: Tensor -> net(params, x) }, Tensor.zeros(DType.F64, 1, 1, 40, 40))
                        .pullback().apply(one).toDoubles().toList().chunked(40)
                    val rows = seen.indices.filter { row -> seen[row].any { it != 0.0 } }
                    val columns = (0 until 40).filter { column -> seen.any { it[column] != 0.0 } }
                    for ((axis, found) in listOf(rows, columns).withIndex()) {
                        val (size, stride, centre) = field.spans[axis]
                        val middle = centre + stride * places[axis]
                        val expected = (middle - (size - 1) / 2.0).toInt()..(middle + (size - 1) / 2.0).toInt()
                        found.first() to found.last() shouldBe (expected.first to expected.last)
                    }
                }
            }
        }

        test("the size of a chain's receptive field is 1 + Σᵢ (Πⱼ₍ⱼ<ᵢ₎ Sⱼ)(F̂ᵢ − 1)") {
            checkAll(windows) { filters ->
                val field = filters.fold(
                    ReceptiveField.Area(
                        List(2) {
                            Span(1, 1, 0.0)
                        },
                    ) as ReceptiveField,
                ) { f, w -> f.through(w) }
                val vertical = filters.map { it.vertical }
                val expected = 1 + vertical.indices.sumOf { i ->
                    vertical.take(i).fold(1L) { product, filter -> product * filter.stride } * (vertical[i].extent - 1)
                }
                (field as ReceptiveField.Area).spans[0].size shouldBe expected
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
