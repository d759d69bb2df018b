package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.AdException
import org.kotangent.ad.Core
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.Tree
import org.kotangent.ad.TreeException
import org.kotangent.ad.Trees
import java.util.Optional

private data class Holder<H : Any>(val w: Tensor, val held: H)

private class Plain(val w: Tensor)

@JvmInline
private value class Lone(val w: Tensor)

/** What holds tensors and is no tree is found, instead of being taken for a constant. */
class TreeContainerSpec :
    FunSpec({
        val x = Tensor.of(1.0, 2.0)
        fun sum(t: Tensor) = Core.sum(t, intArrayOf(), false)

        fun message(path: String, type: String) =
            "$path: a tensor may be in a list, a map, Params, a record or a data class only; got $type; use a List"

        val containers: Map<String, Any> = mapOf(
            "org.kotangent.ad.Tensor[]" to arrayOf(x),
            "java.lang.Object[]" to arrayOf<Any>("a", listOf(x)),
            "org.kotangent.spec.ad.Holder[]" to arrayOf(Holder(x, "a")),
            "org.kotangent.ad.Tensor[][]" to arrayOf(arrayOf(x)),
            "java.util.Optional" to Optional.of(x),
            "java.util.LinkedHashSet" to linkedSetOf(x),
            "java.util.ArrayDeque" to ArrayDeque(listOf(mapOf("a" to x))).let { java.util.ArrayDeque(it) },
        )
        for ((type, held) in containers) {
            test("$type as a part, as an argument and as what else a function computes") {
                shouldThrow<TreeException> { Ad.grad<Holder<Any>> { sum(it.w) }.apply(Holder(x, held)) }
                    .message shouldBe message("held", type)
                shouldThrow<TreeException> { Ad.grad<Any> { sum(x) }.apply(held) }.message shouldBe
                    message("tree", type)
                shouldThrow<TreeException> {
                    Ad.valueGradAux<Tensor, Any> { Ad.WithAux(sum(it), Holder(it, held)) }.apply(x)
                }.message shouldBe message("aux.held", type)
                shouldThrow<TreeException> { Ad.compile<List<Any>, Tensor> { sum(x) }.apply(listOf(x, held)) }
                    .message shouldBe message("[1]", type)
            }
        }

        test("an integer tensor in such a place is one too") {
            shouldThrow<TreeException> { Tree.of(listOf(setOf(Tensor.of(1)))) }
        }

        test("an argument that is no tree at all is named by its type") {
            val arguments = listOf(
                Plain(x) to "org.kotangent.spec.ad.Plain",
                Lone(x) to "org.kotangent.spec.ad.Lone",
                arrayOf<Tensor>() to "org.kotangent.ad.Tensor[]",
                "text" to "java.lang.String",
            )
            for ((argument, type) in arguments) {
                shouldThrow<DTypeException> { Ad.grad<Any> { sum(x) }.apply(argument) }.message shouldBe
                    "grad: differentiates a tensor, list, map, Params, record or data class; got $type; " +
                    "make it one of these"
            }
        }

        context("what holds no tensors is structure") {
            test("containers of other things stay") {
                val tags = setOf("a", "b")
                Trees.times(Holder(x, tags), 2.0).held shouldBe tags
                Trees.times(Holder(x, Optional.of(3)), 2.0).held.get() shouldBe 3
                Tree.of(Holder(x, arrayOf("a", null))).paths() shouldBe listOf("w")
            }
            test("arrays are compared by what is in them") {
                Trees.plus(Holder(x, doubleArrayOf(1.0)), Holder(x, doubleArrayOf(1.0))).w.toDoubles() shouldBe
                    doubleArrayOf(2.0, 4.0)
                Trees.plus(Holder(x, arrayOf(intArrayOf(1))), Holder(x, arrayOf(intArrayOf(1))))
                val message = shouldThrow<AdException> {
                    Trees.plus(Holder(x, doubleArrayOf(1.0)), Holder(x, doubleArrayOf(2.0)))
                }.message
                message shouldBe
                    "plus: the two trees must have the same structure; got at held: [1.0] and [2.0]; " +
                    "make the two trees alike"
            }
            test("a plan is not used for an array that was changed") {
                val factors = doubleArrayOf(2.0)
                var runs = 0
                val f = Ad.compile<Holder<DoubleArray>, Tensor> { h -> h.w.times(h.held[0]).also { runs++ } }
                f.apply(Holder(x, factors)).toDoubles() shouldBe doubleArrayOf(2.0, 4.0)
                f.apply(Holder(x, doubleArrayOf(2.0))).toDoubles() shouldBe doubleArrayOf(2.0, 4.0)
                runs shouldBe 3 // Run and captured at the first use, captured again at the second.
                factors[0] = 3.0
                f.apply(Holder(x, factors)).toDoubles() shouldBe doubleArrayOf(3.0, 6.0)
                runs shouldBe 5
            }
        }
    })
