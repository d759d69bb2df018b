package org.kotangent.spec.laws

import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor

/**
 * A function at a point around which it is smooth. Integer arguments are part of the function.
 *
 * @property onlyHere whether it may be something else with the same numbers in another order
 */
class Problem(val arguments: List<Tensor>, val onlyHere: Boolean = false, val function: (List<Tensor>) -> List<Tensor>)

/**
 * An operation under test: how to draw a problem for it.
 *
 * @property name `Facade.method`, by which coverage is counted
 * @property variant what tells this case from others of the same operation
 * @property large a problem big enough to be split over threads, where the operation can be
 */
class Case(
    val name: String,
    val variant: String = "",
    val large: (Sampler.() -> Problem)? = null,
    val problem: Sampler.() -> Problem,
) {
    val title: String = if (variant.isEmpty()) name else "$name, $variant"
}

/** Collects the cases of one facade. */
class Cases(private val facade: String) {
    private val cases = mutableListOf<Case>()

    fun toList(): List<Case> = cases.toList()

    /** An operation with several results. */
    fun many(
        method: String,
        variant: String = "",
        large: (Sampler.() -> Problem)? = null,
        problem: Sampler.() -> Problem,
    ) {
        cases += Case("$facade.$method", variant, large, problem)
    }

    /** An operation with one result. */
    fun one(
        method: String,
        variant: String = "",
        large: (Sampler.() -> Single)? = null,
        problem: Sampler.() -> Single,
    ) = many(method, variant, large?.let { draw -> { draw().problem } }) { problem().problem }

    /** A function of one operand applied to every element. */
    fun unary(method: String, domain: Domain = anywhere, variant: String = "", f: (Tensor) -> Tensor) {
        fun Sampler.operand(shape: Shape) = tensor(shape, domain) through { (x) -> f(x) }
        one(method, variant, large = { operand(split) }) { operand(shape()) }
    }

    /** A function of two operands applied to every element, with broadcasting either way. */
    fun binary(method: String, first: Domain = anywhere, second: Domain = first, f: (Tensor, Tensor) -> Tensor) {
        fun Sampler.operands(a: Shape, b: Shape) =
            listOf(tensor(a, first), tensor(b, second)) through { (p, q) -> f(p, q) }
        one(method, large = { operands(split, split) }) { shape().let { operands(it, it) } }
        for ((variant, a, b) in stretched) {
            one(method, variant) { operands(a, b) }
        }
    }

    private companion object {
        /** More elements than two of the chunks that elementwise work is split into, and no multiple of them. */
        val split: Shape = Shape.of(66_001)

        /** The ways in which an operand is stretched to the shape of the other. */
        val stretched: List<Triple<String, Shape, Shape>> =
            listOf(
                Triple("a scalar beside a matrix", Shape.scalar(), Shape.of(2, 3)),
                Triple("leading axes missing", Shape.of(2, 2, 3), Shape.of(3)),
                Triple("both stretched along axes of size 1", Shape.of(2, 1, 2), Shape.of(1, 3, 1)),
                Triple("empty", Shape.of(0, 3), Shape.of(1, 3)),
            )
    }
}

/** A problem with one result. */
class Single(val problem: Problem)

infix fun List<Tensor>.through(f: (List<Tensor>) -> Tensor): Single = Single(Problem(this) { listOf(f(it)) })

infix fun Tensor.through(f: (List<Tensor>) -> Tensor): Single = listOf(this) through f

/** The cases of a facade. */
fun cases(facade: String, declare: Cases.() -> Unit): List<Case> = Cases(facade).apply(declare).toList()
