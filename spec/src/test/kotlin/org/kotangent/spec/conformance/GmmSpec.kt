package org.kotangent.spec.conformance

import io.kotest.core.spec.style.FunSpec
import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import org.kotangent.spec.laws.centralDifference
import org.kotangent.spec.laws.numbers
import org.kotangent.spec.laws.requireClose
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.math.sin

/** The tolerance of ADBench itself. */
private const val TOLERANCE = 1e-8

/**
 * The Gaussian mixtures of ADBench: objective and gradient where they are given, and at all inputs the agreement of
 * forward mode, reverse mode and the difference quotient along one direction.
 */
class GmmSpec :
    FunSpec({
        val folder = conformance("adbench")
        val references = folder.resolve("reference.json").takeIf { it.exists() }?.let(::readJson)

        if (references == null) {
            xtest("no mixture can be read: ../shared/conformance/adbench is absent") {}
        }

        for ((name, reference) in references?.properties().orEmpty().filter { it.key.startsWith("gmm") }) {
            val input = folder.resolve(reference["input"].asText().removePrefix("data/"))
            test("$name: objective and gradient at ${input.name}") {
                val problem = GmmProblem.read(input)
                val both = Ad.valueAndGrad(problem::objective).apply(problem.start)
                requireClose("objective", both.value().item(), reference["objective"].asDouble(), TOLERANCE)
                requireClose("gradient", leaves(both.grad()), reference["gradient"].toNumbers(), TOLERANCE)
            }
        }

        val inputs = if (references == null) emptyList() else folder.resolve("gmm/1k").listDirectoryEntries("*.txt")
        for (input in inputs.sorted()) {
            test("${input.name}: both modes and the difference quotient") {
                val problem = GmmProblem.read(input)
                val v = Trees.map(problem.start, ::direction)
                val forward = Ad.jvp(problem::objective, problem.start, v).tangent().item()
                val reverse = Trees.dot(Ad.grad(problem::objective).apply(problem.start), v).item()
                val numeric = centralDifference { h ->
                    doubleArrayOf(problem.objective(Trees.plus(problem.start, Trees.times(v, h))).item())
                }
                requireClose("forward and reverse mode", forward, reverse, 1e-11)
                requireClose("the derivative", forward, numeric.value.single(), TOLERANCE, numeric.scale)
            }
        }
    })

private fun leaves(mixture: Mixture): DoubleArray = numbers(listOf(mixture.alphas, mixture.means, mixture.icf))

/** Small numbers of mixed sign: a step of length 1 along them multiplies no diagonal element by more than 1.1. */
private fun direction(t: Tensor): Tensor = Tensor.of(t.shape(), *DoubleArray(t.size()) { 0.1 * sin(1.7 * it + 1) })
