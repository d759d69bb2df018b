package org.kotangent.bench.kotangent

import org.kotangent.ad.Ad
import org.kotangent.bench.Task
import org.kotangent.bench.Task.Purpose
import org.kotangent.bench.Work
import java.util.Optional
import java.util.function.Function

/** How a function is carried out: as it is or as a plan. */
interface Style {
    /** [f] in this style. */
    fun <T : Any, R : Any> of(f: (T) -> R): (T) -> R

    /** A function that may be applied several times, each argument made from the result before. */
    fun <T : Any, R : Any> repeated(f: (T) -> R, next: (R) -> T): (T, Int) -> R
}

/** Functions as they are. */
object AsWritten : Style {
    override fun <T : Any, R : Any> of(f: (T) -> R): (T) -> R = f

    override fun <T : Any, R : Any> repeated(f: (T) -> R, next: (R) -> T): (T, Int) -> R = { first, times ->
        (1 until times).fold(f(first)) { result, _ -> f(next(result)) }
    }
}

/** Functions as plans. */
object AsPlan : Style {
    override fun <T : Any, R : Any> of(f: (T) -> R): (T) -> R = Ad.compile(Function(f))::apply

    override fun <T : Any, R : Any> repeated(f: (T) -> R, next: (R) -> T): (T, Int) -> R {
        val plan = Ad.compile(Function(f))
        return { first, times ->
            var left = times
            plan.iterate(first) { if (--left > 0) Optional.of(next(it)) else Optional.empty() }
        }
    }
}

/** Kotangent with compiled plans, which is how training runs by default. */
class Compiled : Work.Contender {
    override fun prepare(task: Task): Work = prepare(task, AsPlan)
}

/** Kotangent with compiled plans in place: one training step in ten is handed out. */
class InPlace : Work.Contender {
    override fun prepare(task: Task): Work = if (task is Task.OfNetwork && task.purpose() == Purpose.STEP) {
        NetworkWork(task, AsPlan, steps = 10)
    } else {
        throw IllegalArgumentException("in place: $task")
    }
}

/** Kotangent one operation at a time. */
class Eager : Work.Contender {
    override fun prepare(task: Task): Work = prepare(task, AsWritten)
}

/** Kotangent's training fold: a step with all that the DSL adds to it. */
class TrainingFold : Work.Contender {
    override fun prepare(task: Task): Work = if (task is Task.OfNetwork && task.purpose() == Purpose.STEP) {
        FoldWork(task.model())
    } else {
        throw IllegalArgumentException("the training fold: $task")
    }
}

private fun prepare(task: Task, style: Style): Work = when (task) {
    is Task.OfNetwork -> NetworkWork(task, style)
    is Task.Product -> product(task)
    is Task.Convolution -> convolution(task)
    is Task.Small -> small(task)
    is Task.Rosenbrock -> ScalarWork.of(task)
    is Task.Epoch -> Work.Measured(Digits60000::epochs)
    is Task.FirstStep -> Work.Measured(::firstStep)
    is Task.Memory -> Work.Measured(Digits60000::memory)
    is Task.Curves -> Work.Measured(::curves)
}
