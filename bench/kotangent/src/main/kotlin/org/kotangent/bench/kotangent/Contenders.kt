package org.kotangent.bench.kotangent

import org.kotangent.ad.Ad
import org.kotangent.bench.Task
import org.kotangent.bench.Task.Purpose
import org.kotangent.bench.Work
import java.util.function.Function

/** How a function is carried out: as it is or as a plan. */
interface Style {
    /** [f] in this style. */
    fun <T : Any, R : Any> of(f: (T) -> R): (T) -> R
}

/** Functions as they are. */
object AsWritten : Style {
    override fun <T : Any, R : Any> of(f: (T) -> R): (T) -> R = f
}

/** Functions as plans. */
object AsPlan : Style {
    override fun <T : Any, R : Any> of(f: (T) -> R): (T) -> R = Ad.compile(Function(f))::apply
}

/** Kotangent with compiled plans, which is how training runs by default. */
class Compiled : Work.Contender {
    override fun prepare(task: Task): Work = prepare(task, AsPlan)
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
