package org.kotangent.samples.runner

import java.io.File
import java.nio.file.Path
import java.security.MessageDigest
import kotlin.io.path.name
import kotlin.io.path.readBytes

/** A script and everything else that its compiled form depends on. */
internal class ScriptSource(val path: Path) {
    val name: String = path.name

    private val content = path.readBytes()

    val text: String get() = content.decodeToString()

    /** Tells scripts of the same name in different places apart. */
    val place: String = hash { text(path.toAbsolutePath().normalize().toString()) }

    /** Changes with the script, the definition of scripts, the JDK and the class path. */
    val fingerprint: String =
        hash {
            bytes(content)
            text(SCRIPT_JVM_TARGET)
            DEFAULT_IMPORTS.forEach(::text)
            text(Runtime.version().toString())
            classPath.flatMap { it.walk().filter(File::isFile).sorted() }.forEach(::file)
        }

    companion object {
        private val COMPILER_JARS = listOf("kotlin-compiler-", "kotlin-daemon-", "kotlin-scripting-compiler-")

        /** The jars and directories of the running JVM, less those that only the compiler needs. */
        val classPath: List<File> =
            System
                .getProperty("java.class.path")
                .split(File.pathSeparator)
                .map(::File)
                .filterNot { entry -> COMPILER_JARS.any(entry.name::startsWith) }

        private fun hash(feed: Hash.() -> Unit): String = Hash().apply(feed).hex()
    }
}

private class Hash {
    private val digest = MessageDigest.getInstance("SHA-256")

    fun bytes(bytes: ByteArray) {
        digest.update("${bytes.size}:".toByteArray())
        digest.update(bytes)
    }

    fun text(text: String) = bytes(text.toByteArray())

    fun file(file: File) = text("${file.path} ${file.length()} ${file.lastModified()}")

    fun hex(): String = digest.digest().toHexString().take(HEX_DIGITS)

    private companion object {
        const val HEX_DIGITS = 16
    }
}
