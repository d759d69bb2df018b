package org.kotangent.spec.ad

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.internal.Assembler.Condition
import org.kotangent.ad.internal.Assembler.Label
import org.kotangent.ad.internal.Assembler.Place.at
import org.kotangent.ad.internal.Assembler.Register.R10
import org.kotangent.ad.internal.Assembler.Register.R11
import org.kotangent.ad.internal.Assembler.Register.R12
import org.kotangent.ad.internal.Assembler.Register.R13
import org.kotangent.ad.internal.Assembler.Register.R8
import org.kotangent.ad.internal.Assembler.Register.R9
import org.kotangent.ad.internal.Assembler.Register.RAX
import org.kotangent.ad.internal.Assembler.Register.RBP
import org.kotangent.ad.internal.Assembler.Register.RBX
import org.kotangent.ad.internal.Assembler.Register.RCX
import org.kotangent.ad.internal.Assembler.Register.RDI
import org.kotangent.ad.internal.Assembler.Register.RDX
import org.kotangent.ad.internal.Assembler.Register.RSI
import org.kotangent.ad.internal.Assembler.Register.RSP
import org.kotangent.ad.internal.Assembler.Ymm
import org.kotangent.ad.internal.AvxAssembler
import org.kotangent.ad.internal.AvxAssembler.Vectors
import org.kotangent.ad.internal.AvxAssembler.Vectors.AVX2
import org.kotangent.ad.internal.AvxAssembler.Vectors.AVX512F
import org.kotangent.ad.internal.AvxAssembler.Vectors.AVX512VL
import org.kotangent.ad.internal.LaneAssembler
import org.kotangent.ad.internal.LaneAssembler.Comparison
import org.kotangent.ad.internal.LaneAssembler.Operation
import org.kotangent.ad.internal.LaneAssembler.Product
import org.kotangent.ad.internal.Processors
import kotlin.concurrent.thread

/** Instructions are written as the assembler of GNU binutils writes them; threads are kept off processors. */
class AssemblerSpec :
    FunSpec({
        fun bytes(wide: Boolean = false, vectors: Vectors = AVX2, write: AvxAssembler.() -> Unit): String =
            AvxAssembler(wide, vectors).apply(write).code().joinToString(" ") { "%02x".format(it) }

        test("arithmetic on vectors") {
            bytes { vfmadd231(0, 1, 2) } shouldBe "c4 e2 75 b8 c2"
            bytes(wide = true) { vfmadd231(11, 14, 13) } shouldBe "c4 42 8d b8 dd"
            bytes(vectors = AVX512F) { vfmadd231(11, 14, 13) } shouldBe "62 52 0d 48 b8 dd"
            bytes(wide = true, AVX512F) { vfmadd231(11, 24, 29) } shouldBe "62 12 bd 40 b8 dd"
            bytes(vectors = AVX512VL) { vfmadd231(20, 31, 17) } shouldBe "62 a2 05 20 b8 e1"
            bytes(wide = true, AVX512VL) { vfmadd231(3, 14, 13) } shouldBe "62 d2 8d 28 b8 dd"
            bytes { vperm2f128(8, 0, 4, 0x31) } shouldBe "c4 63 7d 06 c4 31"
            bytes { vaddpd(2, 8, 14) } shouldBe "c4 c1 3d 58 d6"
            bytes { vaddsd(0, 0, 1) } shouldBe "c4 e1 7f 58 c1"
            bytes { vzero(12) } shouldBe "c4 41 1d ef e4"
            bytes(vectors = AVX512VL) { vzero(31) } shouldBe "62 01 05 20 ef ff"
            bytes(vectors = AVX512F) { vzero(16) } shouldBe "62 a1 7d 40 ef c0"
        }

        test("vectors in memory, with every base that needs a form of its own") {
            bytes { vmovups(12, at(RDX, R11, 1)) } shouldBe "c4 21 7c 10 24 1a"
            bytes { vmovups(at(R12, 0), 3) } shouldBe "c4 c1 7c 11 1c 24"
            bytes(vectors = AVX512F) { vmovups(12, at(RBP, R11, 1)) } shouldBe "62 31 7c 48 10 64 1d 00"
            bytes { vbroadcast(14, at(RSI, 0)) } shouldBe "c4 62 7d 18 36"
            bytes(wide = true) { vbroadcast(14, at(R9, R8, 2)) } shouldBe "c4 02 7d 19 34 41"
            bytes(vectors = AVX512F) { vbroadcast(14, at(R9, R8, 2)) } shouldBe "62 12 7d 48 18 34 41"
            bytes(vectors = AVX512VL) { vmovups(29, at(RDX, R11, 1)) } shouldBe "62 21 7c 28 10 2c 1a"
            bytes(vectors = AVX512VL) { vmovups(at(R12, 0), 18) } shouldBe "62 c1 7c 28 11 14 24"
            bytes(vectors = AVX512VL) { vmovups(18, at(R13, 0x40)) } shouldBe "62 c1 7c 28 10 95 40 00 00 00"
            bytes(vectors = AVX512VL) { vbroadcast(24, at(R9, R8, 2)) } shouldBe "62 02 7d 28 18 04 41"
            bytes(wide = true, AVX512VL) { vbroadcast(24, at(RSI, 0)) } shouldBe "62 62 fd 28 19 06"
            bytes { vcvtps2pd(9, at(RDI, 0x70)) } shouldBe "c4 61 7c 5a 4f 70"
            bytes { vcvtss2sd(1, at(RDI, 0)) } shouldBe "c4 e1 76 5a 0f"
            bytes { vaddsd(10, 0, at(RSI, 0)) } shouldBe "c4 61 7f 58 16"
            bytes { vmovsd(at(RSI, 0), 10) } shouldBe "c4 61 7f 11 16"
            bytes { vmaskmov(0, 15, at(R12, 0)) } shouldBe "c4 c2 05 2c 04 24"
            bytes(wide = true) { vmaskmov(at(R13, 0), 15, 1) } shouldBe "c4 c2 05 2f 4d 00"
        }

        test("numbers of vectors one by one") {
            fun bytes(wide: Boolean = false, write: LaneAssembler.() -> Unit): String =
                LaneAssembler(wide).apply(write).code().joinToString(" ") { "%02x".format(it) }
            bytes { vop(Operation.ADD, 1, 2, Ymm(3)) } shouldBe "c4 e1 6c 58 cb"
            bytes(wide = true) { vop(Operation.SUB, 9, 2, at(R12, 0)) } shouldBe "c4 41 6d 5c 0c 24"
            bytes { vop(Operation.MUL, 9, 10, at(RSP, 0x40)) } shouldBe "c4 61 2c 59 4c 24 40"
            bytes(wide = true) { vop(Operation.DIV, 0, 15, Ymm(8)) } shouldBe "c4 c1 05 5e c0"
            bytes { vop(Operation.MIN, 4, 5, Ymm(6)) } shouldBe "c4 e1 54 5d e6"
            bytes(wide = true) { vop(Operation.MAX, 4, 5, Ymm(14)) } shouldBe "c4 c1 55 5f e6"
            bytes { vop(Operation.AND, 7, 8, at(RSP, 0x120)) } shouldBe "c4 e1 3c 54 bc 24 20 01 00 00"
            bytes(wide = true) { vop(Operation.OR, 7, 8, Ymm(1)) } shouldBe "c4 e1 3d 56 f9"
            bytes { vop(Operation.XOR, 3, 3, Ymm(13)) } shouldBe "c4 c1 64 57 dd"
            bytes { vfma(Product.FIRST_AND_LAST, 1, 9, at(RSP, 0x60)) } shouldBe "c4 e2 35 98 4c 24 60"
            bytes(wide = true) { vfma(Product.FIRST_TWO, 1, 9, Ymm(12)) } shouldBe "c4 c2 b5 a8 cc"
            bytes { vfma(Product.LAST_TWO, 11, 9, at(R13, 0)) } shouldBe "c4 42 35 b8 5d 00"
            bytes { vcmp(Comparison.LESS, 2, 3, Ymm(12)) } shouldBe "c4 c1 64 c2 d4 11"
            bytes(wide = true) { vcmp(Comparison.UNORDERED, 2, 3, Ymm(12)) } shouldBe "c4 c1 65 c2 d4 03"
            bytes { vcmp(Comparison.LESS_EQUAL, 2, 3, at(RSP, 0)) } shouldBe "c4 e1 64 c2 14 24 12"
            bytes(wide = true) { vcmp(Comparison.EQUAL, 2, 3, Ymm(2)) } shouldBe "c4 e1 65 c2 d2 00"
            bytes { vblendv(1, 2, at(RSP, 0x20), 14) } shouldBe "c4 e3 6d 4a 4c 24 20 e0"
            bytes(wide = true) { vblendv(10, 2, Ymm(9), 3) } shouldBe "c4 43 6d 4b d1 30"
            bytes { vsqrt(3, Ymm(12)) } shouldBe "c4 c1 7c 51 dc"
            bytes(wide = true) { vsqrt(3, at(RSP, 0)) } shouldBe "c4 e1 7d 51 1c 24"
            bytes { vpadd(3, 4, at(RSP, 0x20)) } shouldBe "c4 e1 5d fe 5c 24 20"
            bytes(wide = true) { vpadd(3, 4, Ymm(9)) } shouldBe "c4 c1 5d d4 d9"
            bytes { vpsub(3, 4, Ymm(9)) } shouldBe "c4 c1 5d fa d9"
            bytes(wide = true) { vpsub(13, 4, at(RSP, 0)) } shouldBe "c4 61 5d fb 2c 24"
            bytes { vpsll(3, 12, 23) } shouldBe "c4 c1 65 72 f4 17"
            bytes(wide = true) { vpsll(13, 2, 52) } shouldBe "c4 e1 15 73 f2 34"
            bytes { vpsrl(3, 2, 23) } shouldBe "c4 e1 65 72 d2 17"
            bytes(wide = true) { vpsrl(3, 12, 52) } shouldBe "c4 c1 65 73 d4 34"
            bytes { vmov(3, Ymm(12)) } shouldBe "c4 c1 7c 10 dc"
            bytes { vmov(3, at(RSP, 0x20)) } shouldBe "c4 e1 7c 10 5c 24 20"
            bytes { vcmp(Comparison.NOT_LESS, 4, 1, Ymm(3)) } shouldBe "c4 e1 74 c2 e3 1d"
            bytes { vpbroadcastd(9, at(R8, 4)) } shouldBe "c4 42 7d 58 48 04"
            bytes { vblendps(0, 0, 1, 0xcc) } shouldBe "c4 e3 7d 0c c1 cc"
            bytes { vshufps(12, 1, 9, 0x88) } shouldBe "c4 41 74 c6 e1 88"
            bytes { vpermpd(1, 12, 0xd8) } shouldBe "c4 c3 fd 01 cc d8"
            bytes { vpcmpeqd(3, 0, 9) } shouldBe "c4 c1 7d 76 d9"
            bytes { vmovsd(2, at(RCX, RBX, 2)) } shouldBe "c4 e1 7f 10 14 59"
        }

        test("general registers") {
            bytes { mov(R11, 0x123456789abcdef0) } shouldBe "49 bb f0 de bc 9a 78 56 34 12"
            bytes { add(at(RSP, 0x90), R11) } shouldBe "4c 01 9c 24 90 00 00 00"
            bytes { sub(R11, R10) } shouldBe "4d 2b da"
            bytes { and(RSP, -32) } shouldBe "48 81 e4 e0 ff ff ff"
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
