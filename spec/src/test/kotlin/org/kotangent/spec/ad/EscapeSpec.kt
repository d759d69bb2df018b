package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.Ad
import org.kotangent.ad.EscapedValueException
import org.kotangent.ad.Tensor
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException

private fun Tensor.isPlain() = runCatching { times(1.0) }.isSuccess

/** A value of a derivation that is used after its end: found at the first operation, and named. */
class EscapeSpec :
    FunSpec({
        val x = Tensor.scalar(3.0)

        fun message(op: String, transformation: String) =
            "$op: a value of a derivation may be used only inside the function being differentiated; " +
                "got a value that escaped from $transformation; return it from that function instead of storing it"

        fun escapedFromReverse(): Tensor {
            var stored = x
            Ad.grad<Tensor> { t -> t.times(t).also { stored = it } }.apply(x)
            return stored
        }

        fun escapedFromForward(): Tensor {
            var stored = x
            Ad.jvp({ t: Tensor -> t.times(t).also { stored = it } }, x, x)
            return stored
        }

        test("a stored value of a gradient") {
            shouldThrow<EscapedValueException> { escapedFromReverse().times(2.0) }.message shouldBe
                message("mul", "grad")
        }

        test("a stored dual number") {
            shouldThrow<EscapedValueException> { escapedFromForward().plus(x) }.message shouldBe message("add", "jvp")
        }

        test("it is named after what was called") {
            val f = { t: Tensor -> t.times(t) }
            val called: Map<String, ((Tensor) -> Tensor) -> Any> = mapOf(
                "valueAndGrad" to { g -> Ad.valueAndGrad(g).apply(x) },
                "valueGradAux" to
                    { g -> Ad.valueGradAux<Tensor, List<Tensor>> { Ad.WithAux(g(it), listOf()) }.apply(x) },
                "jvp" to { g -> Ad.jvp(g, x, x) },
                "vjp" to { g -> Ad.vjp(g, x) },
                "hvp" to { g -> Ad.hvp(g, x, x) },
                "gnvp" to { g -> Ad.gnvp(g, f, x, x) },
                "linearize" to { g -> Ad.linearize(g, x) },
                "jacobian" to { g -> Ad.jacobian(g, x) },
                "hessian" to { g -> Ad.hessian(g, x) },
                "nthDerivative" to { g -> Ad.nthDerivative(g, 2).apply(x) },
                "checkGradients" to { g -> Ad.checkGradients(g, x, 1, 0) },
                "vmap" to { g -> Ad.vmap(g).apply(Tensor.of(1.0, 2.0)) },
            )
            for ((transformation, call) in called) {
                val seen = mutableListOf<Tensor>()
                call { t -> f(t).also { seen += it } }
                for (stored in listOf(seen.first { !it.isPlain() }, seen.last { !it.isPlain() })) {
                    shouldThrow<EscapedValueException> { stored.times(2.0) }.message shouldBe
                        message("mul", transformation)
                }
            }
        }

        test("used in another derivation, at a higher level") {
            val stored = escapedFromReverse()
            shouldThrow<EscapedValueException> { Ad.grad<Tensor> { it.times(stored) }.apply(x) }.message shouldBe
                message("mul", "grad")
        }

        test("used in a derivation around the one it came from") {
            shouldThrow<EscapedValueException> {
                Ad.grad<Tensor> { outer ->
                    var stored = outer
                    Ad.grad<Tensor> { inner -> inner.times(outer).also { stored = it } }.apply(outer)
                    stored.times(outer)
                }.apply(x)
            }.message shouldBe message("mul", "grad")
        }

        test("used by a thread that outlives the derivation") {
            val late = CompletableFuture<Tensor>()
            val result = late.thenApply { it.unaryMinus() }
            Ad.grad<Tensor> { t -> t.times(t) }.apply(x)
            late.complete(escapedFromReverse())
            shouldThrow<CompletionException> { result.join() }.cause!!.message shouldBe message("neg", "grad")
        }

        test("a function that fails ends its derivation too") {
            var stored = x
            shouldThrow<IllegalStateException> { Ad.grad<Tensor> { stored = it; error("out") }.apply(x) }
            shouldThrow<EscapedValueException> { stored.times(stored) }
            shouldThrow<IllegalStateException> { Ad.jvp<Tensor, Tensor>({ stored = it; error("out") }, x, x) }
            shouldThrow<EscapedValueException> { stored.times(stored) }
        }

        test("its number may still be read, to be printed or compared") {
            escapedFromReverse().item() shouldBe 9.0
            escapedFromForward().toDoubles() shouldBe doubleArrayOf(9.0)
            escapedFromForward().toString() shouldBe "f64[] 9.0"
        }

        test("what the function returns is free of the derivation") {
            val forward = Ad.jvp({ t: Tensor -> listOf(t, t.times(t)) }, x, x)
            forward.value().zip(forward.tangent()).map { (a, b) -> a.times(b).item() } shouldBe listOf(9.0, 162.0)
            val reverse = Ad.vjp({ t: Tensor -> listOf(t, t.times(t)) }, x)
            reverse.value().map { it.times(it).item() } shouldBe listOf(9.0, 81.0)
        }

        test("a pullback may be kept for as long as one likes, and differentiated") {
            val pullback = Ad.vjp({ t: Tensor -> t.times(t).times(t) }, x).pullback()
            repeat(2) { pullback.apply(Tensor.scalar(1.0)).item() shouldBe 27.0 }
            Ad.grad<Tensor> { g -> pullback.apply(g.times(g)) }.apply(Tensor.scalar(2.0)).item() shouldBe 108.0
        }
    })
