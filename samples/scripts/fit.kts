// Fits a curve to measurements by the method of Levenberg and Marquardt. The curve is an ordinary function; the
// Jacobian of its residuals, and their second derivative along each step, come from differentiating it.

import org.kotangent.samples.fit.StrdFile
import org.kotangent.samples.fit.levenbergMarquardt
import org.kotangent.samples.fit.strdModels

val options = Options("Fits a curve to measurements and prints its parameters with their standard deviations.")
val data by options.file("a file of NIST StRD for nonlinear regression; without it, measurements are drawn")
val seed by options.long(1, "where the errors of drawn measurements come from")
options.parse(args)

fun report(title: String, start: Tensor, expected: Tensor, residuals: (Tensor) -> Tensor) {
    val fit = levenbergMarquardt(start, residuals)
    println("\n$title, ${fit.steps} steps")
    println("      %18s %18s %18s".format("parameter", "std. deviation", "expected"))
    val columns = listOf(fit.parameters, fit.deviations, expected)
    for (i in 0 until start.size()) println("b[$i]  " + columns.joinToString(" ") { "%18.10e".format(it[i].item()) })
    println("residual sum of squares %.10e, degrees of freedom %d".format(fit.residualSum, fit.degreesOfFreedom))
}

// A damped oscillation, measured 80 times with an error of 0.02.
fun drawn() {
    fun oscillation(b: Tensor, x: Tensor) = b[0] * exp(-b[1] * x) * cos(b[2] * x + b[3])
    val truth = Tensor.of(2.0, 0.3, 3.0, 0.5)
    val x = Tensor.of(*DoubleArray(80) { 0.1 * it })
    val y = oscillation(truth, x) + Random.normal(Key.of(seed), 0.0, 0.02, DType.F64, x.size())
    report("a damped oscillation", Tensor.of(1.0, 0.1, 2.5, 0.0), truth) { b -> oscillation(b, x) - y }
}

fun reference(strd: StrdFile) {
    val model =
        strdModels[strd.name] ?: throw UsageError("${strd.name} has no model here; there are ${strdModels.keys}")
    for ((k, start) in strd.starts.withIndex()) {
        report("${strd.name} from start ${k + 1}", start, strd.certified, model.residuals(strd.x, strd.y))
    }
}

data?.let { reference(StrdFile.read(it)) } ?: drawn()
