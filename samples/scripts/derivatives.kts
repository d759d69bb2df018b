// Derivatives of ordinary functions: of derivatives, of loops, of structures, and products with a Hessian never formed.

// A curve: sin and its derivatives at 1, each the gradient of the one before.
val derivatives = generateSequence({ x: Tensor -> sin(x) }) { f -> grad(f) }
for ((n, f) in derivatives.take(5).withIndex()) println("sin, derivative $n: ${f(Tensor.scalar(1.0)).item()}")

// Its lowest point: Newton's method takes the first and the second derivative of eˣ − 2x to ln 2 = 0.693…
val curve = { x: Tensor -> exp(x) - 2 * x }
val newton = generateSequence(Tensor.scalar(0.0)) { x -> x - grad(x, curve) / grad(x, grad(curve)) }
for ((n, x) in newton.take(6).withIndex()) println("Newton, step $n: ${x.item()}")

// A valley: Rosenbrock's function of any number of variables, written with a loop.
fun rosenbrock(x: Tensor): Tensor {
    var sum = Tensor.scalar(0.0)
    for (i in 0 until x.size() - 1) sum += 100 * square(x[i + 1] - square(x[i])) + square(1 - x[i])
    return sum
}

val x = Tensor.of(-1.2, 1.0)
println("Rosenbrock at $x: ${rosenbrock(x).item()}")
println("gradient: ${grad(x, ::rosenbrock)}")
println("Hessian · (1, 0): ${hvp(x, Tensor.of(1.0, 0.0), ::rosenbrock)}")

// A structure: the gradient of a function of a data class is a data class.
data class Spring(val stiffness: Tensor, val length: Tensor)
fun energy(s: Spring) = 0.5 * s.stiffness * square(s.length - 1)
println("gradient: ${grad(Spring(Tensor.scalar(3.0), Tensor.scalar(1.5)), ::energy)}")
