package org.kotangent.dsl

import org.kotangent.ad.Ad
import org.kotangent.ad.Compiled
import org.kotangent.ad.GradientReport
import org.kotangent.ad.Jacobian
import org.kotangent.ad.Params
import org.kotangent.ad.Tensor
import org.kotangent.ad.Wrt

// Derivatives of ordinary functions. A point is any tree: a tensor, a list, a map, Params, a record or a data class,
// nested in any way. All nest in any order and may run on many threads at once.

/**
 * The gradient ∇f(at) of a scalar function, of the structure of [at]. Leaves that f does not use have gradient 0.
 *
 * ```kotlin
 * val next = p - rate * grad(p) { loss(it, batch) } // one step down
 * ```
 *
 * @throws org.kotangent.ad.ShapeException when f does not return a floating scalar
 * @throws org.kotangent.ad.DTypeException when [at] has no floating tensor
 */
public fun <T : Any> grad(at: T, f: (T) -> Tensor): T = Ad.grad<T> { f(it) }.apply(at)

/** The gradient x ↦ ∇f(x) as a function, which may be differentiated in turn: `grad(grad { x: Tensor -> x pow 3 })`. */
public fun <T : Any> grad(f: (T) -> Tensor): (T) -> T = { at -> grad(at, f) }

/** The value f(at) and the gradient ∇f(at) from one run of f: `val (loss, slope) = valueAndGrad(p) { … }`. */
public fun <T : Any> valueAndGrad(at: T, f: (T) -> Tensor): Ad.ValueAndGrad<T> = Ad.valueAndGrad<T> { f(it) }.apply(at)

/**
 * The value f(at), the gradient ∇f(at) and what else f computed, which is not differentiated, from one run of f:
 *
 * ```kotlin
 * val (loss, slope, hits) = valueGradAux(p) { q -> loss(q, batch) to accuracy(q, batch) }
 * ```
 */
public fun <T : Any, A : Any> valueGradAux(at: T, f: (T) -> Pair<Tensor, A>): Ad.ValueGradAux<T, A> =
    Ad.valueGradAux<T, A> { x -> f(x).let { (value, aux) -> Ad.WithAux(value, aux) } }.apply(at)

/**
 * The value f(at) and the tangent J(at)·direction, in one forward pass: `val (y, dy) = jvp(x, dx) { … }`.
 *
 * @throws org.kotangent.ad.TreeException when [at] and [direction] differ in structure
 * @throws org.kotangent.ad.ShapeException when they differ in the type or shape of a leaf
 */
public fun <T : Any, R : Any> jvp(at: T, direction: T, f: (T) -> R): Ad.Jvp<R> = Ad.jvp<T, R>({ f(it) }, at, direction)

/**
 * The value f(at) and the pullback ȳ ↦ J(at)ᵀ·ȳ, which may be called any number of times:
 * `val (y, pullback) = vjp(x) { … }`.
 */
public fun <T : Any, R : Any> vjp(at: T, f: (T) -> R): Ad.Vjp<T, R> = Ad.vjp<T, R>({ f(it) }, at)

/**
 * The product ∇²f(at)·direction of the Hessian of a scalar function, by forward over reverse: the Hessian is never
 * formed.
 *
 * @throws org.kotangent.ad.TreeException when [at] and [direction] differ in structure
 */
public fun <T : Any> hvp(at: T, direction: T, f: (T) -> Tensor): T = Ad.hvp<T>({ f(it) }, at, direction)

/**
 * The Gauss–Newton product Jᵀ·∇²ℓ·J·direction of a loss ℓ of a model: the Hessian-vector product without the curvature of
 * the model, positive semidefinite where ℓ is convex. No matrix is formed. Source: Schraudolph 2002, §3.
 *
 * ```kotlin
 * val product = gnvp(p, v, loss = { y -> meanSquaredError(y, target) }) { network(it) }
 * ```
 *
 * @throws org.kotangent.ad.TreeException when [at] and [direction] differ in structure
 */
public fun <T : Any, R : Any> gnvp(at: T, direction: T, loss: (R) -> Tensor, model: (T) -> R): T =
    Ad.gnvp<T, R>({ model(it) }, { loss(it) }, at, direction)

/**
 * All first derivatives at a point, a block of shape `[*y, *x]` for every tensor y of the result and x of the argument:
 * `jacobian(x) { … }.tensor()`, or `.block("y", "x")` and `.matrix()` of trees. Forward or reverse sweeps, whichever are
 * fewer unless a [mode] is given, all at once.
 */
public fun <T : Any, R : Any> jacobian(
    at: T,
    mode: Jacobian.Mode = Jacobian.Mode.CHEAPER,
    f: (T) -> R,
): Jacobian<T, R> = Ad.jacobian<T, R>({ f(it) }, at, mode)

/** All second derivatives of a scalar function, the Jacobian of its gradient: `hessian(x) { … }.tensor()`. */
public fun <T : Any> hessian(at: T, f: (T) -> Tensor): Jacobian<T, T> = Ad.hessian<T>({ f(it) }, at)

/**
 * The value f(at) and the linear map ẋ ↦ J(at)·ẋ, for many directions: f is run once.
 * `val (y, map) = linearize(x) { … }`.
 */
public fun <T : Any, R : Any> linearize(at: T, f: (T) -> R): Ad.Linearization<T, R> = Ad.linearize<T, R>({ f(it) }, at)

/** The [n]-th derivative of a function of one number, or of each number where f acts element by element. */
public fun nthDerivative(at: Tensor, n: Int, f: (Tensor) -> Tensor): Tensor = Ad.nthDerivative({ f(it) }, n).apply(at)

/**
 * A choice of what to differentiate with respect to: the tensors at and below the paths. The others cost nothing.
 *
 * ```kotlin
 * val slope: Params = wrt(model, "dense2").grad { loss(it, batch) }
 * ```
 *
 * @throws org.kotangent.ad.TreeException when there is no floating tensor at or below a path
 */
public fun <T : Any> wrt(at: T, vararg paths: String): Wrt<T> = Wrt.of(at, *paths)

/** The gradient in the chosen tensors, by path. */
public fun <T : Any> Wrt<T>.grad(f: (T) -> Tensor): Params = grad(chosen()) { f(argument(it)) }

/** The value and the gradient in the chosen tensors, by path. */
public fun <T : Any> Wrt<T>.valueAndGrad(f: (T) -> Tensor): Ad.ValueAndGrad<Params> =
    valueAndGrad(chosen()) { f(argument(it)) }

/** The value, the gradient in the chosen tensors, by path, and what else f computed. */
public fun <T : Any, A : Any> Wrt<T>.valueGradAux(f: (T) -> Pair<Tensor, A>): Ad.ValueGradAux<Params, A> =
    valueGradAux(chosen()) { f(argument(it)) }

/** f as a plan that is made once for arguments alike and then runs without overhead; see [Compiled]. */
public fun <T : Any, R : Any> compile(f: (T) -> R): Compiled<T, R> = Ad.compile<T, R> { f(it) }

/**
 * Compares forward mode, reverse mode and central differences of f at a point, in all orders up to [order] (1 to 3) and
 * every mix of modes. Random directions come from [seed].
 *
 * ```kotlin
 * checkGradients(p, order = 2) { loss(it, batch) }.requireOk()
 * ```
 *
 * @throws org.kotangent.ad.DomainException when f gives other numbers when called again
 * @throws org.kotangent.ad.DTypeException when [at] or the result has no floating tensor
 */
public fun <T : Any, R : Any> checkGradients(at: T, order: Int = 2, seed: Long = 0, f: (T) -> R): GradientReport =
    Ad.checkGradients<T, R>({ f(it) }, at, order, seed)

/** The value. */
public operator fun <T : Any> Ad.ValueAndGrad<T>.component1(): Tensor = value

/** The gradient. */
public operator fun <T : Any> Ad.ValueAndGrad<T>.component2(): T = grad

/** The value. */
public operator fun <T : Any, A : Any> Ad.ValueGradAux<T, A>.component1(): Tensor = value

/** The gradient. */
public operator fun <T : Any, A : Any> Ad.ValueGradAux<T, A>.component2(): T = grad

/** What else the function computed. */
public operator fun <T : Any, A : Any> Ad.ValueGradAux<T, A>.component3(): A = aux

/** The value. */
public operator fun <R : Any> Ad.Jvp<R>.component1(): R = value

/** The tangent. */
public operator fun <R : Any> Ad.Jvp<R>.component2(): R = tangent

/** The value. */
public operator fun <T : Any, R : Any> Ad.Vjp<T, R>.component1(): R = value

/** The pullback. */
public operator fun <T : Any, R : Any> Ad.Vjp<T, R>.component2(): (R) -> T = pullback::apply

/** The value. */
public operator fun <T : Any, R : Any> Ad.Linearization<T, R>.component1(): R = value

/** The linear map. */
public operator fun <T : Any, R : Any> Ad.Linearization<T, R>.component2(): (T) -> R = map::apply
