package org.kotangent.spec.programs

import org.kotangent.ad.Tensor
import org.kotangent.ops.Conv2d
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.ops.Pool2d

private val products: List<Recipe> =
    listOf(
        ofTwo({ it.rank() >= 1 }, { x, y -> y.rank() >= 1 && x.dim(-1) == y.dim(maxOf(-2, -y.rank())) }) { _, _ ->
            Plain("matmul") { (a, b) -> Linalg.matmul(a, b) }
        },
        ofTwo({ it.rank() >= 2 }, { x, y -> y.rank() >= 2 && x.dim(-1) == y.dim(-1) }) { _, _ ->
            Plain("matmul[b transposed]") { (a, b) -> Linalg.matmul(a, b, false, true) }
        },
        ofTwo({ it.rank() >= 2 }, { x, y -> y.rank() >= 2 && x.dim(-2) == y.dim(-2) }) { _, _ ->
            Plain("matmul[a transposed]") { (a, b) -> Linalg.matmul(a, b, true, false) }
        },
        ofTwo({ it.rank() == 1 }, { x, y -> x.shape() == y.shape() }) { _, _ ->
            Plain("dot") { (a, b) -> Linalg.dot(a, b) }
        },
        ofTwo({ it.rank() == 1 }, { _, y -> y.rank() == 1 }) { _, _ ->
            Plain("outer") { (a, b) -> Linalg.outer(a, b) }
        },
    )

private fun isImage(t: Tensor) = t.rank() == 4

private val networks: List<Recipe> =
    listOf(
        ofTwo(::isImage, { x, w ->
            isImage(w) && x.dim(1) == w.dim(1) && w.dim(2) <= x.dim(2) && w.dim(3) <= x.dim(3)
        }) { _, _ ->
            val padding = int(0..1)
            val stride = int(1..2)
            val conv = Conv2d.standard().padding(padding).stride(stride)
            Plain("conv2d[padding $padding, stride $stride]") { (x, w) -> Nn.conv2d(x, w, conv) }
        },
        ofOne({ isImage(it) && it.dim(2) > 1 && it.dim(3) > 1 }) {
            Plain("avgPool2d[2]") { (x) -> Nn.avgPool2d(x, Pool2d.of(2).stride(1)) }
        },
        ofOne({ it.rank() > 0 }) { x ->
            val axis = int(0 until x.rank())
            Plain("softmax[axis $axis]") { (t) -> Nn.softmax(t, axis) }
        },
        ofOne({ it.rank() > 0 }) { x ->
            val axis = int(0 until x.rank())
            Plain("logSoftmax[axis $axis]") { (t) -> Nn.logSoftmax(t, axis) }
        },
    )

/** Products of matrices and what networks are made of. */
internal val linearRecipes: List<List<Recipe>> = listOf(products, networks)
