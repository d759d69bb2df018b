package org.kotangent.spec.programs

import org.kotangent.ad.Ad
import org.kotangent.ad.Jacobian
import org.kotangent.ad.Tensor
import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals
import org.kotangent.ops.Elementary
import org.kotangent.spec.laws.Trial
import org.kotangent.spec.laws.dot
import org.kotangent.spec.laws.largest
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose

/** Rounding of derivatives that are computed along different ways. */
private const val EXACT = 1e-11

/** A function and the place where a slope of it, or of its slope, is infinite. */
private class Edge(val at: Double, val tensors: (Tensor) -> Tensor, val reals: (Real) -> Real)

private val edges: List<Edge> =
    listOf(
        Edge(0.0, Elementary::sqrt) { it.sqrt() },
        Edge(0.0, Elementary::log) { it.log() },
        Edge(-1.0, Elementary::log1p) { it.log1p() },
        Edge(1.0, Elementary::asin) { it.asin() },
        Edge(1.0, Elementary::acos) { it.acos() },
        Edge(1.0, Elementary::acosh) { it.acosh() },
        Edge(0.0, { Elementary.pow(it, 0.5) }) { it.pow(0.5) },
        Edge(0.0, { Elementary.pow(it, 1.5) }) { it.pow(1.5) },
    )

/**
 * A function beside a steep one and a constant, of its own arguments, that of the steep one and one that nothing
 * depends on, in any order.
 */
private class Beside(private val trial: Trial) {
    private val x = trial.x
    private val y = trial.f(x)
    private val edge = edges.random(trial.sampler.random)
    private val argumentOrder = trial.sampler.permutation(x.size + 2).toList()
    private val resultOrder = trial.sampler.permutation(y.size + 2).toList()
    private val one = Tensor.scalar(1.0)
    val w = trial.like(y)

    /** The weights of all results. */
    val weights: List<Tensor> = resultOrder.map((w + one + one)::get)

    fun arguments(own: List<Tensor>): List<Tensor> = argumentOrder.map((own + Tensor.scalar(edge.at) + one)::get)

    fun own(arguments: List<Tensor>): List<Tensor> = x.indices.map { arguments[argumentOrder.indexOf(it)] }

    fun ownResults(results: List<Tensor>): List<Tensor> = y.indices.map { results[resultOrder.indexOf(it)] }

    fun inTensors(arguments: List<Tensor>): List<Tensor> {
        val steep = edge.tensors(arguments[argumentOrder.indexOf(x.size)])
        return resultOrder.map((trial.f(own(arguments)) + steep + one)::get)
    }

    fun inReals(code: Code, arguments: Array<Real>): Array<Real> {
        val own = code.inReals(x.indices.map { arguments[argumentOrder.indexOf(it)] })
        val steep = edge.reals(arguments[argumentOrder.indexOf(x.size)])
        return resultOrder.map((own + steep + Real.of(1.0))::get).toTypedArray()
    }

    private fun labels(order: List<Int>, tensors: List<Tensor>) =
        order.flatMap { id -> List(tensors.getOrElse(id) { one }.size()) { id } }

    fun requireJacobian(what: String, matrix: DoubleArray, expected: DoubleArray) =
        require(what, matrix, expected, labels(resultOrder, y) to y.size, labels(argumentOrder, x) to x.size)

    fun requireHessian(what: String, matrix: DoubleArray, expected: DoubleArray) {
        val arguments = labels(argumentOrder, x) to x.size
        require(what, matrix, expected, arguments, arguments)
    }

    /** The function's own derivatives, and exact zeros everywhere but where the steep function meets its argument. */
    private fun require(
        what: String,
        matrix: DoubleArray,
        expected: DoubleArray,
        rows: Pair<List<Int>, Int>,
        columns: Pair<List<Int>, Int>,
    ) {
        fun places(labels: List<Int>) = labels.indices.sortedBy { labels[it] }
        val (rowOf, steepRow) = rows
        val (columnOf, steepColumn) = columns
        val own = mutableListOf<Double>()
        for (row in places(rowOf)) {
            for (column in places(columnOf)) {
                val entry = matrix[row * columnOf.size + column]
                when {
                    rowOf[row] < steepRow && columnOf[column] < steepColumn -> own += entry
                    rowOf[row] == steepRow && columnOf[column] == steepColumn -> continue
                    else -> requireClose("$what, entry [$row, $column]", entry, 0.0, 0.0)
                }
            }
        }
        requireSame(what, own.toDoubleArray(), expected)
    }
}

private fun requireSame(what: String, actual: DoubleArray, expected: DoubleArray) =
    requireClose(what, actual, expected, EXACT, maxOf(1.0, largest(expected)))

private fun flat(matrix: Array<DoubleArray>): DoubleArray = matrix.flatMap { it.asList() }.toDoubleArray()

/** What holds of every program beside something infinitely steep. */
internal val zerosAreExact = ProgramLaw("an infinite slope spoils nothing that does not depend on it") {
    val beside = Beside(this)
    val f: (List<Tensor>) -> List<Tensor> = ::f
    val s = { z: List<Tensor> -> dot(beside.w, f(z)) }
    val together = beside::inTensors
    val all = beside.arguments(x)
    val jacobian = Ad.jacobian(f, x).matrix().toDoubles()
    for (mode in Jacobian.Mode.entries) {
        beside.requireJacobian("J by $mode", Ad.jacobian(together, all, mode).matrix().toDoubles(), jacobian)
    }
    val sum = { z: List<Tensor> -> dot(beside.weights, together(z)) }
    beside.requireHessian("H", Ad.hessian(sum, all).matrix().toDoubles(), Ad.hessian(s, x).matrix().toDoubles())
    val v = direction()
    val along = beside.arguments(v)
    val tangents =
        mapOf(
            "J·v" to Ad.jvp(together, all, along).tangent(),
            "J·v of linearize" to Ad.linearize(together, all).map().apply(along),
        )
    for ((what, tangent) in tangents) requireSame(what, numbers(beside.ownResults(tangent)), numbers(jvp(v)))
    val cotangent = Ad.vjp(together, all).pullback().apply(beside.weights)
    requireSame("Jᵀ·w", numbers(beside.own(cotangent)), numbers(vjp(beside.w)))
}

/** The same in the scalar engine. */
internal val scalarZerosAreExact = ProgramLaw("and neither in the scalar engine") { code ->
    val beside = Beside(this)
    val f: (List<Tensor>) -> List<Tensor> = ::f
    val all = numbers(beside.arguments(x))
    val together = { z: Array<Real> -> beside.inReals(code, z) }
    val jacobian = Ad.jacobian(f, x).matrix().toDoubles()
    val recorded = Reals.recordAll(together, *all)
    val inReals = Reals.jacobian(together).apply(Reals.of(*all)).map { Reals.values(*it) }.toTypedArray()
    beside.requireJacobian("J", flat(Reals.jacobian(together, *all)), jacobian)
    beside.requireJacobian("J in reals", flat(inReals), jacobian)
    beside.requireJacobian("J, replayed", flat(recorded.jacobian(*all)), jacobian)
    beside.requireJacobian("J, compiled", flat(recorded.compile().jacobian(*all)), jacobian)
    val weights = numbers(beside.weights)
    val sum = { z: Array<Real> -> together(z).mapIndexed { j, y -> y * weights[j] }.reduce { a, b -> a + b } }
    val hessian = Ad.hessian({ z: List<Tensor> -> dot(beside.w, f(z)) }, x).matrix().toDoubles()
    val slope = Reals.recordAll(Reals.gradient(sum)::apply, *all)
    beside.requireHessian("H", flat(Reals.hessian(sum, *all)), hessian)
    beside.requireHessian("H, replayed", flat(slope.jacobian(*all)), hessian)
    beside.requireHessian("H, compiled", flat(slope.compile().jacobian(*all)), hessian)
}
