package org.kotangent.spec.conformance

import org.kotangent.ad.Tensor
import org.kotangent.dsl.get
import org.kotangent.ops.Elementary
import kotlin.math.PI

private typealias Term = (Tensor) -> Tensor

/**
 * A function [n] → [] given as text in the notation of SymPy: numbers, `x1` … `xn`, `pi`, `E`, `+ - * / **`, the
 * elementary functions, and `Piecewise((value, condition), …)`, of which the first piece that applies is computed.
 */
internal class Formula(text: String) : (Tensor) -> Tensor {
    private val tokens = TOKEN.findAll(text).map { it.value }.toList()
    private var at = 0
    private val root = sum().also { require(at == tokens.size) { "what is ${tokens[at]} in $text?" } }

    override fun invoke(x: Tensor): Tensor = root(x)

    private fun sum(): Term = chain(::product, "+" to Tensor::plus, "-" to Tensor::minus)

    private fun product(): Term = chain(::signed, "*" to Tensor::times, "/" to Tensor::div)

    private fun signed(): Term = if (skip("-")) signed().let { t -> { -t(it) } } else power()

    private fun power(): Term {
        val base = atom()
        if (!skip("**")) return base
        val exponent = signed()
        return { Elementary.pow(base(it), exponent(it)) }
    }

    private fun atom(): Term {
        val token = tokens[at++]
        return when {
            token == "(" -> sum().also { expect(")") }
            token.first().isDigit() -> constant(token.toDouble())
            token == "pi" -> constant(PI)
            token == "E" -> constant(Math.E)
            token == "Piecewise" -> piecewise()
            VARIABLE.matches(token) -> (token.drop(1).toInt() - 1).let { i -> { it[i] } }
            else -> call(token)
        }
    }

    private fun call(name: String): Term {
        val arguments = list(::sum)
        val unary = UNARY[name]
        val binary = BINARY[name]
        return when {
            unary != null -> { x -> unary(arguments.single()(x)) }
            binary != null -> { x -> arguments.map { it(x) }.reduce(binary) }
            else -> throw IllegalArgumentException("what is $name?")
        }
    }

    private fun piecewise(): Term {
        val pieces =
            list {
                expect("(")
                val value = sum()
                expect(",")
                (condition() to value).also { expect(")") }
            }
        return { x -> pieces.first { (applies, _) -> applies(x) }.second(x) }
    }

    private fun condition(): (Tensor) -> Boolean {
        if (skip("True")) return { true }
        val left = sum()
        val relation = RELATIONS.getValue(tokens[at++])
        val right = sum()
        return { relation(left(it).item(), right(it).item()) }
    }

    /** A list in parentheses, separated by commas. */
    private fun <T> list(element: () -> T): List<T> {
        expect("(")
        return generateSequence(element()) { if (skip(",")) element() else null }.toList().also { expect(")") }
    }

    /** Operands joined by operators of one rank, from left to right. */
    private fun chain(operand: () -> Term, vararg operators: Pair<String, (Tensor, Tensor) -> Tensor>): Term {
        var left = operand()
        while (true) {
            val operator = operators.firstOrNull { skip(it.first) }?.second ?: return left
            val before = left
            val right = operand()
            left = { operator(before(it), right(it)) }
        }
    }

    private fun constant(value: Double): Term = Tensor.scalar(value).let { number -> { number } }

    private fun skip(token: String): Boolean = (tokens.getOrNull(at) == token).also { if (it) at++ }

    private fun expect(token: String) = require(skip(token)) { "$token expected, got ${tokens.getOrNull(at)}" }

    private companion object {
        val TOKEN = Regex("""\d+\.?\d*(?:[eE][-+]?\d+)?|[A-Za-z_]\w*|\*\*|[<>=!]=|\S""")
        val VARIABLE = Regex("""x\d+""")
        val UNARY: Map<String, (Tensor) -> Tensor> =
            mapOf(
                "sqrt" to Elementary::sqrt,
                "exp" to Elementary::exp,
                "log" to Elementary::log,
                "sin" to Elementary::sin,
                "cos" to Elementary::cos,
                "tan" to Elementary::tan,
                "asin" to Elementary::asin,
                "acos" to Elementary::acos,
                "atan" to Elementary::atan,
                "sinh" to Elementary::sinh,
                "cosh" to Elementary::cosh,
                "tanh" to Elementary::tanh,
                "Abs" to Elementary::abs,
                "sign" to Elementary::sign,
                "erf" to Elementary::erf,
            )
        val BINARY: Map<String, (Tensor, Tensor) -> Tensor> =
            mapOf("Max" to Elementary::max, "Min" to Elementary::min, "atan2" to Elementary::atan2)
        val RELATIONS: Map<String, (Double, Double) -> Boolean> =
            mapOf(
                "<" to { a, b -> a < b },
                "<=" to { a, b -> a <= b },
                ">" to { a, b -> a > b },
                ">=" to { a, b -> a >= b },
                "==" to { a, b -> a == b },
                "!=" to { a, b -> a != b },
            )
    }
}
