package org.kotangent.spec.laws

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Core
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.Tensor
import org.kotangent.ops.Elementary

/** An operation is not finished before the laws have been put to it. */
class CoverageSpec :
    FunSpec({
        val operations = operationsOf(publicClassesBeside(Elementary::class.java) + Core::class.java)
        val covered = (allCases + plainCases).map { it.name }.toSet() + conversions

        test("every operation has a case") {
            (operations - covered).shouldBeEmpty()
        }

        test("every function of the core has a case") {
            (ScalarOp.entries.map { "ScalarOp.${it.name}" } - covered).shouldBeEmpty()
        }

        test("every case is one of an operation that exists") {
            (covered.filterNot { it.startsWith("ScalarOp.") } - operations).shouldBeEmpty()
        }

        test("no two cases have the same title") {
            allCases.groupBy { it.title }.filterValues { it.size > 1 }.keys.shouldBeEmpty()
        }

        test("every operation of the library has a batching rule") {
            val classes = classesBeside(Core::class.java) + classesBeside(Elementary::class.java)
            withoutBatchingRule(classes).shouldBeEmpty()
            withoutBatchingRule(listOf(MatrixProduct::class.java, Exponential::class.java)) shouldBe
                listOf(MatrixProduct::class.java)
        }

        test("operations are found by what they take and give") {
            operations shouldContainAll
                listOf("Elementary.exp", "Nn.batchNorm", "Core.sum", "Random.normal", "Key.fold")
            operationsOf(listOf(Uncovered::class.java)) shouldBe setOf("Uncovered.operation", "Uncovered.several")
        }
    })

/** Stands for a facade somebody has added to. */
private object Uncovered {
    @JvmStatic fun operation(x: Tensor, times: Int): Tensor = x.times(times.toDouble())

    @JvmStatic fun several(x: List<Tensor>): List<Tensor> = x

    @JvmStatic fun size(x: Tensor): Int = x.size()

    @JvmStatic fun make(n: Int): Tensor = Tensor.scalar(n.toDouble())
}
