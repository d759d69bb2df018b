package org.kotangent.spec.conformance

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.shouldBeGreaterThanOrEqual
import org.kotangent.ad.Ad
import org.kotangent.ad.Tensor
import org.kotangent.dsl.dot
import org.kotangent.dsl.times
import org.kotangent.ops.Elementary
import org.kotangent.ops.Linalg
import org.kotangent.samples.fit.StrdFile
import org.kotangent.samples.fit.levenbergMarquardt
import org.kotangent.samples.fit.strdModels
import org.kotangent.spec.laws.requireClose
import kotlin.io.path.extension
import kotlin.io.path.isDirectory
import kotlin.io.path.listDirectoryEntries
import kotlin.math.abs
import kotlin.math.log10

/** How many digits of a certified number must come out. */
private const val DIGITS = 6.0

/**
 * The nonlinear regressions of NIST, fitted from both of their starting points by the method of Levenberg and Marquardt
 * of the samples: parameters, standard deviations and the sum of squares agree with the certified ones in six digits.
 * At both points the product with JᵀJ is the same with and without the Jacobian.
 */
class StrdSpec :
    FunSpec({
        val folder = conformance("nist-strd")

        if (!folder.isDirectory()) {
            xtest("no regression can be read: ../shared/conformance/nist-strd is absent") {}
        }

        val files = if (folder.isDirectory()) {
            folder.listDirectoryEntries().filter {
                it.extension == "dat"
            }
        } else {
            emptyList()
        }
        for (strd in files.sorted().map(StrdFile::read)) {
            val model = strdModels[strd.name]
            strd.starts.forEachIndexed { k, start ->
                if (model == null) {
                    xtest("${strd.name}: the model of this name has not been written down") {}
                } else {
                    test("${strd.name} from start ${k + 1}") {
                        val residuals = model.residuals(strd.x, strd.y)
                        requireGaussNewton(residuals, start)
                        val fit = levenbergMarquardt(start, residuals)
                        withClue("parameters") { requireDigits(fit.parameters, strd.certified) }
                        // The residuals of exact data are rounding errors, which say nothing of their size.
                        if (strd.residualSum > 1e-20) {
                            withClue("standard deviations") { requireDigits(fit.deviations, strd.deviations) }
                            withClue("sum of squares") {
                                requireDigits(Tensor.of(fit.residualSum), Tensor.of(strd.residualSum))
                            }
                        }
                    }
                }
            }
        }
    })

/** Jᵀ·J·v without the Jacobian, for v of the size of the parameters, each number measured by the terms of its sum. */
private fun requireGaussNewton(residuals: (Tensor) -> Tensor, b: Tensor) {
    val product = Ad.gnvp(residuals, { r -> 0.5 * (r dot r) }, b, b)
    val jacobian = Ad.jacobian(residuals, b).tensor()
    val expected = Linalg.matmul(Linalg.matmul(jacobian, b), jacobian)
    val terms = Linalg.matmul(Linalg.matmul(Elementary.abs(jacobian), Elementary.abs(b)), Elementary.abs(jacobian))
    requireClose("Jᵀ·J·v", product.div(terms).toDoubles(), expected.div(terms).toDoubles(), 1e-12, scale = 1.0)
}

private fun requireDigits(actual: Tensor, expected: Tensor) {
    val wanted = expected.toDoubles()
    actual.toDoubles().forEachIndexed { i, number ->
        withClue("$number where ${wanted[i]} is certified, at $i: digits") {
            -log10(abs(number - wanted[i]) / abs(wanted[i])) shouldBeGreaterThanOrEqual DIGITS
        }
    }
}
