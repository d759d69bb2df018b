package org.kotangent.samples.runner

import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.IOException
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import kotlin.io.path.createDirectories
import kotlin.io.path.createTempFile
import kotlin.io.path.deleteIfExists
import kotlin.io.path.inputStream
import kotlin.io.path.isRegularFile
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.moveTo
import kotlin.io.path.name
import kotlin.io.path.outputStream

/**
 * Keeps the last compiled form of every script in [directory]. A cache that cannot be read or written costs time, never
 * the run: it is then as if it were empty.
 */
internal class ScriptCache(private val directory: Path) {
    fun find(source: ScriptSource): CompiledScript? = try {
        fileOf(source).takeIf { it.isRegularFile() }?.let(::read)
    } catch (_: IOException) {
        null
    }

    fun store(source: ScriptSource, script: CompiledScript) {
        try {
            directory.createDirectories()
            val file = fileOf(source)
            val partial = createTempFile(directory, "partial")
            try {
                write(script, partial)
                partial.moveTo(file, ATOMIC_MOVE)
            } finally {
                partial.deleteIfExists()
            }
            val older = directory.listDirectoryEntries().filter { it.name.startsWith(prefixOf(source)) && it != file }
            older.forEach { it.deleteIfExists() }
        } catch (_: IOException) {
            return
        }
    }

    private fun fileOf(source: ScriptSource) = directory.resolve("${prefixOf(source)}${source.fingerprint}.classes")

    private fun prefixOf(source: ScriptSource) = "${source.name}-${source.place}-"

    private fun read(file: Path): CompiledScript = DataInputStream(file.inputStream().buffered()).use { input ->
        val mainClass = input.readUTF()
        val classes =
            (1..input.readInt()).associate {
                val name = input.readUTF()
                name to input.readNBytes(input.readInt())
            }
        CompiledScript(mainClass, classes)
    }

    private fun write(script: CompiledScript, file: Path) {
        DataOutputStream(file.outputStream().buffered()).use { output ->
            output.writeUTF(script.mainClass)
            output.writeInt(script.classes.size)
            for ((name, bytes) in script.classes) {
                output.writeUTF(name)
                output.writeInt(bytes.size)
                output.write(bytes)
            }
        }
    }
}
