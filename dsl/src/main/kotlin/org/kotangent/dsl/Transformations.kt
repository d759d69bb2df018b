package org.kotangent.dsl

import org.kotangent.ad.Ad
import org.kotangent.ad.BatchAxes
import org.kotangent.ad.Graph
import org.kotangent.ad.Scan
import org.kotangent.ad.Tensor

// Ways to run a function other than as it stands: on batches, in a loop, with less memory, under a rule of its own, or
// as a graph. They nest with each other and with derivatives, in any order.

/** The function that applies f to every element of a batch at once, along axis 0: `vmap(grad(f))`; see [Ad.vmap]. */
public fun <T : Any, R : Any> vmap(f: (T) -> R): (T) -> R = vmap(along = BatchAxes.of(0), f = f)

/**
 * The function that applies f to every element of a batch at once, along other axes: `vmap(BatchAxes.of(1)) { … }`.
 *
 * @param along which axes of the argument run over the batch: those numbered 0 unless said otherwise
 * @param out where the batch axes of the result go
 */
public fun <T : Any, R : Any> vmap(
    along: BatchAxes = BatchAxes.of(0),
    out: BatchAxes = BatchAxes.of(0),
    f: (T) -> R,
): (T) -> R = { batch -> Ad.vmap<T, R>({ f(it) }, along, out).apply(batch) }

/**
 * f of every element of a batch, at once.
 *
 * ```kotlin
 * val slopes = vmap(images to labels) { (x, y) -> grad(p) { loss(it, x, y) } } // a gradient for each example
 * ```
 *
 * @throws org.kotangent.ad.ShapeException when batch axes are missing or differ in size
 * @throws org.kotangent.ad.TreeException when a path of the axes leads to no tensor
 * @throws org.kotangent.ad.UnknownNumberException when f asks for the number of a tensor
 */
public fun <T : Any, R : Any> vmap(
    batch: T,
    along: BatchAxes = BatchAxes.of(0),
    out: BatchAxes = BatchAxes.of(0),
    f: (T) -> R,
): R = vmap(along, out, f)(batch)

/**
 * A loop over axis 0 of tensors that carries a state along, and can be differentiated both ways:
 * `val (last, all) = scan(init, xs) { state, x -> next to output }`. The outputs are stacked along axis 0.
 *
 * @param memory what reverse mode keeps of it
 * @throws org.kotangent.ad.ShapeException when the tensors differ in their number of steps, or a state in shape
 * @throws org.kotangent.ad.TreeException when a state differs in structure from the one before
 */
public fun <C : Any, X : Any, Y : Any> scan(
    init: C,
    xs: X,
    memory: Scan.Memory = Scan.Memory.ALL,
    body: (C, X) -> Pair<C, Y>,
): Pair<C, Y> {
    val end = Ad.scan<C, X, Y>({ c, x -> body(c, x).let { (next, y) -> Scan.Step(next, y) } }, init, xs, memory)
    return end.carry() to end.output()
}

/** The same function, which reverse mode runs again rather than keep what is in it: `checkpoint { x: Tensor -> … }`. */
public fun <T : Any, R : Any> checkpoint(f: (T) -> R): (T) -> R = { x -> Ad.checkpoint<T, R> { f(it) }.apply(x) }

/** The same values, through which nothing is differentiated. */
public fun <T : Any> stopGradient(tree: T): T = Ad.stopGradient(tree)

/** The same tensor under a name, by which graphs and diagnostics call it: `relu(h) named "h"`. */
public infix fun Tensor.named(name: String): Tensor = Ad.named(name, this)

/**
 * The function f with a forward rule of its own, linear in the tangent, which gives every mode:
 *
 * ```kotlin
 * val straightThrough = customJvp({ x: Tensor -> round(x) }) { _, dx -> dx }
 * ```
 */
public fun <T : Any, R : Any> customJvp(f: (T) -> R, tangent: (T, T) -> R): (T) -> R =
    { at -> Ad.customJvp<T, R>({ f(it) }, { x, dx -> tangent(x, dx) }).apply(at) }

/**
 * The function f with a reverse rule of its own, linear in the cotangent; a direct [jvp] of it is an error:
 *
 * ```kotlin
 * val reversed = customVjp({ x: Tensor -> x }) { _, gy -> -gy } // descends where others climb
 * ```
 */
public fun <T : Any, R : Any> customVjp(f: (T) -> R, cotangent: (T, R) -> T): (T) -> R =
    { at -> Ad.customVjp<T, R>({ f(it) }, { x, gy -> cotangent(x, gy) }).apply(at) }

/**
 * What a function of arguments like the example computes, as a value that prints, draws and runs:
 * `println(graph(p) { grad(it) { q -> loss(q, batch) } })` shows the backward pass.
 *
 * @throws org.kotangent.ad.UnknownNumberException when f asks for the number of a tensor
 */
public fun <T : Any, R : Any> graph(example: T, f: (T) -> R): Graph<T, R> = Graph.capture<T, R>({ f(it) }, example)

/** The results for another argument. */
public operator fun <T : Any, R : Any> Graph<T, R>.invoke(x: T): R = apply(x)
