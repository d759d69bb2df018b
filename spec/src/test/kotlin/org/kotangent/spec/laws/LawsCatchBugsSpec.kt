package org.kotangent.spec.laws

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.types.shouldBeInstanceOf
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor

/** Laws that nothing can break would be worth nothing: each is shown a mistake that it must find. */
class LawsCatchBugsSpec :
    FunSpec({
        include("without a mistake: ", lawsOf(faultless))

        for (bug in bugs) {
            test("${bug.mistake}: caught by \"${bug.caughtBy.title}\"") {
                bug.caughtBy.violation(bug.case).shouldBeInstanceOf<AssertionError>()
            }
        }

        test("a differentiable operation that is declared as plain is found out") {
            val floor = Problem(listOf(Tensor.of(1.5))) { (x) -> listOf(ScalarOp.FLOOR.primitive().apply(x)) }
            shouldThrow<AssertionError> { requirePlain(floor) }
        }

        test("every law has a bug to catch") {
            (laws + lawsWithoutNumbers - bugs.map { it.caughtBy }.toSet()).map { it.title }.shouldBeEmpty()
        }
    })
