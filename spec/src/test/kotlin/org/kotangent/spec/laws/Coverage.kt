package org.kotangent.spec.laws

import org.kotangent.ad.Primitive
import org.kotangent.ad.Tensor
import java.lang.module.ModuleFinder
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type
import java.lang.reflect.WildcardType
import java.nio.file.Path

/** The public classes of a package; see [classesBeside]. */
fun publicClassesBeside(type: Class<*>): List<Class<*>> = classesBeside(type).filter { Modifier.isPublic(it.modifiers) }

/** The classes of a package, found where the given class came from, be it a directory or a jar. */
fun classesBeside(type: Class<*>): List<Class<*>> {
    val home = Path.of(type.protectionDomain.codeSource.location.toURI())
    val prefix = type.packageName.replace('.', '/') + "/"
    ModuleFinder.of(home).findAll().single().open().use { reader ->
        return reader
            .list()
            .filter { it.startsWith(prefix) && it.endsWith(".class") && '/' !in it.removePrefix(prefix) }
            .map { it.removeSuffix(".class").replace('/', '.') }
            .toList()
            .map { Class.forName(it, false, type.classLoader) }
    }
}

/**
 * The names `Facade.method` of all public methods that make tensors out of tensors: static ones, and those of records
 * that are tensors themselves.
 */
fun operationsOf(facades: List<Class<*>>): Set<String> = facades
    .flatMap { type -> type.declaredMethods.toList() - type.recordComponents.orEmpty().map { it.accessor }.toSet() }
    .filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic }
    .filter { takesTensors(it) && givesTensors(it) }
    .map { "${it.declaringClass.simpleName}.${it.name}" }
    .toSortedSet()

/** The operations among the classes that have no batching rule and are applied to one element after another. */
fun withoutBatchingRule(classes: List<Class<*>>): List<Class<*>> = classes
    .filter { Primitive::class.java.isAssignableFrom(it) && !Modifier.isAbstract(it.modifiers) }
    .filter { type -> type.methods.single { it.name == "batch" }.declaringClass == Primitive::class.java }

private fun takesTensors(method: Method): Boolean = if (Modifier.isStatic(method.modifiers)) {
    method.genericParameterTypes.any(::holdsTensors)
} else {
    holdsTensors(method.declaringClass)
}

private fun givesTensors(method: Method): Boolean = holdsTensors(method.genericReturnType)

/** A tensor, an array of tensors, a record with a tensor, or anything generic over them. */
private fun holdsTensors(type: Type): Boolean = when (type) {
    is ParameterizedType -> type.actualTypeArguments.any(::holdsTensors)

    is WildcardType -> type.upperBounds.any(::holdsTensors)

    is Class<*> ->
        type == Tensor::class.java || type.componentType == Tensor::class.java ||
            type.recordComponents.orEmpty().any { holdsTensors(it.genericType) }

    else -> false
}
