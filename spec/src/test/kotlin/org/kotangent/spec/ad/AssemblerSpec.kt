package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.internal.Assembler
import org.kotangent.ad.internal.Assembler.Condition
import org.kotangent.ad.internal.Assembler.Label
import org.kotangent.ad.internal.Assembler.Place.at
import org.kotangent.ad.internal.Assembler.Register.R11
import org.kotangent.ad.internal.Assembler.Register.R12
import org.kotangent.ad.internal.Assembler.Register.R13
import org.kotangent.ad.internal.Assembler.Register.R8
import org.kotangent.ad.internal.Assembler.Register.R9
import org.kotangent.ad.internal.Assembler.Register.RAX
import org.kotangent.ad.internal.Assembler.Register.RBP
import org.kotangent.ad.internal.Assembler.Register.RDI
import org.kotangent.ad.internal.Assembler.Register.RDX
import org.kotangent.ad.internal.Assembler.Register.RSI
import org.kotangent.ad.internal.Assembler.Register.RSP
import org.kotangent.ad.internal.Processors
import kotlin.concurrent.thread

/** Instructions are written as the assembler of GNU binutils writes them; threads are kept off processors. */
class AssemblerSpec :
    FunSpec({
        fun bytes(wide: Boolean = false, large: Boolean = false, write: Assembler.() -> Unit): String =
            Assembler(wide, large).apply(write).code().joinToString(" ") { "%02x".format(it) }

        test("arithmetic on vectors") {
            bytes { vfmadd231(0, 1, 2) } shouldBe "c4 e2 75 b8 c2"
            bytes(wide = true) { vfmadd231(11, 14, 13) } shouldBe "c4 42 8d b8 dd"
            bytes(large = true) { vfmadd231(11, 14, 13) } shouldBe "62 52 0d 48 b8 dd"
            bytes { vperm2f128(8, 0, 4, 0x31) } shouldBe "c4 63 7d 06 c4 31"
        }

        test("vectors in memory, with every base that needs a form of its own") {
            bytes { vmovups(12, at(RDX, R11, 1)) } shouldBe "c4 21 7c 10 24 1a"
            bytes { vmovups(at(R12, 0), 3) } shouldBe "c4 c1 7c 11 1c 24"
            bytes(large = true) { vmovups(12, at(RBP, R11, 1)) } shouldBe "62 31 7c 48 10 64 1d 00"
            bytes { vbroadcast(14, at(RSI, 0)) } shouldBe "c4 62 7d 18 36"
            bytes(wide = true) { vbroadcast(14, at(R9, R8, 2)) } shouldBe "c4 02 7d 19 34 41"
            bytes(large = true) { vbroadcast(14, at(R9, R8, 2)) } shouldBe "62 12 7d 48 18 34 41"
            bytes { vmaskmov(0, 15, at(R12, 0)) } shouldBe "c4 c2 05 2c 04 24"
            bytes(wide = true) { vmaskmov(at(R13, 0), 15, 1) } shouldBe "c4 c2 05 2f 4d 00"
        }

        test("general registers") {
            bytes { movsxd(R12, at(R12, RAX, 4).plus(8)) } shouldBe "4d 63 64 84 08"
            bytes { lea(R13, at(R13, R12, 4)) } shouldBe "4f 8d 6c a5 00"
            bytes { mov(RAX, at(RSP, 0x90)) } shouldBe "48 8b 84 24 90 00 00 00"
            bytes { imul(RAX, R9) } shouldBe "49 0f af c1"
            bytes { cmp32(RAX, at(RDI, 16)) } shouldBe "3b 47 10"
            bytes { add(RAX, 6) } shouldBe "48 81 c0 06 00 00 00"
            bytes { shl(R8, 2) } shouldBe "49 c1 e0 02"
        }

        test("jumps, forwards and back") {
            val there = Label()
            bytes {
                val here = Label()
                bind(here)
                jump(Condition.LESS, there)
                jmp(here)
                bind(there)
                ret()
            } shouldBe "0f 8c 05 00 00 00 e9 f5 ff ff ff c3"
        }

        test("a thread is kept off a processor, if there is another").config(
            enabled = Processors.current() != Processors.UNKNOWN && Runtime.getRuntime().availableProcessors() > 1,
        ) {
            var before = Processors.UNKNOWN
            var after = Processors.UNKNOWN
            thread {
                before = Processors.current()
                Processors.keepOff(Processors.thread(), before)
                after = Processors.current()
            }.join()
            before shouldNotBe Processors.UNKNOWN
            after shouldNotBe before
        }
    })
