package org.kotangent.samples.fit

import org.kotangent.ad.Tensor
import org.kotangent.dsl.div
import org.kotangent.dsl.get
import org.kotangent.dsl.minus
import org.kotangent.dsl.plus
import org.kotangent.dsl.pow
import org.kotangent.dsl.times
import org.kotangent.ops.Elementary.atan
import org.kotangent.ops.Elementary.cos
import org.kotangent.ops.Elementary.exp
import org.kotangent.ops.Elementary.log
import org.kotangent.ops.Elementary.sin
import org.kotangent.ops.Elementary.square
import kotlin.math.PI

/**
 * A curve with parameters.
 *
 * @property response of what was measured, what the curve describes: [m] → [m]
 * @property curve the prediction from parameters [n] and columns of predictors [m]: [m]
 */
public class Model(
    public val response: (Tensor) -> Tensor = { it },
    public val curve: (b: Tensor, x: List<Tensor>) -> Tensor,
) {
    /** The difference of prediction and measurement as a function of the parameters: [n] → [m]. */
    public fun residuals(x: List<Tensor>, y: Tensor): (Tensor) -> Tensor {
        val target = response(y)
        return { b -> curve(b, x) - target }
    }
}

private fun model(curve: (b: Tensor, x: Tensor) -> Tensor) = Model { b, x -> curve(b, x.single()) }

/** b₀ + b₁·x + b₂·x² + … by Horner's rule. */
private fun polynomial(x: Tensor, vararg b: Tensor): Tensor = b.reduceRight { c, rest -> c + rest * x }

private fun bell(x: Tensor, centre: Tensor, width: Tensor): Tensor = exp(-square((x - centre) / width))

private fun wave(x: Tensor, period: Tensor, c: Tensor, s: Tensor): Tensor =
    (2 * PI * x / period).let { c * cos(it) + s * sin(it) }

private val chwirut = model { b, x -> exp(-b[0] * x) / (b[1] + b[2] * x) }

private val gauss =
    model { b, x -> b[0] * exp(-b[1] * x) + b[2] * bell(x, b[3], b[4]) + b[5] * bell(x, b[6], b[7]) }

private val lanczos =
    model { b, x -> b[0] * exp(-b[1] * x) + b[2] * exp(-b[3] * x) + b[4] * exp(-b[5] * x) }

private val saturation = model { b, x -> b[0] * (1 - exp(-b[1] * x)) }

private val cubicOverCubic =
    model { b, x -> polynomial(x, b[0], b[1], b[2], b[3]) / polynomial(x, b[0].like(1.0), b[4], b[5], b[6]) }

/** The models of the data sets for nonlinear regression, by the names of their files. */
public val strdModels: Map<String, Model> =
    mapOf(
        "Bennett5" to model { b, x -> b[0] * ((b[1] + x) pow (-1 / b[2])) },
        "BoxBOD" to saturation,
        "Chwirut1" to chwirut,
        "Chwirut2" to chwirut,
        "DanWood" to model { b, x -> b[0] * (x pow b[1]) },
        "ENSO" to model { b, x ->
            b[0] + wave(x, b[0].like(12.0), b[1], b[2]) + wave(x, b[3], b[4], b[5]) + wave(x, b[6], b[7], b[8])
        },
        "Eckerle4" to model { b, x -> b[0] / b[1] * exp(-0.5 * square((x - b[2]) / b[1])) },
        "Gauss1" to gauss,
        "Gauss2" to gauss,
        "Gauss3" to gauss,
        "Hahn1" to cubicOverCubic,
        "Kirby2" to model { b, x -> polynomial(x, b[0], b[1], b[2]) / polynomial(x, b[0].like(1.0), b[3], b[4]) },
        "Lanczos1" to lanczos,
        "Lanczos2" to lanczos,
        "Lanczos3" to lanczos,
        "MGH09" to model { b, x -> b[0] * (square(x) + x * b[1]) / (square(x) + x * b[2] + b[3]) },
        "MGH10" to model { b, x -> b[0] * exp(b[1] / (x + b[2])) },
        "MGH17" to model { b, x -> b[0] + b[1] * exp(-x * b[3]) + b[2] * exp(-x * b[4]) },
        "Misra1a" to saturation,
        "Misra1b" to model { b, x -> b[0] * (1 - 1 / square(1 + b[1] * x / 2)) },
        "Misra1c" to model { b, x -> b[0] * (1 - ((1 + 2 * b[1] * x) pow -0.5)) },
        "Misra1d" to model { b, x -> b[0] * b[1] * x / (1 + b[1] * x) },
        "Nelson" to Model(response = ::log) { b, (time, temperature) -> b[0] - b[1] * time * exp(-b[2] * temperature) },
        "Rat42" to model { b, x -> b[0] / (1 + exp(b[1] - b[2] * x)) },
        "Rat43" to model { b, x -> b[0] / ((1 + exp(b[1] - b[2] * x)) pow (1 / b[3])) },
        "Roszman1" to model { b, x -> b[0] - b[1] * x - atan(b[2] / (x - b[3])) / PI },
        "Thurber" to cubicOverCubic,
    )
