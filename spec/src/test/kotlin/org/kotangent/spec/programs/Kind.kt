package org.kotangent.spec.programs

import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.Scan
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary
import org.kotangent.ops.Shapes
import java.util.function.BiFunction
import java.util.function.Function

/** A nested function as kinds use it: of its points alone, with the rest closed over, or of all its inputs. */
class Body(private val code: Code, private val captured: List<Tensor>) {
    /** The function of its points alone. */
    fun at(points: List<Tensor>): List<Tensor> = code.run(points + captured)

    /** The function of one point alone. */
    val ofPoint: Function<Tensor, Tensor> = Function { at(listOf(it)).single() }

    /** The sum of the result of that. */
    val total: Function<Tensor, Tensor> = Function { total(ofPoint.apply(it)) }

    /** A function of all inputs, which closes over nothing. */
    val ofAll: Function<List<Tensor>, Tensor> = Function { code.run(it).single() }

    /** All inputs, of which these are the points. */
    fun all(points: List<Tensor>): List<Tensor> = points + captured
}

private fun total(x: Tensor): Tensor = Core.sum(x, intArrayOf(), false)

/**
 * What is done with a nested function.
 *
 * @property points how many of the function's inputs are operands; the function closes over the others
 * @property seeds how many operands there are between its points and the values it closes over
 * @property mayReadNumbers whether the function may ask for numbers
 */
enum class Kind(val points: Int = 1, val seeds: Int = 0, val mayReadNumbers: Boolean = true) {
    /** The gradient of the sum of its result: (point, captured…). */
    GRAD {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.grad(f.total).apply(x[0])
    },

    /** Its tangent: (point, direction, captured…). */
    JVP(seeds = 1) {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.jvp(f.ofPoint, x[0], x[1]).tangent()
    },

    /** The cotangent of its argument: (point, cotangent of the result, captured…). */
    VJP(seeds = 1) {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.vjp(f.ofPoint, x[0]).pullback().apply(x[1])

        override fun seedLike(x: Tensor, y: Tensor): Tensor = y
    },

    /** A product with the Hessian of the sum of its result: (point, direction, captured…). */
    HVP(seeds = 1) {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.hvp(f.total, x[0], x[1])
    },

    /** A Gauss–Newton product of a convex loss of its result: (point, direction, captured…). */
    GNVP(seeds = 1) {
        override fun of(f: Body, x: List<Tensor>): Tensor =
            Ad.gnvp(f.ofPoint, { y: Tensor -> total(Elementary.softplus(y)) }, x[0], x[1])
    },

    /** Its linear map, applied: (point, direction, captured…). */
    LINEARIZE(seeds = 1) {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.linearize(f.ofPoint, x[0]).map().apply(x[1])
    },

    /** All its derivatives: (point, captured…). */
    JACOBIAN {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.jacobian(f.ofPoint, x[0]).tensor()
    },

    /** All second derivatives of the sum of its result: (point, captured…). */
    HESSIAN {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.hessian(f.total, x[0]).tensor()
    },

    /** Its second derivative along the direction of ones: (point, captured…). */
    NTH_DERIVATIVE {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.nthDerivative(f.ofPoint, 2).apply(x[0])
    },

    /** Its value, with its own derivative given by hand: (point, captured…). */
    CUSTOM_JVP {
        override fun of(f: Body, x: List<Tensor>): Tensor =
            Ad.customJvp(f.ofAll, { z, dz -> Ad.jvp(f.ofAll, z, dz).tangent() }).apply(f.all(x))
    },

    /** The cotangent of its argument, with its own pullback given by hand: (point, cotangent, captured…). */
    CUSTOM_VJP(seeds = 1) {
        override fun of(f: Body, x: List<Tensor>): Tensor {
            val custom = pulledByHand(f)
            return Ad.vjp({ t: Tensor -> custom.apply(f.all(listOf(t))) }, x[0]).pullback().apply(x[1])
        }

        override fun seedLike(x: Tensor, y: Tensor): Tensor = y
    },

    /** A Hessian product of the sum of the same inside of a checkpoint: (point, direction, captured…). */
    CUSTOM_VJP_CHECKPOINT(seeds = 1, mayReadNumbers = false) {
        override fun of(f: Body, x: List<Tensor>): Tensor {
            val custom = pulledByHand(f)
            val checkpoint = Ad.checkpoint { t: Tensor -> custom.apply(f.all(listOf(t))) }
            return Ad.hvp({ t: Tensor -> total(checkpoint.apply(t)) }, x[0], x[1])
        }
    },

    /** Its value, computed again when it is pulled back: (point, captured…). */
    CHECKPOINT(mayReadNumbers = false) {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.checkpoint(f.ofPoint).apply(x[0])
    },

    /** Its values for all that lies along axis 0: (batch of points, captured…). */
    VMAP(mayReadNumbers = false) {
        override fun of(f: Body, x: List<Tensor>): Tensor = Ad.vmap(f.ofPoint).apply(x[0])

        override fun places(f: Body, x: List<Tensor>): Sequence<List<Tensor>> =
            if (x[0].rank() == 0) emptySequence() else Core.unstack(x[0]).asSequence().map { listOf(it) }
    },

    /** A loop of it, from a state and an input to a state and an output: (first state, inputs, captured…). */
    LOOP(points = 2) {
        override fun of(f: Body, x: List<Tensor>): Tensor {
            var state = x[0]
            val outputs = Core.unstack(x[1]).map { input -> f.at(listOf(state, input)).also { state = it[0] }[1] }
            return joined(state, Core.stack(outputs))
        }

        override fun places(f: Body, x: List<Tensor>): Sequence<List<Tensor>> = steps(f, x)
    },

    /** The same loop as a scan of which everything is kept. */
    SCAN_ALL(points = 2) {
        override fun of(f: Body, x: List<Tensor>): Tensor = scan(f, x, Scan.Memory.ALL)

        override fun places(f: Body, x: List<Tensor>): Sequence<List<Tensor>> = steps(f, x)
    },

    /** The same with little memory. */
    SCAN_SQUARE_ROOT(points = 2, mayReadNumbers = false) {
        override fun of(f: Body, x: List<Tensor>): Tensor = scan(f, x, Scan.Memory.SQUARE_ROOT)

        override fun places(f: Body, x: List<Tensor>): Sequence<List<Tensor>> = steps(f, x)
    },

    /** The same with less. */
    SCAN_LOGARITHMIC(points = 2, mayReadNumbers = false) {
        override fun of(f: Body, x: List<Tensor>): Tensor = scan(f, x, Scan.Memory.LOGARITHMIC)

        override fun places(f: Body, x: List<Tensor>): Sequence<List<Tensor>> = steps(f, x)
    }, ;

    /** What programs call it. */
    val title: String = name.split('_').joinToString("") { it.lowercase().replaceFirstChar(Char::uppercase) }
        .replaceFirstChar(Char::lowercase)

    /** The result for points, then seeds. */
    abstract fun of(f: Body, x: List<Tensor>): Tensor

    /** What the seed must be like, for a point and the result there. */
    open fun seedLike(x: Tensor, y: Tensor): Tensor = x

    /** Where the function is computed, one after another. */
    open fun places(f: Body, x: List<Tensor>): Sequence<List<Tensor>> = sequenceOf(x)

    companion object {
        /** Loops from states to states. */
        val loops: List<Kind> = entries.filter { it.points == 2 }

        private fun pulledByHand(f: Body): Function<List<Tensor>, Tensor> =
            Ad.customVjp(f.ofAll, { z, gy -> Ad.vjp(f.ofAll, z).pullback().apply(gy) })

        private fun scan(f: Body, x: List<Tensor>, memory: Scan.Memory): Tensor {
            val step =
                BiFunction<Tensor, Tensor, Scan.Step<Tensor, Tensor>> { state, input ->
                    f.at(listOf(state, input)).let { (next, output) -> Scan.Step(next, output) }
                }
            return Ad.scan(step, x[0], x[1], memory).let { joined(it.carry(), it.output()) }
        }

        private fun joined(state: Tensor, outputs: Tensor): Tensor =
            Shapes.concat(listOf(state, outputs).map { Core.reshape(it, Shape.of(it.size())) }, 0)

        private fun steps(f: Body, x: List<Tensor>): Sequence<List<Tensor>> = sequence {
            if (x[1].rank() > 0) {
                var state = x[0]
                for (input in Core.unstack(x[1])) {
                    yield(listOf(state, input))
                    state = f.at(listOf(state, input))[0]
                }
            }
        }
    }
}
