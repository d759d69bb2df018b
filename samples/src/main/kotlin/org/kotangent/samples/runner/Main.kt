@file:JvmName("Main")

package org.kotangent.samples.runner

import java.nio.file.Path
import kotlin.system.exitProcess

/**
 * Runs the script that is the first argument with the other arguments and ends with its exit code. The launcher calls
 * this; `kotangent.root` is the checkout, in which compiled scripts are kept.
 */
public fun main(args: Array<String>) {
    if (args.isEmpty()) {
        System.err.println("error: the first argument must be the script to run")
        exitProcess(ExitCode.USAGE)
    }
    val home = System.getProperty("kotangent.root") ?: System.getProperty("user.home")
    val runner = ScriptRunner(Path.of(home, ".kotangent", "scripts"), System.err)
    exitProcess(runner.run(Path.of(args.first()), args.drop(1)))
}
