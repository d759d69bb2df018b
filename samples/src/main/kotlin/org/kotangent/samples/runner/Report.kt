package org.kotangent.samples.runner

import org.kotangent.dsl.DataException
import java.io.PrintStream

/** What the launcher ends with; `./kotangent help` documents it. */
internal object ExitCode {
    const val SUCCESS = 0
    const val FAILURE = 1
    const val USAGE = 2
}

/** Prints what [thrown] says to a user of the script [name] and returns the exit code. */
internal fun PrintStream.report(thrown: Throwable, name: String): Int {
    if (isWrongInput(thrown)) {
        println("error: ${thrown.message}")
        return ExitCode.USAGE
    }
    println("error: ${describe(thrown)}")
    generateSequence(thrown.cause) { it.cause }.forEach { println("  because of ${describe(it)}") }
    framesOf(thrown, name).forEach { println("    at $it") }
    return ExitCode.FAILURE
}

/** True if the message alone tells the caller of a script what to change. */
private fun isWrongInput(thrown: Throwable): Boolean = thrown is UsageError || thrown is DataException

private fun describe(thrown: Throwable): String =
    thrown.message?.let { "${thrown.javaClass.simpleName}: $it" } ?: thrown.javaClass.name

/** The lines of the script that were being executed, innermost first. */
private fun framesOf(thrown: Throwable, name: String): List<String> = thrown.stackTrace
    .filter { it.fileName == name }
    .map { "$name:${it.lineNumber}" }
    .distinct()
