package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldContainExactly
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Graph
import org.kotangent.ad.Params
import org.kotangent.ad.Scan
import org.kotangent.ad.Tensor
import org.kotangent.ad.Tree
import org.kotangent.ad.TreeException
import org.kotangent.ad.Trees
import org.kotangent.ad.Wrt
import java.util.Collections
import java.util.TreeMap

private fun vector(vararg numbers: Double) = Tensor.of(*numbers)

private fun sum(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun numbers(map: Map<String, Tensor>) = map.mapValues { (_, t) -> t.toDoubles().toList() }

/** Entries of maps and of parameters are told apart by their keys: not by their order, nor by what is in a key. */
class TreeMapSpec :
    FunSpec({
        val ab = mapOf("a" to vector(1.0, 2.0), "b" to vector(3.0))
        val ba = mapOf("b" to vector(30.0), "a" to vector(10.0, 20.0))
        val f = { m: Map<String, Tensor> -> sum(m.getValue("a").times(m.getValue("a"))).times(sum(m.getValue("b"))) }

        context("two maps with the same keys are the same structure") {
            test("arithmetic gives the order of the first") {
                Trees.plus(ab, ba).keys.toList() shouldBe listOf("a", "b")
                numbers(Trees.plus(ab, ba)) shouldContainExactly
                    mapOf("a" to listOf(11.0, 22.0), "b" to listOf(33.0))
                Trees.minus(ba, ab).keys.toList() shouldBe listOf("b", "a")
                Trees.dot(ab, ba).item() shouldBe 140.0 // 10 + 40 + 90
            }
            test("at any depth, and of parameters") {
                val deep = Trees.plus(
                    mapOf("x" to listOf(ab), "y" to listOf(ba)),
                    mapOf(
                        "y" to listOf(ab),
                        "x" to listOf(ba),
                    ),
                )
                numbers(deep.getValue("x")[0]) shouldContainExactly
                    mapOf("a" to listOf(11.0, 22.0), "b" to listOf(33.0))
                deep.getValue("y")[0].keys.toList() shouldBe listOf("b", "a")
                Params.of(ab).plus(Params.of(ba)).contentEquals(Params.of(Trees.plus(ab, ba))) shouldBe true
            }
            test("directions and cotangents") {
                val expected = Ad.jvp(f, ab, mapOf("a" to ba.getValue("a"), "b" to ba.getValue("b"))).tangent()
                Ad.jvp(f, ab, ba).tangent().contentEquals(expected) shouldBe true
                Ad.linearize(f, ab).map().apply(ba).contentEquals(expected) shouldBe true
                numbers(Ad.vjp({ m: Map<String, Tensor> -> m }, ab).pullback().apply(ba)) shouldBe numbers(ba)
                Graph.capture(f, ab).apply(ba).item() shouldBe f(ba).item()
                Ad.compile(f).also { it.apply(ab) }.apply(ba).item() shouldBe f(ba).item()
            }
            test("the state of a loop") {
                val steps = vector(1.0, 2.0)
                for (turned in listOf(false, true)) {
                    val (last, all) = Ad.scan<Map<String, Tensor>, Tensor, Map<String, Tensor>>({ m, s ->
                        val next = mapOf("a" to m.getValue("a").times(s), "b" to m.getValue("b").plus(s))
                        val order = if (turned) next.entries.reversed() else next.entries.toList()
                        order.associate { it.key to it.value }.let { Scan.Step(it, it) }
                    }, ab, steps).let { it.carry() to it.output() }
                    numbers(last) shouldContainExactly mapOf("a" to listOf(2.0, 4.0), "b" to listOf(6.0))
                    all.getValue("b").toDoubles() shouldBe doubleArrayOf(4.0, 6.0)
                }
            }
            test("other keys are another structure") {
                shouldThrow<TreeException> { Trees.plus(ab, mapOf("a" to vector(1.0, 2.0), "c" to vector(1.0))) }
                    .message shouldBe
                    "plus: the two trees must have the same structure; got at tree: Map[a, b] and Map[a, c]; " +
                    "make the two trees alike"
            }
        }

        context("the order of leaves") {
            test("a map that has an order keeps it") {
                Tree.of(ba).paths() shouldBe listOf("b", "a")
                Tree.of(Trees.times(ba, 2.0)).paths() shouldBe listOf("b", "a")
                Tree.of(TreeMap(ba)).paths() shouldBe listOf("a", "b")
                Tree.of(Params.of(ba).toMap()).paths() shouldBe listOf("b", "a")
            }
            test("one that has none is taken by its keys, as is what is made from it") {
                val keys = ('a'..'z').map { it.toString() }
                val entries = keys.shuffled().map { java.util.Map.entry(it, vector(1.0)) }.toTypedArray()
                val unordered = java.util.Map.ofEntries(*entries)
                Tree.of(unordered).paths() shouldBe keys
                Tree.of(Trees.times(unordered, 2.0)).paths() shouldBe keys
                Tree.of(HashMap(unordered)).paths() shouldBe keys
            }
            test("whatever it is, it is rebuilt in its own order") {
                val view = Collections.unmodifiableMap(ba)
                Trees.times(view, 2.0).keys.toList() shouldBe listOf("b", "a")
                Trees.times(Trees.times(view, 2.0), 2.0).keys.toList() shouldBe listOf("b", "a")
            }
            test("columns of a Jacobian, and both axes of a Hessian") {
                val unordered = HashMap(ba)
                Ad.jacobian(f, unordered).matrix().contentEquals(
                    Ad.jacobian(
                        f,
                        ab.mapValues {
                            ba.getValue(it.key)
                        },
                    ).matrix(),
                ) shouldBe
                    true
                val hessian = Ad.hessian(f, unordered).matrix()
                hessian.contentEquals(Core.transpose(hessian, 1, 0)) shouldBe true
            }
        }

        context("no two leaves have the same path") {
            val x = vector(1.0)
            val y = vector(2.0)
            val dotted = mapOf("a.b" to x, "a" to mapOf("b" to y))

            test("a key that could be taken for more than one is quoted") {
                Tree.of(dotted).paths() shouldBe listOf("['a.b']", "a.b")
                Tree.of(mapOf("" to x, "[0]" to x, "it's.\\" to mapOf("c" to x))).paths() shouldBe
                    listOf("['']", "['[0]']", "['it\\'s.\\\\'].c")
                Tree.of(listOf(dotted)).paths() shouldBe listOf("[0]['a.b']", "[0].a.b")
                Tree.of(mapOf("net" to Params.of("conv.w", x))).paths() shouldBe listOf("net.conv.w")
            }
            test("a choice takes the one it names") {
                for ((path, i) in listOf("a.b" to 1, "['a.b']" to 0)) {
                    val wrt = Wrt.of(dotted, path)
                    wrt.chosen().paths() shouldBe listOf(path)
                    val changed = Tree.of(wrt.argument(wrt.chosen().times(10.0))).leaves().map { it.toDoubles()[0] }
                    changed shouldBe listOf(1.0, 2.0).mapIndexed { j, v -> if (i == j) 10 * v else v }
                }
            }
            test("so does a block of a Jacobian") {
                val j = Ad.jacobian({ m: Map<String, Any> -> m["a.b"] as Tensor }, dotted)
                j.block("", "['a.b']").toDoubles() shouldBe doubleArrayOf(1.0)
                j.block("", "a.b").toDoubles() shouldBe doubleArrayOf(0.0)
            }
        }
    })
