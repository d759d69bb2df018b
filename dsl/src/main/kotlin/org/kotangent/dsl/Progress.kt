package org.kotangent.dsl

import java.io.PrintStream
import java.util.Locale
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * Shows how far training over [batches] is, during one walk of its states: `states.onEach(progress(batches))`.
 *
 * In a terminal it is a bar that redraws itself, ten times a second at most; it is wiped before the last state of an
 * epoch is handed on, so that a line printed then stands alone. Elsewhere it is a line every ten seconds. Standard output
 * is left to results.
 *
 * @param out where it is shown
 * @param inTerminal whether lines can be redrawn
 * @param clock what tells the time
 */
public fun progress(
    batches: Batches,
    out: PrintStream = System.err,
    inTerminal: Boolean = isInTerminal(),
    clock: TimeSource = TimeSource.Monotonic,
): (TrainState) -> Unit = Progress(batches.size, batches.perEpoch, out, inTerminal, clock)::show

private fun isInTerminal() = System.console()?.isTerminal == true && System.getenv("TERM") != "dumb"

private class Progress(
    private val total: Int,
    private val perEpoch: Int,
    private val out: PrintStream,
    private val inTerminal: Boolean,
    clock: TimeSource,
) {
    private val start = clock.markNow()
    private val pause = if (inTerminal) 100.milliseconds else 10.seconds
    private var due = pause
    private var seen = 0

    fun show(state: TrainState) {
        seen++
        val elapsed = start.elapsedNow()
        if (inTerminal && (seen % perEpoch == 0 || seen == total)) {
            out.print(WIPE)
        } else if (elapsed >= due) {
            due = elapsed + pause
            val left = elapsed * ((total - seen).toDouble() / seen)
            val text = TEXT.format(Locale.ROOT, seen, total, state.loss, left.inWholeSeconds)
            if (inTerminal) out.print("$WIPE${bar()} $text") else out.println(text)
        }
        out.flush()
    }

    private fun bar(): String {
        val done = (WIDTH.toLong() * seen / total).toInt()
        return "━".repeat(done) + "╌".repeat(WIDTH - done)
    }

    private companion object {
        const val TEXT = "%d of %d batches, loss %.4f, %d s left"
        const val WIDTH = 30
        const val WIPE = "\r\u001b[K"
    }
}
