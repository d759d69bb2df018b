package org.kotangent.spec.data

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.doubles.plusOrMinus
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.property.Arb
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.long
import io.kotest.property.checkAll
import org.kotangent.ad.DomainException
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.ops.Key
import java.util.stream.LongStream

class KeySpec :
    FunSpec({
        test("the stream of seed 0 begins with the published block of zeros") {
            Key.of(0).bits(0).toULong() shouldBe 0xc2b6e3a8c2c69865UL
            Key.of(0).bits(1).toULong() shouldBe 0x6f81ed42f350084dUL
        }

        test("children and folds are the same on every machine") {
            // computed by another program from the definitions
            Key.of(1).split().first() shouldBe Key(-6339778531602433543, 4421935520014929630)
            Key.of(1).fold(7) shouldBe Key(4819938671166840235, -7636403518823895518)
        }

        test("equal seeds give equal keys, other seeds other keys") {
            checkAll<Long, Long> { a, b ->
                Key.of(a) shouldBe Key.of(a)
                Key.of(a).hashCode() shouldBe Key.of(a).hashCode()
                (Key.of(a) == Key.of(b)) shouldBe (a == b)
            }
        }

        test("children do not depend on how many are asked for") {
            checkAll(Arb.long(), Arb.int(0..20)) { seed, n ->
                val key = Key.of(seed)
                key.split(n) shouldBe key.split(30).take(n)
                val (first, second) = key.split()
                listOf(first, second) shouldBe key.split(2)
            }
        }

        test("words are the bits at their counters, alone or many at once, in any order and on any thread") {
            checkAll(Arb.long(), Arb.int(0..65)) { seed, n ->
                val key = Key.of(seed)
                key.words(n).toList() shouldBe List(n) { key.bits(it.toLong()) }
            }
            val key = Key.of(7)
            val parallel = LongStream.range(0, 10_000).parallel().map(key::bits).toArray()
            parallel.toList() shouldBe (9_999L downTo 0).map(key::bits).reversed()
        }

        test("far and negative counters have bits of their own") {
            val key = Key.of(3)
            val counters = listOf(0L, 1L, 2L, 1L shl 32, Long.MAX_VALUE, Long.MIN_VALUE, -1L)
            counters.map(key::bits).toSet().size shouldBe counters.size
        }

        test("a key, its children, its folds and their streams are all different") {
            val key = Key.of(11)
            val keys = listOf(key) + key.split(1_000) + (-500L..500L).map(key::fold) + key.fold(0).split(1_000)
            keys.toSet().size shouldBe keys.size
            keys.map { it.bits(0) }.toSet().size shouldBe keys.size
            key.fold(0) shouldNotBe key.split(1).single()
        }

        test("changing one bit of the seed, the counter or the fold changes half of the bits") {
            fun changed(bits: (Long) -> Long) = (0 until 64).flatMap { bit ->
                (0L until 200).map { (bits(it) xor bits(it xor (1L shl bit))).countOneBits() }
            }.average()
            changed { Key.of(it).bits(0) } shouldBe (32.0 plusOrMinus 0.2)
            changed { Key.of(5).bits(it) } shouldBe (32.0 plusOrMinus 0.2)
            changed { Key.of(5).fold(it).bits(0) } shouldBe (32.0 plusOrMinus 0.2)
        }

        test("negative counts are errors") {
            shouldThrow<DomainException> { Key.of(0).split(-1) }.message shouldBe
                "split: n must not be negative; got -1; use n ≥ 0"
            shouldThrow<DomainException> { Key.of(0).words(-2) }.message shouldBe
                "words: n must not be negative; got -2; use n ≥ 0"
        }
    })
