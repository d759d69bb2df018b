package org.kotangent.samples.runner

import kotlin.script.experimental.api.ResultWithDiagnostics
import kotlin.script.experimental.api.ScriptDiagnostic
import kotlin.script.experimental.api.isError
import kotlin.script.experimental.host.toScriptSource
import kotlin.script.experimental.jvm.impl.KJvmCompiledModuleInMemory
import kotlin.script.experimental.jvm.impl.KJvmCompiledScript
import kotlin.script.experimental.jvm.updateClasspath
import kotlin.script.experimental.jvmhost.BasicJvmScriptingHost
import kotlin.script.experimental.jvmhost.createJvmCompilationConfigurationFromTemplate

/** What came of compiling a script. */
internal sealed interface Compilation {
    class Done(val script: CompiledScript) : Compilation

    /** @property messages what is wrong, each with file, line and column where they are known */
    class Failed(val messages: List<String>) : Compilation
}

internal fun compile(source: ScriptSource): Compilation {
    val configuration =
        createJvmCompilationConfigurationFromTemplate<KotangentScript> { updateClasspath(ScriptSource.classPath) }
    val script = source.text.toScriptSource(source.name)
    val host = BasicJvmScriptingHost()
    return when (val result = host.runInCoroutineContext { host.compiler(script, configuration) }) {
        is ResultWithDiagnostics.Failure ->
            Compilation.Failed(result.reports.filter { it.isError() }.map { it.render(source) })

        is ResultWithDiagnostics.Success -> Compilation.Done((result.value as KJvmCompiledScript).inMemory())
    }
}

private fun KJvmCompiledScript.inMemory() =
    CompiledScript(scriptClassFQName, (getCompiledModule() as KJvmCompiledModuleInMemory).compilerOutputFiles)

private fun ScriptDiagnostic.render(source: ScriptSource): String = when (val start = location?.start) {
    null -> "${source.path}: $message"
    else -> "${source.path}:${start.line}:${start.col}: $message"
}
