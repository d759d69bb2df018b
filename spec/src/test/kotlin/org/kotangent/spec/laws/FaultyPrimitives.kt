package org.kotangent.spec.laws

import org.kotangent.ad.Arr
import org.kotangent.ad.Bilinear
import org.kotangent.ad.Core
import org.kotangent.ad.Linear
import org.kotangent.ad.Parallel
import org.kotangent.ad.Primitive
import org.kotangent.ad.Residuals
import org.kotangent.ad.Shape
import org.kotangent.ad.Spec
import org.kotangent.ad.Tensor

// Primitives any part of which can be made wrong on its own, to see which law notices.

internal typealias Kernel = (x: Arr, y: Arr) -> Unit

internal typealias BatchingRule = Primitive.(x: Tensor) -> Tensor

internal typealias Rule = (x: Tensor, y: Tensor, d: Tensor) -> Tensor

/** The numbers of a tensor without its derivation: what no rule may compute with. */
internal fun raw(t: Tensor): Tensor = Tensor.generate(t.spec()) { out -> t.toDoubles().forEachIndexed(out::set) }

internal val exponentialKernel: Kernel = { x, y -> repeat(x.size()) { y.set(it, Math.exp(x.get(it))) } }

internal val timesResult: Rule = { _, y, d -> Core.mul(d, y) }

internal val timesRawResult: Rule = { _, y, d -> Core.mul(d, raw(y)) }

/** The exponential function, right unless a part of it is replaced. */
internal class Exponential(
    private val kernel: Kernel = exponentialKernel,
    private val jvp: Rule = timesResult,
    private val vjp: Rule = timesResult,
    private val batch: BatchingRule = { apply(it) },
) : Primitive() {
    override fun name() = "exponential"

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0])

    override fun kernel(x: Array<Arr>, y: Array<Arr>) = kernel(x[0], y[0])

    override fun jvp(x: Array<Tensor>, y: Array<Tensor>, dx: Array<Tensor?>) =
        arrayOf(dx[0]?.let { jvp(x[0], y[0], it) })

    override fun vjp(r: Residuals, gy: Array<Tensor?>) = arrayOf(gy[0]?.let { vjp(r.x(0), r.y(0), it) })

    override fun batch(x: Array<Tensor>, batched: BooleanArray, size: Int) = arrayOf(batch(x[0]))
}

/** The numbers in reverse order along an axis, which a batch moves [further] back. */
internal class Reversal(private val axis: Int = 0, private val further: (Int) -> Int = { it + 1 }) : Linear() {
    override fun name() = "reversal"

    override fun attributes() = axis

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0])

    override fun kernel(x: Array<Arr>, y: Array<Arr>) {
        val n = x[0].shape().dim(axis)
        val each = x[0].shape().strides()[axis]
        repeat(x[0].size()) { i ->
            val at = i / each % n
            y[0].set(i + (n - 1 - 2 * at) * each, x[0].get(i))
        }
    }

    override fun adjoint(x: Spec, others: Array<Tensor>, gy: Tensor): Tensor = apply(gy)

    override fun batch(x: Array<Tensor>, batched: BooleanArray, size: Int) =
        arrayOf(Reversal(further(axis), further).apply(x[0]))
}

/** The product of two matrices. */
internal class MatrixProduct(private val transposeB: Boolean = true, private val transposeA: Boolean = true) :
    Bilinear() {
    override fun name() = "matrixProduct"

    override fun infer(specs: Array<Spec>) =
        arrayOf(specs[0].withShape(Shape.of(specs[0].shape().dim(0), specs[1].shape().dim(1))))

    override fun kernel(x: Array<Arr>, y: Array<Arr>) {
        val (a, b) = x
        val (m, k) = a.shape().toArray()
        val n = b.shape().dim(1)
        for (i in 0 until m) {
            for (j in 0 until n) {
                y[0].set(i * n + j, (0 until k).sumOf { a.get(i * k + it) * b.get(it * n + j) })
            }
        }
    }

    override fun adjointA(a: Spec, gy: Tensor, b: Tensor): Tensor =
        apply(gy, if (transposeB) Core.transpose(b, 1, 0) else b)

    override fun adjointB(b: Spec, a: Tensor, gy: Tensor): Tensor =
        apply(if (transposeA) Core.transpose(a, 1, 0) else a, gy)
}

/** x + v for a matrix x and a vector v, whose cotangent is a sum over the given axis. */
internal class AddVector(private val reduced: Int) : Primitive() {
    override fun name() = "addVector"

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0])

    override fun kernel(x: Array<Arr>, y: Array<Arr>) =
        repeat(y[0].size()) { y[0].set(it, x[0].get(it) + x[1].get(it % x[1].size())) }

    override fun jvp(x: Array<Tensor>, y: Array<Tensor>, dx: Array<Tensor?>): Array<Tensor?> {
        val zero = Tensor.zeros(y[0].spec())
        return arrayOf(Core.add(dx[0] ?: zero, dx[1] ?: zero))
    }

    override fun vjp(r: Residuals, gy: Array<Tensor?>): Array<Tensor?> =
        arrayOf(gy[0], gy[0]?.let { Core.sum(it, intArrayOf(reduced), false) })
}

/** a·b element by element. */
internal abstract class ElementProduct : Primitive() {
    override fun name() = "elementProduct"

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0])

    override fun kernel(x: Array<Arr>, y: Array<Arr>) =
        repeat(y[0].size()) { y[0].set(it, x[0].get(it) * x[1].get(it)) }
}

/** A product of which one cotangent forgets where its factor came from. */
internal class HalfRawProduct : ElementProduct() {
    override fun vjp(r: Residuals, gy: Array<Tensor?>): Array<Tensor?> =
        arrayOf(gy[0]?.let { Core.mul(it, raw(r.x(1))) }, gy[0]?.let { Core.mul(it, r.x(0)) })
}

/** A product that takes an operand without a tangent for its own tangent. */
internal class GreedyProduct : ElementProduct() {
    override fun jvp(x: Array<Tensor>, y: Array<Tensor>, dx: Array<Tensor?>): Array<Tensor?> =
        arrayOf(Core.add(Core.mul(dx[0] ?: x[0], x[1]), Core.mul(x[0], dx[1] ?: x[1])))
}

/** 2·x and 3·x, where a result without a cotangent is given one. */
internal class GreedySplit : Primitive() {
    override fun name() = "greedySplit"

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0], specs[0])

    override fun kernel(x: Array<Arr>, y: Array<Arr>) = repeat(x[0].size()) {
        y[0].set(it, 2 * x[0].get(it))
        y[1].set(it, 3 * x[0].get(it))
    }

    override fun vjp(r: Residuals, gy: Array<Tensor?>): Array<Tensor?> {
        val one = Tensor.full(r.out(0), 1.0)
        return arrayOf(Core.add((gy[0] ?: one).times(2.0), (gy[1] ?: one).times(3.0)))
    }
}

/** A sum that is split according to the number of threads. */
internal class ThreadedSum : Primitive() {
    override fun name() = "threadedSum"

    override fun infer(specs: Array<Spec>) = arrayOf(specs[0].withShape(Shape.scalar()))

    override fun kernel(x: Array<Arr>, y: Array<Arr>) {
        val grain = Math.ceilDiv(x[0].size(), Parallel.threads())
        val partial = DoubleArray(Parallel.threads())
        Parallel.forEach(x[0].size(), grain) { from, to -> partial[from / grain] = (from until to).sumOf(x[0]::get) }
        y[0].set(0, partial.sum())
    }

    override fun vjp(r: Residuals, gy: Array<Tensor?>): Array<Tensor?> =
        arrayOf(gy[0]?.let { Core.broadcastTo(it, r.`in`(0).shape()) })
}
