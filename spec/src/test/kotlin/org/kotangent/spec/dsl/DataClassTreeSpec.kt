package org.kotangent.spec.dsl

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import org.kotangent.ad.Tensor
import org.kotangent.ad.Tree
import org.kotangent.ad.TreeException
import org.kotangent.ad.Trees
import org.kotangent.dsl.grad
import org.kotangent.dsl.hvp
import org.kotangent.dsl.jvp
import org.kotangent.dsl.minus
import org.kotangent.dsl.times
import org.kotangent.ops.Elementary.square

/** A user's own data class is a tree as it is, wherever it is declared. */
class DataClassTreeSpec :
    FunSpec({
        val line = Line(slope = Tensor.scalar(2.0), offset = Tensor.scalar(3.0))

        fun loss(l: Line) = square(l.slope * 5 + l.offset - 1)

        test("the gradient of a function of a data class is a data class") {
            val slope: Line = grad(line, ::loss)
            slope.slope.item() shouldBe 120.0 // 2·(5·2 + 3 − 1)·5
            slope.offset.item() shouldBe 24.0
        }

        test("forward mode and Hessian products take data classes as well") {
            val direction = Line(Tensor.scalar(1.0), Tensor.scalar(-1.0))
            jvp(line, direction) { loss(it) }.tangent().item() shouldBe 96.0 // 120 − 24
            val product = hvp(line, direction) { loss(it) }
            product.slope.item() shouldBe 40.0 // 2·5·(5·1 − 1)
            product.offset.item() shouldBe 8.0
        }

        test("paths are the names of the properties, in the constructor's order, through any nesting") {
            val model = Model("two lines", listOf(line, line), mapOf("scale" to Tensor.scalar(1.0)), line to 7)
            Tree.of(model).paths() shouldContainExactly
                listOf(
                    "lines[0].slope",
                    "lines[0].offset",
                    "lines[1].slope",
                    "lines[1].offset",
                    "extra.scale",
                    "pair.first.slope",
                    "pair.first.offset",
                )
            val doubled = Trees.times(model, 2.0)
            doubled.title shouldBe "two lines"
            doubled.pair.second shouldBe 7
            doubled.lines[1].offset.item() shouldBe 6.0
        }

        test("private and internal properties are parts, those of the body are computed anew") {
            val area = Area(Tensor.scalar(2.0), Tensor.scalar(3.0))
            Tree.of(area).paths() shouldContainExactly listOf("width", "height")
            Trees.times(area, 2.0).size.item() shouldBe 24.0
        }

        test("a private constructor does not matter") {
            Trees.times(Hidden.of(2.0), 3.0).value.item() shouldBe 6.0
        }

        test("properties of inline classes are structure") {
            val measured = Measured(Tensor.scalar(2.0), Unit("m"))
            Trees.times(measured, 3.0) shouldBeLike Measured(Tensor.scalar(6.0), Unit("m"))
            shouldThrow<TreeException> { Trees.plus(measured, Measured(Tensor.scalar(2.0), Unit("s"))) }
                .message shouldContain "at unit: m and s"
        }

        test("a class declared in a function may use what it captures") {
            val factor = 10.0

            data class Scaled(val x: Tensor) {
                fun value() = x * factor
            }
            grad(Scaled(Tensor.scalar(1.0))) { it.value() }.x.item() shouldBe 10.0
        }

        test("what the constructor throws reaches the caller") {
            shouldThrow<IllegalArgumentException> { Trees.times(Positive(Tensor.scalar(1.0)), -1.0) }
                .message shouldBe "must be positive"
        }

        test("a null part is named by its path") {
            shouldThrow<TreeException> { Tree.of(mapOf("a" to Optional(Tensor.scalar(1.0), null))) }
                .message shouldContain "a.second: parts must not be null"
        }

        test("other classes stay whole") {
            Tree.of(mapOf("plain" to Plain(Tensor.scalar(1.0)))).leaves() shouldBe emptyList()
        }
    })

private infix fun Measured.shouldBeLike(other: Measured) {
    x.contentEquals(other.x) shouldBe true
    unit shouldBe other.unit
}

private data class Line(val slope: Tensor, val offset: Tensor)

private data class Model(
    val title: String,
    val lines: List<Line>,
    val extra: Map<String, Tensor>,
    val pair: Pair<Line, Int>,
)

private data class Area(private val width: Tensor, internal val height: Tensor) {
    val size = width * height
}

@ConsistentCopyVisibility
private data class Hidden private constructor(val value: Tensor) {
    companion object {
        fun of(value: Double) = Hidden(Tensor.scalar(value))
    }
}

@JvmInline
private value class Unit(val symbol: String)

private data class Measured(val x: Tensor, val unit: Unit)

private data class Positive(val x: Tensor) {
    init {
        require(x.item() > 0) { "must be positive" }
    }
}

private data class Optional(val first: Tensor, val second: Tensor?)

private class Plain(val x: Tensor) {
    operator fun component1() = x
}
