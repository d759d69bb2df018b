package org.kotangent.spec.laws

import org.kotangent.ad.Ad
import org.kotangent.ad.Graph

val graphIsTheFunction =
    Law("a captured graph gives the bits of the function", trials = 2) {
        requireSameBits("f", Graph.capture(::f, x).apply(x), f(x))
    }

val graphOfDerivatives =
    Law("a captured graph of a derivative gives the bits of the derivative", trials = 1) {
        val v = direction()
        val w = like(f(x))
        requireSameBits("jvp", Graph.capture({ z -> jvp(v, z) }, x).apply(x), jvp(v))
        requireSameBits("vjp", Graph.capture({ z -> vjp(w, z) }, x).apply(x), vjp(w))
        val s = scalarFunction()
        requireSameBits("hvp", Graph.capture({ z -> Ad.hvp(s, z, v) }, x).apply(x), Ad.hvp(s, x, v))
    }

val derivativesOfGraphs =
    Law("derivatives of a captured graph are those of the function", trials = 1) {
        val graph = Graph.capture(::f, x)
        val w = like(f(x))
        requireSameBits("jvp", Ad.jvp(graph::apply, x, x).tangent(), jvp(x))
        requireSameBits("vjp", Ad.vjp(graph::apply, x).pullback().apply(w), vjp(w))
    }

val graphLaws: List<Law> = listOf(graphIsTheFunction, graphOfDerivatives, derivativesOfGraphs)
