package io.kotest.provided

import io.kotest.core.config.AbstractProjectConfig
import io.kotest.property.PropertyTesting
import org.kotangent.spec.seed

/**
 * What holds for every spec; Kotest looks for it in this place. Every run draws the same numbers, see [seed], and nothing
 * that an earlier run left in the home directory changes them.
 */
class ProjectConfig : AbstractProjectConfig() {
    override suspend fun beforeProject() {
        PropertyTesting.defaultSeed = seed
        PropertyTesting.writeFailedSeed = false
    }
}
