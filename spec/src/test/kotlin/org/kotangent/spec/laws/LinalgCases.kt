package org.kotangent.spec.laws

import org.kotangent.ad.Shape
import org.kotangent.ops.Linalg

/** Products of matrices and vectors. */
val linalgCases: List<Case> = cases("Linalg") {
    fun product(variant: String, a: Shape, b: Shape, large: (Sampler.() -> Single)? = null) =
        one("matmul", variant, large) {
            listOf(tensor(a), tensor(b)) through { (p, q) -> Linalg.matmul(p, q) }
        }
    product("two matrices", Shape.of(2, 3), Shape.of(3, 4), large = {
        listOf(tensor(130, 300), tensor(300, 70)) through { (p, q) -> Linalg.matmul(p, q) }
    })
    product("two vectors", Shape.of(3), Shape.of(3))
    product("a vector and a matrix", Shape.of(3), Shape.of(3, 2))
    product("a matrix and a vector", Shape.of(2, 3), Shape.of(3))
    product("a vector and matrices", Shape.of(3), Shape.of(2, 3, 2))
    product("matrices and a vector", Shape.of(2, 2, 3), Shape.of(3))
    product("a batch and a matrix", Shape.of(2, 2, 3), Shape.of(3, 4), large = {
        listOf(tensor(9, 40, 50), tensor(50, 70)) through { (p, q) -> Linalg.matmul(p, q) }
    })
    product("a matrix and a batch", Shape.of(2, 3), Shape.of(2, 3, 1))
    product("two batches", Shape.of(2, 2, 3), Shape.of(2, 3, 2), large = {
        listOf(tensor(9, 40, 50), tensor(9, 50, 30)) through { (p, q) -> Linalg.matmul(p, q) }
    })
    product("batches that broadcast", Shape.of(2, 1, 2, 3), Shape.of(3, 3, 2))
    product("nothing to sum over", Shape.of(2, 0), Shape.of(0, 3))
    product("no rows", Shape.of(0, 2), Shape.of(2, 3))

    for (transposeA in listOf(false, true)) {
        for (transposeB in listOf(false, true)) {
            val flags = "transposed: $transposeA, $transposeB"

            fun Sampler.operands(m: Int, k: Int, n: Int, vararg batch: Int): Single {
                val a = if (transposeA) intArrayOf(k, m) else intArrayOf(m, k)
                val b = if (transposeB) intArrayOf(n, k) else intArrayOf(k, n)
                return listOf(tensor(*batch, *a), tensor(*b)) through { (p, q) ->
                    Linalg.matmul(p, q, transposeA, transposeB)
                }
            }
            one("matmul", flags, large = { operands(130, 200, 70) }) { operands(2, 3, 4) }
            one("matmul", "$flags, a batch") { operands(2, 3, 2, 2) }
        }
    }

    one("dot", large = { listOf(tensor(70_001), tensor(70_001)) through { (a, b) -> Linalg.dot(a, b) } }) {
        val n = int(0..4)
        listOf(tensor(n), tensor(n)) through { (a, b) -> Linalg.dot(a, b) }
    }
    one("outer", large = { listOf(tensor(301), tensor(300)) through { (a, b) -> Linalg.outer(a, b) } }) {
        listOf(tensor(int(0..3)), tensor(int(1..4))) through { (a, b) -> Linalg.outer(a, b) }
    }
}
