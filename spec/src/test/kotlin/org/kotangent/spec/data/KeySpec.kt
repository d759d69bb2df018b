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
import org.kotangent.ad.Core
import org.kotangent.ad.DTypeException
import org.kotangent.ad.DomainException
import org.kotangent.ad.Shape
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.ops.Key
import org.kotangent.ops.Random
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

        test("a key is its bits as integers, and prints as hexadecimal digits") {
            val key = Key(0x0123456789abcdef, -2)
            key.tensor().toInts() shouldBe intArrayOf(0x01234567, 0x89abcdef.toInt(), -1, -2)
            key.toString() shouldBe "Key[0123456789abcdeffffffffffffffffe]"
            Key(key.tensor()) shouldBe key
            Key(key.tensor()).bits(5) shouldBe key.bits(5)
        }

        test("several keys as one are the keys one by one") {
            checkAll(20, Arb.long(), Arb.int(0..9)) { seed, n ->
                val (key, numbers) = Key.of(seed) to Tensor.of(*IntArray(n) { it * it - 9 })
                rows(key.batch(n)) shouldBe key.split(n)
                rows(key.fold(numbers)) shouldBe numbers.toInts().map { key.fold(it.toLong()) }
                rows(key.batch(n).fold(numbers)) shouldBe key.split(n).zip(numbers.toInts().toList()) { k, i ->
                    k.fold(i.toLong())
                }
                rows(key.batch(n).batch(2)) shouldBe key.split(n).flatMap { it.split(2) }
            }
            Key.of(3).fold(Tensor.of(Shape.scalar(), 7)) shouldBe Key.of(3).fold(7)
            Key.of(3).batch(2).toString() shouldBe "Key[i32[2, 4]]"
        }

        test("folds one after the other may be one operation") {
            checkAll<Long, Long, Long> { seed, a, b ->
                Key.of(seed).foldAll(a, b) shouldBe Key.of(seed).fold(a).fold(b)
            }
            Key.of(1).foldAll() shouldBe Key.of(1)
        }

        test("other tensors are no keys, and several keys have no bits of one") {
            shouldThrow<ShapeException> { Key(Tensor.of(1, 2)) }.message shouldBe
                "key: the last axis must hold the 4 integers of a key; got tensor: i32[2]; " +
                "batch keys along another axis"
            shouldThrow<DTypeException> { Key(Tensor.of(1f, 2f, 3f, 4f)) }.message shouldBe
                "key: the bits of a key must be of type i32; got tensor: f32[4]; make keys by Key.of"
            shouldThrow<DTypeException> { Key.of(1).fold(Tensor.of(1.0)) }.message shouldBe
                "fold: numbers must be of type i32; got data: f64[1]; convert with to(DType.I32)"
            shouldThrow<ShapeException> { Key.of(1).batch(3).bits(0) }.message shouldBe
                "bits: needs a single key; got keys: [3]; use vmap, or draw tensors by Random"
            shouldThrow<ShapeException> { Random.permutation(Key.of(1).batch(3), 2) }.message shouldBe
                "permutation: needs a single key; got keys: [3]; use vmap, or draw tensors by Random"
        }

        test("negative counts are errors") {
            shouldThrow<DomainException> { Key.of(0).split(-1) }.message shouldBe
                "split: n must not be negative; got -1; use n ≥ 0"
            shouldThrow<DomainException> { Key.of(0).words(-2) }.message shouldBe
                "words: n must not be negative; got -2; use n ≥ 0"
        }
    })

/** The keys of a row of keys. */
private fun rows(keys: Key): List<Key> = Core.unstack(keys.tensor()).flatMap {
    if (it.rank() == 1) listOf(Key(it)) else rows(Key(it))
}
