package org.kotangent.bench.kotangent

import org.kotangent.ad.Ad
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.internal.Hot
import org.kotangent.bench.Numbers
import org.kotangent.bench.Task
import org.kotangent.bench.Work
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.ops.Reduce

private const val CHAIN = 100

/** Single operations. */
private class KernelWork(private val operations: Int = 1, private val body: () -> Map<String, Tensor>) : Work.Repeated {
    override fun settle() = Hot.await()

    override fun run() {
        body()
    }

    override fun operations(): Int = operations

    override fun results(): Map<String, DoubleArray> = body().mapValues { numbersOf(it.value) }
}

/** A convolution's operands. */
data class Operands(val x: Tensor, val w: Tensor, val gy: Tensor)

/** A matrix product. */
fun product(size: Task.Product): Work {
    val a = normal(1, size.m(), size.k())
    val b = normal(2, size.k(), size.n())
    return KernelWork { mapOf("product" to Linalg.matmul(a, b)) }
}

/** A convolution, or a plan for its two gradients, which leaves out the convolution itself. */
fun convolution(task: Task.Convolution): Work {
    val to = task.size() - 4
    val x = normal(1, task.batch(), task.`in`(), task.size(), task.size())
    val w = normal(2, task.out(), task.`in`(), 5, 5)
    val gy = normal(3, task.batch(), task.out(), to, to)
    val gradients =
        AsPlan.of { at: Operands ->
            Ad.vjp<List<Tensor>, Tensor>({ (x, w) -> Nn.conv2d(x, w) }, listOf(at.x, at.w)).pullback().apply(at.gy)
        }
    return when (task.pass()) {
        Task.Pass.FORWARD -> KernelWork { mapOf("y" to Nn.conv2d(x, w)) }

        Task.Pass.BACKWARD -> KernelWork {
            val (gx, gw) = gradients(Operands(x, w, gy))
            mapOf("gx" to gx, "gw" to gw)
        }
    }
}

/** Sums of small tensors. */
fun small(task: Task.Small): Work {
    val a = normal(1, 32)
    val b = normal(2, 32)
    val gradient =
        Ad.grad<Tensor> { x ->
            var sum = x
            repeat(CHAIN) { sum = sum.plus(b) }
            Reduce.sum(sum)
        }
    return when (task.operation()) {
        Task.Operation.ADD -> KernelWork { mapOf("sum" to a.plus(b)) }
        Task.Operation.CHAIN -> KernelWork(CHAIN) { mapOf("gradient" to gradient.apply(a)) }
    }
}

private fun normal(seed: Long, vararg shape: Int): Tensor =
    Shape.of(*shape).let { Tensor.of(it, *Numbers.normal(seed, it.size(), 1.0)) }
