package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeLessThanOrEqual
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.Arr
import org.kotangent.ad.Core
import org.kotangent.ad.Graph
import org.kotangent.ad.Primitive
import org.kotangent.ad.Residuals
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor

private typealias Curve = (Tensor) -> Tensor

private fun sine(x: Tensor) = ScalarOp.SIN.primitive().apply(x)

private fun product(a: Tensor, b: Tensor) = a.times(b)

/** The value combined with others two by two, like a knock-out tournament. */
private tailrec fun tournament(players: List<Tensor>, join: (Tensor, Tensor) -> Tensor): Tensor =
    if (players.size == 1) players[0] else tournament(players.chunked(2) { it.reduce(join) }, join)

/** Functions of one number with n operations, or n times some of them. */
private val shapesOfGraphs: Map<String, (Int) -> Curve> =
    mapOf(
        "a chain" to { n -> { x -> (1..n).fold(x) { y, _ -> sine(y) } } },
        "a tree" to { n -> { x -> tournament((1..n).map { x.times(1.0 / it) }, ::product) } },
        "a graph in which each value is used twice, 2ⁿ paths" to
            { n -> { x -> (1..n).fold(x) { y, _ -> product(sine(y), y) } } },
        "a graph in which each value is used by the next two, as many paths as the n-th Fibonacci number" to { n ->
            { x -> (1..n).fold(x to sine(x)) { (a, b), _ -> b to product(a, b) }.second }
        },
        "one value used n times" to { n -> { x -> (1..n).map { product(x, sine(x)) }.reduce(Tensor::plus) } },
    )

private val transformations: Map<String, (Curve) -> Curve> =
    mapOf(
        "jvp" to { f -> { x -> Ad.jvp(f, x, x).tangent() } },
        "grad" to { f -> { x -> Ad.grad(f).apply(x) } },
        "hvp" to { f -> { x -> Ad.hvp(f, x, x) } },
        "grad of grad" to { f -> { x -> Ad.grad(Ad.grad(f)).apply(x) } },
        "grad of jvp" to { f -> { x -> Ad.grad { t: Tensor -> Ad.jvp(f, t, t.like(1.0)).tangent() }.apply(x) } },
        "linearize" to { f -> { x -> Ad.linearize(f, x).map().apply(x) } },
        "checkpoint" to { f -> { x -> Ad.grad(Ad.checkpoint<Tensor, Tensor>(f)).apply(x) } },
        "vmap of grad" to { f -> { x -> Ad.vmap(Ad.grad(f)).apply(Core.broadcastTo(x, Shape.of(2))) } },
    )

/** a + b, which counts how often it is computed and how often it is differentiated. */
private class CountedSum : Primitive() {
    var values = 0
    var tangents = 0
    var cotangents = 0

    override fun name() = "countedSum"

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0])

    override fun kernel(x: Array<Arr>, y: Array<Arr>) {
        values++
        y[0].set(0, x[0].get(0) + x[1].get(0))
    }

    override fun jvp(x: Array<Tensor>, y: Array<Tensor>, dx: Array<Tensor?>): Array<Tensor?> {
        tangents++
        return arrayOf(dx.filterNotNull().reduce(Tensor::plus))
    }

    override fun vjp(r: Residuals, gy: Array<Tensor?>): Array<Tensor?> {
        cotangents++
        return arrayOf(gy[0], gy[0])
    }
}

/** The work of a derivative grows with the operations of the function, not with the paths through them. */
class WorkSpec :
    FunSpec({
        val x = Tensor.scalar(0.7)

        for ((shape, graphOf) in shapesOfGraphs) {
            for ((name, transformation) in transformations) {
                test("$name of $shape: as many operations more for the second n as for the third") {
                    fun operations(f: Curve) = Graph.capture(f, x).operations().size
                    val (one, two, three) = listOf(32, 64, 96).map { operations(transformation(graphOf(it))) }
                    (three - two) shouldBe (two - one)
                    two shouldBeLessThanOrEqual 20 * operations(graphOf(64))
                }
            }
        }

        val n = 10_000
        val countedGraphs: Map<String, (CountedSum) -> Curve> =
            mapOf(
                "a chain" to { sum -> { x -> (1..n).fold(x) { y, _ -> sum.apply(y, x) } } },
                "a tree" to { sum -> { x -> tournament(List(n + 1) { x }) { a, b -> sum.apply(a, b) } } },
                "a graph of 2ⁿ paths" to { sum -> { x -> (1..n).fold(x) { y, _ -> sum.apply(y, y) } } },
            )
        for ((shape, graphOf) in countedGraphs) {
            test("$shape of $n operations: each is computed once and visited once in either mode") {
                val sum = CountedSum()
                Ad.grad(graphOf(sum)).apply(x)
                Triple(sum.values, sum.tangents, sum.cotangents) shouldBe Triple(n, 0, n)
                Ad.jvp(graphOf(sum), x, x)
                Triple(sum.values, sum.tangents, sum.cotangents) shouldBe Triple(2 * n, n, n)
                val pullback = Ad.vjp(graphOf(sum), x).pullback()
                repeat(2) { pullback.apply(x) }
                Triple(sum.values, sum.tangents, sum.cotangents) shouldBe Triple(3 * n, n, 3 * n)
            }
        }

        test("operations that do not lead to the result are not visited") {
            val sum = CountedSum()
            Ad.grad { t: Tensor -> sine(t).also { (1..n).fold(t) { y, _ -> sum.apply(y, t) } } }.apply(x)
            Triple(sum.values, sum.tangents, sum.cotangents) shouldBe Triple(n, 0, 0)
        }

        test("operations that do not depend on the argument are not recorded") {
            val sum = CountedSum()
            Ad.grad { t: Tensor -> t.times((1..n).fold(x) { y, _ -> sum.apply(y, x) }) }.apply(x)
            Triple(sum.values, sum.tangents, sum.cotangents) shouldBe Triple(n, 0, 0)
        }
    })
