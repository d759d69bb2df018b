package org.kotangent.spec.laws

import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Key
import org.kotangent.ops.Nn
import org.kotangent.ops.Random

/** Deriving keys and drawing from them, of which nothing is differentiated. */
val randomCases: List<Case> =
    cases("Key") {
        many("split") {
            Problem(listOf(key())) { (k) -> Key(k).split().let { listOf(it.first(), it.second()) }.bits() }
        }
        many("split", "of a number") {
            val n = int(1..4)
            Problem(listOf(key())) { (k) -> Key(k).split(n).bits() }
        }
        one("batch") { int(0..4).let { n -> key(shape()) through { (k) -> Key(k).batch(n).tensor() } } }
        one("fold") { random.nextLong().let { data -> key(shape()) through { (k) -> Key(k).fold(data).tensor() } } }
        one("fold", "of integers") { shape().let { folds(it, it) } }
        one("fold", "of integers, stretched") { folds(Shape.of(2, 1), Shape.of(3)) }
        one("foldAll") {
            val path = LongArray(int(1..3)) { random.nextLong() }
            key() through { (k) -> Key(k).foldAll(*path).tensor() }
        }
    } +
        cases("Random") {
            for (dtype in listOf(DType.F32, DType.F64)) {
                drawn("uniform", dtype.label()) { k, dims -> Random.uniform(k, -1.0, 3.0, dtype, *dims) }
                drawn("normal", dtype.label()) { k, dims -> Random.normal(k, 1.0, 2.0, dtype, *dims) }
            }
            drawn("bernoulli") { k, dims -> Random.bernoulli(k, 0.3, *dims) }
            one("order") { int(0..9).let { n -> key() through { (k) -> Random.order(Key(k), n) } } }
        }

/** Differentiable operations that draw. */
val dropoutCases: List<Case> = cases("Nn") {
    one("dropout", large = { listOf(tensor(70_001), key()) through { (x, k) -> Nn.dropout(x, 0.3, Key(k)) } }) {
        val rate = pick(0.0, 0.5, 0.9)
        listOf(tensor(shape()), key()) through { (x, k) -> Nn.dropout(x, rate, Key(k)) }
    }
}

private fun List<Key>.bits(): List<Tensor> = map { it.tensor() }

private fun Cases.drawn(method: String, variant: String = "", draw: (Key, IntArray) -> Tensor) {
    fun Sampler.numbers(keys: Shape): Single {
        val dims = shape().toArray()
        return key(keys) through { (k) -> draw(Key(k), dims) }
    }
    one(method, variant) { numbers(Shape.scalar()) }
    one(method, listOf(variant, "several keys").filter { it.isNotEmpty() }.joinToString()) { numbers(shape()) }
}

private fun Sampler.folds(keys: Shape, data: Shape): Single =
    listOf(key(keys), indices(data, -9..9)) through { (k, d) -> Key(k).fold(d).tensor() }

/** The bits of keys. */
private fun Sampler.key(axes: Shape = Shape.scalar()): Tensor = indices(axes.insert(axes.rank(), 4), BITS)

private val BITS = -(1 shl 30)..(1 shl 30)
