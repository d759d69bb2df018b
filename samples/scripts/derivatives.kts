// Derivatives of ordinary functions: gradients, derivatives of derivatives, and products with a Hessian never formed.

// A curve: sin and its derivatives at 1, each the gradient of the one before.
val derivatives = generateSequence({ x: Tensor -> sin(x) }) { f -> grad(f) }
for ((n, f) in derivatives.take(5).withIndex()) println("sin, derivative $n: ${f(Tensor.scalar(1.0)).item()}")

// A valley: Rosenbrock's function of any number of variables, written with a loop.
fun rosenbrock(x: Tensor): Tensor {
    var sum = Tensor.scalar(0.0)
    for (i in 0 until x.size() - 1) sum += 100 * square(x[i + 1] - square(x[i])) + square(1 - x[i])
    return sum
}

val start = Tensor.of(-1.2, 1.0)
println("Rosenbrock: ${rosenbrock(start)}")
println("gradient: ${grad(start, ::rosenbrock)}")
println("Hessian · (1, 0): ${hvp(start, Tensor.of(1.0, 0.0), ::rosenbrock)}")

// The way down: each of Newton's steps s solves H·s = −g, by conjugate gradients, for which hvp is all they need of H.
fun solve(b: Tensor, times: (Tensor) -> Tensor): Tensor {
    var (x, r, p) = Triple(0 * b, b, b)
    repeat(b.size()) {
        val q = times(p)
        val step = (r dot r) / (p dot q)
        val rest = r - step * q
        p = rest + (rest dot rest) / (r dot r) * p
        x += step * p0(p, rest, r)
        r = rest
    }
    return x
}
