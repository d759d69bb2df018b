package org.kotangent.ops

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe

/** Known answers of the block function, from the file `kat_vectors` of Random123, the paper's reference implementation. */
class ThreefrySpec :
    FunSpec({
        // counter, key, answer: two words each
        val answers =
            listOf(
                listOf("0", "0", "0", "0", "c2b6e3a8c2c69865", "6f81ed42f350084d"),
                List(4) { "ffffffffffffffff" } + listOf("e02cb7c4d95d277a", "d06633d0893b8b68"),
                listOf("243f6a8885a308d3", "13198a2e03707344", "a4093822299f31d0", "082efa98ec4e6c89") +
                    listOf("263c7d30bb0f0af1", "56be8361d3311526"),
            ).map { row -> row.map { it.toULong(16).toLong() } }

        test("the block function gives the published answers") {
            for (row in answers) {
                val out = LongArray(3)
                Threefry.block(row[2], row[3], row[0], row[1], out, 1)
                out.toList() shouldBe listOf(0L) + row.takeLast(2)
            }
        }
    })
