package org.kotangent.samples.runner

import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.isRegularFile

/**
 * Compiles and runs scripts.
 *
 * @param cache the directory in which compiled scripts are kept
 * @param err where errors go: of the command line, of compilation, and what a script throws
 */
public class ScriptRunner(cache: Path, private val err: PrintStream) {
    private val cache = ScriptCache(cache)

    /** Runs [script] with [args] and returns the exit code: 0, 1 if it failed, 2 if its arguments or data are wrong. */
    public fun run(script: Path, args: List<String>): Int {
        if (!script.isRegularFile()) {
            err.println("error: there is no script $script")
            return ExitCode.USAGE
        }
        val source = ScriptSource(script)
        val compiled =
            cache.find(source) ?: when (val outcome = compile(source)) {
                is Compilation.Done -> outcome.script.also { cache.store(source, it) }

                is Compilation.Failed -> {
                    outcome.messages.forEach(err::println)
                    return ExitCode.FAILURE
                }
            }
        return when (val thrown = compiled.run(args)) {
            null -> ExitCode.SUCCESS
            else -> err.report(thrown, source.name)
        }
    }
}
