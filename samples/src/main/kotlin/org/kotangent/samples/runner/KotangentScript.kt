package org.kotangent.samples.runner

import kotlin.script.experimental.annotations.KotlinScript
import kotlin.script.experimental.api.ScriptAcceptedLocation
import kotlin.script.experimental.api.ScriptCompilationConfiguration
import kotlin.script.experimental.api.acceptedLocations
import kotlin.script.experimental.api.compilerOptions
import kotlin.script.experimental.api.defaultImports
import kotlin.script.experimental.api.ide
import kotlin.script.experimental.jvm.dependenciesFromClassContext
import kotlin.script.experimental.jvm.jvm

/**
 * What every Kotangent script is: top-level statements that see the common API without imports, and their command line.
 *
 * @property args what followed the script's name on the command line
 */
@KotlinScript(
    displayName = "Kotangent script",
    fileExtension = "kts",
    compilationConfiguration = KotangentScriptDefinition::class,
)
public abstract class KotangentScript(public val args: Array<String>)

/** How a [KotangentScript] is compiled, by the runner and in an IDE. */
public object KotangentScriptDefinition : ScriptCompilationConfiguration({
    defaultImports(DEFAULT_IMPORTS)
    compilerOptions("-jvm-target", SCRIPT_JVM_TARGET)
    jvm {
        dependenciesFromClassContext(KotangentScript::class, wholeClasspath = true)
    }
    ide {
        acceptedLocations(ScriptAcceptedLocation.Everywhere)
    }
}) {
    private fun readResolve(): Any = KotangentScriptDefinition
}

internal const val SCRIPT_JVM_TARGET = "25"

// Not of Loss and Reduce: softmaxCrossEntropy is the mean that dsl calls so, and max(x, 0) compares elements.
internal val DEFAULT_IMPORTS =
    listOf(
        "org.kotangent.ad.*",
        "org.kotangent.ad.scalar.*",
        "org.kotangent.ops.*",
        "org.kotangent.ops.Elementary.*",
        "org.kotangent.ops.Linalg.*",
        "org.kotangent.ops.Nn.*",
        "org.kotangent.ops.Shapes.*",
        "org.kotangent.dsl.*",
        "org.kotangent.samples.Options",
        "org.kotangent.samples.runner.UsageError",
        "kotlin.math.*",
        "kotlin.system.exitProcess",
    )
