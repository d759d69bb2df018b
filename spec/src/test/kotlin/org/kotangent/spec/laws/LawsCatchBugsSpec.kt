package org.kotangent.spec.laws

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.types.shouldBeInstanceOf

/** Laws that nothing can break would be worth nothing: each is shown a mistake that it must find. */
class LawsCatchBugsSpec :
    FunSpec({
        include("without a mistake: ", lawsOf(faultless))

        for (bug in bugs) {
            test("${bug.mistake}: caught by \"${bug.caughtBy.title}\"") {
                bug.caughtBy.violation(bug.case).shouldBeInstanceOf<AssertionError>()
            }
        }

        test("every law has a bug to catch") {
            (laws - bugs.map { it.caughtBy }.toSet()).map { it.title }.shouldBeEmpty()
        }
    })
