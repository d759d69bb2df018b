package org.kotangent.spec

import java.util.concurrent.CompletableFuture
import kotlin.reflect.KProperty

/** A variable that is not seen among what a function closes over: a class of the JDK keeps it to itself. */
class Unseen<T>(first: T) {
    private val held = CompletableFuture.completedFuture(first)

    operator fun getValue(owner: Any?, property: KProperty<*>): T = held.join()

    operator fun setValue(owner: Any?, property: KProperty<*>, value: T) = held.obtrudeValue(value)
}
