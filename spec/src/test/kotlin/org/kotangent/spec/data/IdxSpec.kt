package org.kotangent.spec.data

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import io.kotest.property.Arb
import io.kotest.property.arbitrary.enum
import io.kotest.property.arbitrary.int
import io.kotest.property.arbitrary.list
import io.kotest.property.checkAll
import org.kotangent.ad.DType
import org.kotangent.ad.Shape
import org.kotangent.dsl.DataException
import org.kotangent.dsl.IdxType
import org.kotangent.dsl.readIdx
import java.nio.ByteBuffer
import java.nio.file.Path
import kotlin.random.Random

class IdxSpec :
    FunSpec({
        val directory = tempdir().toPath()
        val codes =
            mapOf(
                IdxType.U8 to 0x08,
                IdxType.I8 to 0x09,
                IdxType.I16 to 0x0B,
                IdxType.I32 to 0x0C,
                IdxType.F32 to 0x0D,
                IdxType.F64 to 0x0E,
            )

        fun width(type: IdxType) = when (type) {
            IdxType.U8, IdxType.I8 -> 1
            IdxType.I16 -> 2
            IdxType.I32, IdxType.F32 -> 4
            IdxType.F64 -> 8
        }

        fun message(name: String, bytes: ByteArray): String {
            val file = directory.holding(name, bytes)
            val message = shouldThrow<DataException> { readIdx(file) }.message!!
            message shouldNotContain "\n"
            message shouldStartWith "$file: "
            return message.removePrefix("$file: ")
        }

        test("every element type, one to four dimensions, plain and gzip") {
            checkAll(200, Arb.enum<IdxType>(), Arb.list(Arb.int(0..4), 1..4), Arb.int()) { type, sizes, seed ->
                val count = sizes.reduce(Int::times)
                val numbers = Random(seed).nextBytes(count * width(type))
                val bytes = idx(codes.getValue(type), sizes, numbers)
                val plain = readIdx(directory.holding("any", bytes))
                plain.type shouldBe type
                plain.shape shouldBe Shape.of(*sizes.toIntArray())
                val buffer = ByteBuffer.wrap(numbers)
                val tensor = plain.toTensor()
                tensor.shape() shouldBe plain.shape
                when (type) {
                    IdxType.U8 -> tensor.toInts() shouldBe IntArray(count) { numbers[it].toUByte().toInt() }

                    IdxType.I8 -> tensor.toInts() shouldBe IntArray(count) { numbers[it].toInt() }

                    IdxType.I16 -> tensor.toInts() shouldBe IntArray(count) { buffer.short.toInt() }

                    IdxType.I32 -> tensor.toInts() shouldBe IntArray(count) { buffer.int }

                    IdxType.F32 -> tensor.toFloats().map(Float::toBits) shouldBe List(count) { buffer.float.toBits() }

                    IdxType.F64 -> tensor.toDoubles().map(Double::toBits) shouldBe
                        List(count) { buffer.double.toBits() }
                }
                val packed = readIdx(directory.holding("packed", gzip(bytes)))
                packed.toTensor().contentEquals(tensor) shouldBe true
                "$packed" shouldBe "$plain"
            }
        }

        test("gzip is told by content, not by name") {
            val bytes = idx(3) { it }
            readIdx(directory.holding("plain.gz", bytes)).toTensor().toInts() shouldBe intArrayOf(0, 1, 2)
            readIdx(directory.holding("packed", gzip(bytes))).toTensor().toInts() shouldBe intArrayOf(0, 1, 2)
        }

        test("integers become I32 and floats stay what they are") {
            readIdx(directory.holding("i", idx(2) { 255 })).toTensor().dtype() shouldBe DType.I32
            readIdx(directory.holding("f", idx(0x0D, listOf(1), ByteArray(4)))).toTensor().dtype() shouldBe DType.F32
            readIdx(directory.holding("d", idx(0x0E, listOf(1), ByteArray(8)))).toTensor().dtype() shouldBe DType.F64
        }

        test("a missing file") {
            val file = directory.resolve("nowhere")
            shouldThrow<DataException> { readIdx(file) }.message shouldBe
                "$file: must be an IDX file; got no such file; check the path"
        }

        test("a directory") {
            shouldThrow<DataException> { readIdx(directory) }.message shouldBe
                "$directory: must be an IDX file; got a directory; name a file in it"
        }

        test("files that end too early") {
            val bytes = idx(2, 3, 4) { it }
            message("empty", ByteArray(0)) shouldBe
                "must hold 4 bytes for the magic number of an IDX file; got 0; it is truncated, download it again"
            message("header", bytes.copyOf(9)) shouldBe
                "must hold 16 bytes for the header of 3 sizes; got 9; it is truncated, download it again"
            message("body", bytes.copyOf(30)) shouldBe
                "must hold 40 bytes for u8[2, 3, 4]; got 30; it is truncated, download it again"
            message("unpacked", gzip(bytes.copyOf(30))) shouldBe
                "must hold 40 bytes after decompression for u8[2, 3, 4]; got 30; it is truncated, download it again"
        }

        test("a gzip file cut off in its data, says how far it went") {
            val numbers = idx(100, 100) { it * it * 7919 ushr 5 }
            val packed = gzip(numbers)
            val text = message("cut.gz", packed.copyOf(packed.size / 2))
            val got =
                Regex(
                    "must hold 10012 bytes after decompression for u8\\[100, 100]; got (\\d+); it is truncated, download it again",
                )
            (got.matchEntire(text)!!.groupValues[1].toInt() in 1..10_011) shouldBe true
        }

        test("a gzip file cut off in its frame") {
            val packed = gzip(idx(3) { it })
            message("head.gz", packed.copyOf(5)) shouldBe
                "must be sound gzip data; got an end within its frame; download it again"
            message("tail.gz", packed.copyOf(packed.size - 3)) shouldBe
                "must be sound gzip data; got an end within its frame; download it again"
        }

        test("gzip data with a wrong check sum") {
            val packed = gzip(idx(3) { it })
            packed[packed.size - 6] = (packed[packed.size - 6] + 1).toByte()
            message("sum.gz", packed) shouldBe "must be sound gzip data; got Corrupt GZIP trailer; download it again"
        }

        test("bytes after the last number") {
            message("long", idx(2, 2) { 0 } + byteArrayOf(1, 2, 3)) shouldBe
                "must end after 16 bytes for u8[2, 2]; got 3 more; check that it is the right file"
            message("long.gz", gzip(idx(5) { 0 } + byteArrayOf(9))) shouldBe
                "must end after 13 bytes after decompression for u8[5]; got 1 more; check that it is the right file"
        }

        test("files of other kinds") {
            val rule = "must start with the magic number of an IDX file: 00 00, a type and the number of dimensions"
            val remedy = "give an IDX file, plain or gzip"
            message("page", "<!DOCTYPE html>".toByteArray()) shouldBe "$rule; got 3c 21 44 4f; $remedy"
            message("page.gz", gzip("<!DOCTYPE html>".toByteArray())) shouldBe
                "$rule; got 3c 21 44 4f after decompression; $remedy"
            message("type", idx(0x0A, listOf(1), byteArrayOf(0))) shouldBe "$rule; got 00 00 0a 01; $remedy"
            message("rank", byteArrayOf(0, 0, 8, 0)) shouldBe "$rule; got 00 00 08 00; $remedy"
        }

        test("headers that ask for the moon") {
            message("moon", idx(0x08, listOf(1 shl 20, 1 shl 20), ByteArray(9))) shouldBe
                "must announce sizes of at most 2³¹−1 bytes; got u8[1048576, 1048576]; check that it is the right file"
            message("minus", idx(0x08, listOf(-1, 0), ByteArray(0))) shouldBe
                "must announce sizes of at most 2³¹−1 bytes; got u8[-1, 0]; check that it is the right file"
            message("mars", idx(0x0E, listOf(1 shl 24), ByteArray(9))) shouldBe
                "must hold 134217736 bytes for f64[16777216]; got 17; it is truncated, download it again"
            val packed = gzip(idx(0x08, listOf(1 shl 30), ByteArray(9)))
            message("mars.gz", packed) shouldBe "must hold 1073741832 bytes after decompression for u8[1073741824]; " +
                "got at most ${packed.size * 1032}; it is truncated, download it again"
        }

        test("whatever is wrong with a file, it is one line about that file") {
            val sound = idx(4, 5, 6) { it * 31 }
            checkAll(500, Arb.int(0..1), Arb.int(0..400), Arb.int(1..255)) { packed, at, change ->
                val bytes = if (packed == 1) gzip(sound) else sound
                val damaged = bytes.clone()
                damaged[at % bytes.size] = (damaged[at % bytes.size].toInt() xor change).toByte()
                for (candidate in listOf(damaged, bytes.copyOf(at % bytes.size))) {
                    val file: Path = directory.holding("damaged", candidate)
                    runCatching { readIdx(file) }.onFailure {
                        (it is DataException) shouldBe true
                        it.message!! shouldNotContain "\n"
                        it.message!! shouldStartWith "$file: "
                    }
                }
            }
        }
    })
