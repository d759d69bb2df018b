package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import org.kotangent.ad.Ad
import org.kotangent.ad.Core
import org.kotangent.ad.DType
import org.kotangent.ad.DomainException
import org.kotangent.ad.Graph
import org.kotangent.ad.Params
import org.kotangent.ad.ScalarOp
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.TreeException
import org.kotangent.ad.UnknownNumberException
import org.kotangent.spec.laws.requireSameBits
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readText

private fun total(x: Tensor) = Core.sum(x, intArrayOf(), false)

private fun sin(x: Tensor) = ScalarOp.SIN.primitive().apply(x)

private val graphvizIsInstalled: Boolean =
    try {
        ProcessBuilder("dot", "-V").start().waitFor() == 0
    } catch (_: IOException) {
        false
    }

class GraphSpec :
    FunSpec({
        val x = Tensor.of(0.3, -0.7, 1.1)
        val p = Params.of("w", Tensor.scalar(2.0)).with("b", Tensor.scalar(0.5))

        context("text") {
            test("a function") {
                Graph.capture({ t: Tensor -> sin(t).times(t).plus(1.0) }, x).toString() shouldBe
                    """
                    graph(x: f64[3]) {
                      %0: f64[3] = sin(x)
                      %1: f64[3] = mul(%0, x)
                      %2: f64[3] = add(%1, 1.0)
                      return %2
                    }
                    """.trimIndent()
            }
            test("its gradient: the forward part it needs, and the backward part") {
                Graph.capture(Ad.grad<Tensor> { total(sin(it.times(it))) }, x).toString() shouldBe
                    """
                    graph(x: f64[3]) {
                      c0: f64[3] = constant
                      %0: f64[3] = mul(x, x)
                      %1: f64[3] = cos(%0)
                      %2: f64[3] = mul(c0, %1)
                      %3: f64[3] = mul(%2, x)
                      %4: f64[3] = mul(%2, x)
                      %5: f64[3] = add(%3, %4)
                      return %5
                    }
                    """.trimIndent()
            }
            test("paths of trees, named values and their tangents and cotangents") {
                val f = { q: Params -> Ad.named("h", q.get("w").times(q.get("b"))).let { it.times(it) } }
                Graph.capture(Ad.grad(f), p).toString() shouldBe
                    """
                    graph(w: f64[], b: f64[]) {
                      %0: f64[] = mul(w, b)
                      h: f64[] = named[h](%0)
                      %2: f64[] = mul(1.0, h)
                      %3: f64[] = mul(1.0, h)
                      %4: f64[] = add(%2, %3)
                      h̄: f64[] = named[h̄](%4)
                      %6: f64[] = mul(h̄, b)
                      %7: f64[] = mul(h̄, w)
                      return w: %6, b: %7
                    }
                    """.trimIndent()
                val tangent = Graph.capture({ q: Params -> Ad.jvp(f, q, q).tangent() }, p)
                tangent.toString() shouldContain "  h\u0307: f64[] = named[h\u0307]("
            }
            test("a name that is given twice, or is that of an input") {
                val f = { t: Tensor -> Ad.named("x", Ad.named("y", Ad.named("y", sin(t)))) }
                Graph.capture(f, x).toString() shouldBe
                    """
                    graph(x: f64[3]) {
                      %0: f64[3] = sin(x)
                      y: f64[3] = named[y](%0)
                      y#2: f64[3] = named[y](y)
                      x#3: f64[3] = named[x](y#2)
                      return x#3
                    }
                    """.trimIndent()
            }
            test("constants: numbers as such, larger ones by type; several results") {
                val c = Tensor.of(1f, 2f)
                val f = { t: Tensor -> Core.unstack(t.plus(c).times(0.1)).reversed() }
                Graph.capture(f, Tensor.of(0f, 0f)).toString() shouldBe
                    """
                    graph(x: f32[2]) {
                      c0: f32[2] = constant
                      %0: f32[2] = add(x, c0)
                      %1: f32[2] = mul(%0, 0.1)
                      %2: f32[], %2.1: f32[] = unstack(%1)
                      return [0]: %2.1, [1]: %2
                    }
                    """.trimIndent()
            }
            test("what a function does inside of an operation") {
                val f = { t: Tensor ->
                    Ad.checkpoint<Tensor, Tensor> { s -> Ad.named("h", s.times(s)).times(3.0) }.apply(sin(t))
                }
                Graph.capture(f, x).toString() shouldBe
                    """
                    graph(x: f64[3]) {
                      %0: f64[3] = sin(x)
                      %1: f64[3] = checkpoint[…](%0) {
                        %1/0: f64[3] = mul(%0, %0)
                        h: f64[3] = named[h](%1/0)
                        %1/2: f64[3] = mul(h, 3.0)
                        return %1/2
                      }
                      return %1
                    }
                    """.trimIndent()
                val backward = Graph.capture(Ad.grad<Tensor> { total(f(it)) }, x)
                backward.toString() shouldContain "named[h̄]"
                val dot = backward.dot()
                dot shouldContain "subgraph cluster_"
                dot shouldContain "label=\"h̄\""
            }
            test("integers are inputs like the others") {
                val f = { m: Map<String, Tensor> -> m.getValue("x").times(m.getValue("n").to(DType.F64)) }
                Graph.capture(f, mapOf("x" to Tensor.scalar(1.0), "n" to Tensor.of(1, 2))).toString() shouldBe
                    """
                    graph(x: f64[], n: i32[2]) {
                      %0: f64[2] = cast[F64](n)
                      %1: f64[2] = mul(x, %0)
                      return %1
                    }
                    """.trimIndent()
            }
        }

        test("what leads to no result is left out") {
            val f = { t: Tensor ->
                sin(sin(t))
                t.plus(1.0).times(0.0)
                t.plus(t)
            }
            Graph.capture(f, x).operations().map { it.primitive().name() } shouldContainExactly listOf("add")
            Graph.capture({ _: Tensor -> 3 }, x).operations().shouldBeEmpty()
        }

        test("its parts can be read and not be changed") {
            val c = Tensor.of(1.0, 2.0, 3.0)
            val graph = Graph.capture({ q: Map<String, Tensor> -> q.getValue("a").times(c) }, mapOf("a" to x))
            graph.inputs().map { it.spec() } shouldBe listOf(x.spec())
            graph.inputPaths() shouldBe listOf("a")
            graph.constants() shouldBe listOf(c)
            graph.outputPaths() shouldBe listOf("")
            graph.outputs() shouldBe listOf(Graph.Result(0, 0, x.spec()))
            val operation = graph.operations().single()
            operation.operands() shouldBe listOf(Graph.Input(0, x.spec()), Graph.Constant(0, c))
            for (list in listOf(graph.operations(), graph.constants(), operation.operands(), operation.results())) {
                shouldThrow<UnsupportedOperationException> { (list as MutableList<*>).clear() }
            }
        }

        context("evaluation gives the bits of the function") {
            val wave = { t: Tensor -> total(sin(t.times(t)).times(t)) }
            val y = x.times(1.7)

            mapOf<String, (Tensor) -> Tensor>(
                "itself" to wave,
                "its gradient" to { t -> Ad.grad(wave).apply(t) },
                "a Hessian-vector product" to { t -> Ad.hvp(wave, t, x) },
                "vmap" to { t -> Ad.vmap { s: Tensor -> s.times(s).plus(1.0) }.apply(t) },
                "vmap of grad" to { t -> Ad.vmap(Ad.grad<Tensor> { s -> sin(s.times(s)) }).apply(t) },
                "a Jacobian" to { t -> Ad.jacobian({ s: Tensor -> sin(s).times(s) }, t).tensor() },
                "a Hessian" to { t -> Ad.hessian(wave, t).tensor() },
                "a graph" to { t -> Graph.capture(wave, x).apply(t) },
            ).forEach { (what, f) ->
                test(what) { requireSameBits(what, listOf(Graph.capture(f, x).apply(y)), listOf(f(y))) }
            }
        }

        context("it is a function like any other") {
            val f = { t: Tensor -> total(sin(t.times(t)).times(t)) }
            val graph = Graph.capture(f, x)

            test("to differentiate") {
                requireSameBits("grad", listOf(Ad.grad(graph::apply).apply(x)), listOf(Ad.grad(f).apply(x)))
                val pushed = listOf(Ad.jvp(graph::apply, x, x).tangent())
                requireSameBits("jvp", pushed, listOf(Ad.jvp(f, x, x).tangent()))
                requireSameBits("hvp", listOf(Ad.hvp(graph::apply, x, x)), listOf(Ad.hvp(f, x, x)))
            }
            test("to batch") {
                val batch = Core.stack(listOf(x, x.times(2.0)))
                requireSameBits("vmap", listOf(Ad.vmap(graph::apply).apply(batch)), listOf(Ad.vmap(f).apply(batch)))
            }
            test("to capture") {
                Graph.capture(graph::apply, x).toString() shouldBe graph.toString()
            }
            test("to capture inside a derivation, whose values it then holds") {
                val outer = Ad.grad<Tensor> { a -> total(Graph.capture({ t: Tensor -> t.times(a) }, x).apply(x)) }
                outer.apply(x).contentEquals(x) shouldBe true
            }
        }

        test("the order of operations is that of the structure, whatever thread computed first") {
            val parts = (1..50).toList()
            val f = { t: Tensor ->
                parts.parallelStream().map { sin(t.times(it.toDouble())) }.toList().reduce(Tensor::plus)
            }
            val sequential = { t: Tensor -> parts.map { sin(t.times(it.toDouble())) }.reduce(Tensor::plus) }
            repeat(5) { Graph.capture(f, x).toString() shouldBe Graph.capture(sequential, x).toString() }
        }

        test("values of several types, all of them outputs, and inputs that pass through") {
            val graph = Graph.capture({ t: Tensor -> listOf(t, Tensor.scalar(7.0), t.times(2.0)) }, x)
            val (same, constant, twice) = graph.apply(x)
            same shouldBe x
            constant.item() shouldBe 7.0
            twice.contentEquals(x.times(2.0)) shouldBe true
        }

        test("the number of a symbolic value has to be known") {
            shouldThrow<UnknownNumberException> {
                Graph.capture({ t: Tensor ->
                    if (t.item() >
                        0
                    ) {
                        t
                    } else {
                        -t
                    }
                }, Tensor.scalar(1.0))
            }
                .message shouldBe
                "capture: while a graph is captured a value has no number yet and cannot steer control " +
                "flow; got a request for the number of a symbolic f64[]; " +
                "choose with where, loop with scan, or compute it before the capture"
        }

        test("another argument has to be like the example") {
            val graph = Graph.capture({ q: Params -> q.get("w").times(q.get("b")) }, p)
            shouldThrow<ShapeException> { graph.apply(p.with("b", x)) }.message shouldBe
                "graph: leaves must have the same type and shape; got b: f64[] and f64[3]; make the two trees alike"
            shouldThrow<TreeException> { graph.apply(Params.of("w", x)) }.message shouldBe
                "graph: the two trees must have the same structure; got at tree: Params[w, b] and Params[w]; " +
                "make the two trees alike"
        }

        context("drawing") {
            val graph = Graph.capture({ q: Params -> Ad.named("y \"0\"", q.get("w").times(q.get("b")).times(x)) }, p)

            test("as text for Graphviz") {
                graph.dot() shouldBe
                    """
                    digraph {
                      node [fontname="Helvetica", fontsize=10, shape=box, style=rounded];
                      edge [fontname="Helvetica", fontsize=9];
                      in0 [label="w\nf64[]", shape=ellipse];
                      in1 [label="b\nf64[]", shape=ellipse];
                      c0 [label="c0\nf64[3]", shape=plaintext];
                      op0 [label="mul"];
                      in0 -> op0;
                      in1 -> op0;
                      op1 [label="mul"];
                      op0 -> op1 [label="f64[]"];
                      c0 -> op1;
                      op2 [label="y \"0\"", style="rounded,bold"];
                      op1 -> op2 [label="f64[3]"];
                      out0 [label="result", shape=ellipse, peripheries=2];
                      op2 -> out0 [label="f64[3]"];
                    }
                    """.trimIndent().replace("y \"0\"", "y \\\"0\\\"") + "\n"
            }
            test("a .dot file, in place of an earlier one and with nothing beside it") {
                val directory = tempdir().toPath()
                val file = directory.resolve("graph.dot")
                Files.writeString(file, "before")
                graph.render(file)
                file.readText() shouldBe graph.dot()
                directory.listDirectoryEntries().map { it.name } shouldBe listOf("graph.dot")
            }
            test("an .svg file where Graphviz is installed, else an error that says so and no file") {
                val directory = tempdir().toPath()
                val file = directory.resolve("graph.svg")
                if (graphvizIsInstalled) {
                    graph.render(file)
                    file.readText() shouldContain "<svg"
                    directory.listDirectoryEntries().map { it.name } shouldBe listOf("graph.svg")
                } else {
                    shouldThrow<DomainException> { graph.render(file) }.message shouldBe
                        "render: drawing needs Graphviz; got no program `dot` on the path; " +
                        "install graphviz or write a .dot file"
                    directory.listDirectoryEntries().shouldBeEmpty()
                }
            }
            test("a format that is none, and a place that is none") {
                shouldThrow<DomainException> { graph.render(Path.of("graph.txt")) }.message shouldBe
                    "render: the extension must name a format; got graph.txt; use .svg, .png, .pdf or .dot"
                val nowhere = tempdir().toPath().resolve("missing/graph.dot")
                shouldThrow<DomainException> { graph.render(nowhere) }.message!! shouldStartWith
                    "render: the file must be writable; got $nowhere"
                nowhere.exists() shouldBe false
            }
        }
    })
