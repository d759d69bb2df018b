package org.kotangent.samples.runner

import java.lang.reflect.InvocationTargetException

/** The classes of a compiled script by their file name, and the name of the one whose constructor is the script. */
internal class CompiledScript(val mainClass: String, val classes: Map<String, ByteArray>) {
    /** Runs the script and returns what it threw, or null. */
    fun run(args: List<String>): Throwable? {
        val loader = ScriptClassLoader(classes)
        val script = loader.loadClass(mainClass).getConstructor(Array<String>::class.java)
        val thread = Thread.currentThread()
        val previous = thread.contextClassLoader
        thread.contextClassLoader = loader
        return try {
            script.newInstance(args.toTypedArray())
            null
        } catch (thrown: InvocationTargetException) {
            thrown.targetException
        } finally {
            thread.contextClassLoader = previous
        }
    }
}

private class ScriptClassLoader(private val classes: Map<String, ByteArray>) :
    ClassLoader(CompiledScript::class.java.classLoader) {
    override fun findClass(name: String): Class<*> {
        val bytes = classes[name.replace('.', '/') + ".class"] ?: throw ClassNotFoundException(name)
        return defineClass(name, bytes, 0, bytes.size)
    }
}
