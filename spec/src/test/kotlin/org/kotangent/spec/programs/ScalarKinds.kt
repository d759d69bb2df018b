package org.kotangent.spec.programs

import org.kotangent.ad.scalar.Real
import org.kotangent.ad.scalar.Reals

/** What the scalar engine does with a function of one number, for a point, then seeds. */
internal typealias ScalarKind = (f: (Real) -> Real, x: List<Real>) -> Real

private fun several(f: (Real) -> Real): (Array<Real>) -> Array<Real> = { (t) -> arrayOf(f(t)) }

private fun single(f: (Real) -> Real): (Array<Real>) -> Real = { (t) -> f(t) }

/** The kinds that there are in the scalar engine too. */
internal val scalarKinds: Map<Kind, ScalarKind> =
    mapOf(
        Kind.GRAD to { f, (x) -> Reals.gradient(single(f)).apply(arrayOf(x))[0] },
        Kind.JVP to { f, (x, v) -> Reals.jvp(several(f), arrayOf(x), arrayOf(v))[0] },
        Kind.HVP to { f, (x, v) -> Reals.hvp(single(f), arrayOf(x), arrayOf(v))[0] },
        Kind.JACOBIAN to { f, (x) -> Reals.jacobian(several(f)).apply(arrayOf(x))[0][0] },
        Kind.HESSIAN to { f, (x) -> Reals.hessian(single(f)).apply(arrayOf(x))[0][0] },
        Kind.NTH_DERIVATIVE to { f, (x) -> Reals.nthDerivative(f, 2).apply(x) },
    )
