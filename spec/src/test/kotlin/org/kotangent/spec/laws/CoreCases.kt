package org.kotangent.spec.laws

import org.kotangent.ad.Core
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor

/** The operations that differentiation itself needs. */
val coreCases: List<Case> = cases("Core") {
    binary("add") { a, b -> Core.add(a, b) }
    binary("sub") { a, b -> Core.sub(a, b) }
    binary("mul") { a, b -> Core.mul(a, b) }
    binary("div", anywhere, nonZero) { a, b -> Core.div(a, b) }
    unary("neg") { Core.neg(it) }
    one("select", large = { selection(Shape.of(300, 301), Shape.of(300, 301)) }) { shape().let { selection(it, it) } }
    one("select", "the condition stretched") { selection(Shape.of(2, 1), Shape.of(3)) }
    one("broadcastTo", large = { broadcast(Shape.of(301), Shape.of(300, 301)) }) {
        broadcast(Shape.of(2, 1, 2), Shape.of(3, 2, 4, 2))
    }
    one("broadcastTo", "a scalar") { broadcast(Shape.scalar(), Shape.of(2, 3)) }
    one("broadcastTo", "to nothing") { broadcast(Shape.of(1, 3), Shape.of(0, 3)) }
    one("sumTo") { tensor(3, 2, 4, 2) through { (x) -> Core.sumTo(x, Shape.of(2, 1, 2)) } }
    one("sumTo", "a scalar") { tensor(2, 3) through { (x) -> Core.sumTo(x, Shape.scalar()) } }
    one("sum", large = { sum(tensor(70_001), intArrayOf()) }) { sum(tensor(shape())) }
    one("sum", "along rows", large = { sum(tensor(300, 301), intArrayOf(1)) }) { sum(tensor(2, 3), intArrayOf(1)) }
    one("sum", "along columns", large = {
        sum(tensor(300, 3, 301), intArrayOf(1))
    }) { sum(tensor(2, 3), intArrayOf(0)) }
    one("reshape") { tensor(2, 6) through { (x) -> Core.reshape(x, Shape.of(3, 1, 4)) } }
    one("stack") { List(int(1..4)) { tensor(2, 3) } through { Core.stack(it) } }
    one("stack", "scalars") { List(3) { tensor() } through { Core.stack(it) } }
    many("unstack") { Problem(listOf(tensor(filledShape(1..3)))) { (x) -> Core.unstack(x) } }
    one("transpose", large = { transposition(Shape.of(30, 40, 50)) }) { transposition(shape(0..4)) }
}

private fun Sampler.selection(condition: Shape, branches: Shape): Single {
    val mask = mask(condition)
    return listOf(mask, tensor(branches), tensor(branches)) through { (m, a, b) -> Core.select(m, a, b) }
}

private fun Sampler.broadcast(from: Shape, to: Shape) = tensor(from) through { (x) -> Core.broadcastTo(x, to) }

private fun Sampler.sum(x: Tensor, axes: IntArray = axes(x.rank())): Single {
    val keepDims = flip()
    return x through { (t) -> Core.sum(t, axes, keepDims) }
}

private fun Sampler.transposition(shape: Shape): Single {
    val order = permutation(shape.rank())
    return tensor(shape) through { (x) -> Core.transpose(x, *order) }
}
