package org.kotangent.spec.dsl

import io.kotest.property.Arb
import io.kotest.property.arbitrary.arbitrary
import io.kotest.property.arbitrary.int
import org.kotangent.dsl.Sliding
import org.kotangent.dsl.Window

/** Filters with up to so large a size, stride, padding on each side and dilation, for each axis by itself. */
internal fun windows(size: Int, stride: Int, padding: Int, dilation: Int): Arb<Window> {
    val sliding = arbitrary {
        Sliding(
            Arb.int(1..size).bind(),
            Arb.int(1..stride).bind(),
            Arb.int(0..padding).bind(),
            Arb.int(0..padding).bind(),
            Arb.int(1..dilation).bind(),
        )
    }
    return arbitrary { Window(sliding.bind(), sliding.bind()) }
}
