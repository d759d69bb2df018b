package org.kotangent.dsl

import org.kotangent.ad.TreeAdapter
import org.kotangent.ad.TreeException
import java.lang.reflect.InaccessibleObjectException
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.util.Optional

/**
 * Makes every Kotlin data class a tree, with nothing to register: its parts are the properties of the primary
 * constructor in their order, named as there. Private properties are parts as well; properties of the body are not,
 * they are computed anew.
 *
 * A class counts as one if the Kotlin compiler made it and it has `component1()` and a `copy` of all components.
 */
public class DataClassAdapter : TreeAdapter {
    override fun open(value: Any): Optional<TreeAdapter.Opened> =
        LAYOUTS.get(value.javaClass).map { layout -> layout.open(value) }

    private companion object {
        val LAYOUTS =
            object : ClassValue<Optional<DataClassLayout>>() {
                override fun computeValue(type: Class<*>) = Optional.ofNullable(DataClassLayout.of(type))
            }
    }
}

/** How instances of a data class are read and, since `copy` knows what a local class captured, made again. */
private class DataClassLayout(
    private val type: Class<*>,
    private val names: List<String>,
    private val components: List<Method>,
    private val copy: Method,
) {
    fun open(value: Any) = TreeAdapter.Opened(
        type.name,
        names,
        components.map { unwrapped { it.invoke(value) } }, // a null is reported by the tree, with its path
    ) { parts -> unwrapped { copy.invoke(value, *parts.toTypedArray()) } }

    /** Lets through what the called function throws. */
    private fun <R> unwrapped(call: () -> R): R = try {
        call()
    } catch (e: InvocationTargetException) {
        throw e.targetException
    }

    companion object {
        fun of(type: Class<*>): DataClassLayout? {
            if (!type.isAnnotationPresent(Metadata::class.java)) return null
            val components = (1..type.declaredMethods.size).mapNotNull { type.component(it) }
            val copy = type.copyOf(components) ?: return null
            try {
                (components + copy).forEach { it.isAccessible = true }
            } catch (e: InaccessibleObjectException) {
                throw inaccessible(type, e)
            }
            val fields = type.declaredFields.filterNot { Modifier.isStatic(it.modifiers) || it.isSynthetic }
            return DataClassLayout(type, fields.take(components.size).map { it.name }, components, copy)
        }

        // The names of functions that are internal or handle inline classes continue after a $ or a -.
        private fun Method.isCalled(plain: String) =
            name == plain || name.startsWith("$plain-") || name.startsWith("$plain$")

        private fun Class<*>.component(n: Int) =
            declaredMethods.find { it.isCalled("component$n") && it.parameterCount == 0 }

        private fun Class<*>.copyOf(components: List<Method>) = declaredMethods.find {
            components.isNotEmpty() && it.isCalled("copy") && !Modifier.isStatic(it.modifiers) &&
                it.parameterTypes.asList() == components.map(Method::getReturnType) && it.returnType == this
        }

        private fun inaccessible(type: Class<*>, cause: Exception) = TreeException(
            "tree: a data class must be accessible to be taken apart; got ${type.name}; " +
                "open ${type.packageName} in the module-info of ${type.module}",
        ).apply { initCause(cause) }
    }
}
