package org.kotangent.spec.conformance

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeLessThanOrEqual
import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.spec.laws.requireClose
import kotlin.io.path.exists
import kotlin.math.abs
import kotlin.math.max

/** How far a value may be off, relative to the largest number it is compared with. */
private const val RELATIVE = 1e-10

/**
 * Classic functions for minimisers: values and gradients at given points in both modes, and Newton's method, which
 * takes first and second derivatives, to a point where the gradient vanishes. Each function is computed by its formula
 * in the file, and, where it has been written down, with tensors.
 */
class OptimizationSpec :
    FunSpec({
        val file = conformance("optimization/test-functions.json")

        if (!file.exists()) {
            xtest("no function can be read: ../shared/conformance/optimization is absent") {}
        }

        for (case in if (file.exists()) readJson(file).toList() else emptyList()) {
            val name = case["name"].asText()
            val formula = runCatching { Formula(case["formula"].asText()) }
            formula.onFailure { xtest("$name: its formula cannot be read: ${it.message}") {} }
            val forms = mapOf("with tensors" to testFunction(name), "by its formula" to formula.getOrNull())
            for ((form, f) in forms) {
                if (f == null) continue
                case["points"].forEachIndexed { k, point ->
                    val title = "$name $form, point $k"
                    val x = point["x"].toVector()
                    test("$title: value and gradient") {
                        val value = point["f"].asDouble()
                        val gradient = point["grad"].toNumbers()
                        val both = Ad.valueAndGrad(f).apply(x)
                        requireClose("f", both.value().item(), value, RELATIVE, max(1.0, abs(value)))
                        val scale = max(1.0, gradient.maxOf(::abs))
                        requireClose("reverse mode", both.grad().toDoubles(), gradient, RELATIVE, scale)
                        requireClose("forward mode", forwardGradient(f, x), gradient, RELATIVE, scale)
                    }
                    test("$title: Newton's method from there") {
                        minimise(f, x, tolerance = 1e-8).gradientNorm shouldBeLessThanOrEqual 1e-8
                    }
                }
            }
        }
    })

private fun forwardGradient(f: (Tensor) -> Tensor, x: Tensor): DoubleArray =
    DoubleArray(x.size()) { Ad.jvp(f, x, basis(x.size(), it)).tangent().item() }

private fun basis(n: Int, i: Int): Tensor = Tensor.of(*DoubleArray(n) { if (it == i) 1.0 else 0.0 })
