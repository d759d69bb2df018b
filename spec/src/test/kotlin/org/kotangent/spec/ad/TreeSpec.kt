package org.kotangent.spec.ad

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import org.kotangent.ad.Ad
import org.kotangent.ad.AdException
import org.kotangent.ad.Core
import org.kotangent.ad.DTypeException
import org.kotangent.ad.Params
import org.kotangent.ad.ShapeException
import org.kotangent.ad.Tensor
import org.kotangent.ad.Tree
import org.kotangent.ad.TreeException
import org.kotangent.ad.Trees
import java.lang.foreign.Linker

private inline fun <reified E : AdException> messageOf(noinline block: () -> Unit): String? =
    shouldThrow<E>(block).message

@JvmRecord
data class Dense(val weight: Tensor, val bias: Tensor)

@JvmRecord
data class Model(val layers: List<Dense>, val scale: Map<String, Tensor>, val name: String, val classes: Tensor)

private fun vector(vararg numbers: Double) = Tensor.of(*numbers)

private fun model(factor: Double = 1.0, name: String = "mlp", classes: Tensor = Tensor.of(3, 4)) = Model(
    List(2) { Dense(vector(1.0 * factor, 2.0 * factor), vector(0.5 * factor)) },
    mapOf("up" to vector(3.0 * factor)),
    name,
    classes,
)

private fun sum(x: Tensor) = Core.sum(x, intArrayOf(), false)

class TreeSpec :
    FunSpec({
        val paths = listOf("layers[0].weight", "layers[0].bias", "layers[1].weight", "layers[1].bias", "scale.up")

        context("taking apart and putting together") {
            test("leaves are the floating tensors, in order and with their paths") {
                val tree = Tree.of(model())
                tree.paths() shouldBe paths
                tree.leaves().map { it.toDoubles().toList() } shouldBe
                    listOf(listOf(1.0, 2.0), listOf(0.5), listOf(1.0, 2.0), listOf(0.5), listOf(3.0))
            }
            test("rebuilding with the same leaves gives an equal structure, of the same types") {
                val m = model()
                val again: Model = Tree.of(m).rebuild(Tree.of(m).leaves())
                again shouldBe m
            }
            test("what is not a floating tensor is kept as it is") {
                val m = model()
                val doubled = Trees.times(m, 2.0)
                doubled.name shouldBe "mlp"
                (doubled.classes === m.classes) shouldBe true
                doubled.scale.getValue("up").item() shouldBe 6.0
            }
            test("a lone tensor is its own tree, and parameters keep their paths") {
                Tree.of(vector(1.0)).paths() shouldBe listOf("")
                Tree.of(mapOf("net" to Params.of("conv1.weight", vector(1.0)))).paths() shouldBe
                    listOf("net.conv1.weight")
            }
            test("it prints its type and its paths") {
                Tree.of(Dense(vector(1.0), vector(2.0))).toString() shouldBe "Dense[weight, bias]"
            }
        }

        context("derivatives of trees are trees") {
            test("the gradient of a function of a record is a record") {
                val gradient: Model = Ad.grad { m: Model ->
                    m.layers.map { sum(it.weight.times(it.weight)) }.reduce(Tensor::plus)
                }
                    .apply(model())
                gradient.layers[1].weight.toDoubles() shouldBe doubleArrayOf(2.0, 4.0)
                gradient.layers[0].bias.toDoubles() shouldBe doubleArrayOf(0.0)
                gradient.name shouldBe "mlp"
            }
            test("arguments and results may be different structures") {
                val f = { d: Dense -> mapOf("y" to d.weight.times(d.bias), "classes" to Tensor.of(1)) }
                val x = Dense(vector(2.0, 3.0), vector(5.0))
                val forward = Ad.jvp(f, x, Dense(vector(1.0, 0.0), vector(1.0)))
                forward.tangent().getValue("y").toDoubles() shouldBe doubleArrayOf(7.0, 3.0)
                val reverse = Ad.vjp(f, x).pullback().apply(mapOf("y" to vector(1.0, 1.0), "classes" to Tensor.of(1)))
                reverse.weight.toDoubles() shouldBe doubleArrayOf(5.0, 5.0)
                reverse.bias.toDoubles() shouldBe doubleArrayOf(5.0)
            }
            test("they add, subtract, scale and have an inner product") {
                val m = model()
                Trees.dot(m, m).item() shouldBe 19.5
                Trees.minus(Trees.plus(m, m), m).layers[0].weight.toDoubles() shouldBe doubleArrayOf(1.0, 2.0)
                Trees.dot(m, Trees.zeros(m)).item() shouldBe 0.0
                Trees.zip(m, m) { a, b -> a.times(b) }.scale.getValue("up").item() shouldBe 9.0
            }
        }

        context("two trees that do not match are told apart by path") {
            test("structure") {
                val shorter = Model(listOf(model().layers[0]), model().scale, "mlp", Tensor.of(3, 4))
                messageOf<TreeException> { Trees.plus(model(), shorter) } shouldBe
                    "plus: the two trees must have the same structure; got at layers: List[[0], [1]] and List[[0]]; " +
                    "make the two trees alike"
            }
            test("static parts") {
                messageOf<TreeException> { Trees.plus(model(), model(name = "cnn")) } shouldBe
                    "plus: the two trees must have the same structure; got at name: mlp and cnn; make the two trees alike"
                messageOf<TreeException> { Trees.minus(model(), model(classes = Tensor.of(3, 5))) } shouldBe
                    "minus: the two trees must have the same structure; " +
                    "got at classes: i32[2] [3, 4] and i32[2] [3, 5]; make the two trees alike"
            }
            test("a leaf of another shape or type") {
                val other = Dense(vector(1.0), vector(2.0))
                messageOf<ShapeException> { Trees.dot(Dense(vector(1.0, 2.0), vector(2.0)), other) } shouldBe
                    "dot: leaves must have the same type and shape; got weight: f64[2] and f64[1]; make the two trees alike"
                messageOf<ShapeException> { Ad.jvp({ t: Tensor -> t }, vector(1.0), Tensor.of(1f)) } shouldBe
                    "jvp: leaves must have the same type and shape; got tree: f64[1] and f32[1]; make the two trees alike"
            }
            test("a cotangent that is not like the value") {
                val pullback = Ad.vjp({ t: Tensor -> t.times(t) }, vector(1.0, 2.0)).pullback()
                messageOf<ShapeException> { pullback.apply(vector(1.0)) } shouldBe
                    "pullback: leaves must have the same type and shape; got tree: f64[2] and f64[1]; " +
                    "make the two trees alike"
            }
        }

        context("what is no tree") {
            test("null, named by its path") {
                messageOf<TreeException> { Tree.of(mapOf("a" to listOf(vector(1.0), null))) } shouldBe
                    "a[1]: parts must not be null; got null; leave the part out or use an empty list"
            }
            test("keys that are not strings") {
                messageOf<TreeException> { Tree.of(mapOf(1 to vector(1.0))) } shouldBe
                    "tree: keys of a map must be strings; got java.lang.Integer; name the entries by strings"
            }
            test("a record of a module that does not open its package") {
                val hidden = Linker.Option.firstVariadicArg(1)
                messageOf<TreeException> { Tree.of(listOf(hidden)) }!! shouldStartWith
                    "tree: a record must be accessible to be taken apart; got jdk.internal.foreign.abi.LinkerOptions"
            }
            test("a wrong number of leaves") {
                messageOf<TreeException> { Tree.of(Dense(vector(1.0), vector(2.0))).rebuild(listOf()) } shouldBe
                    "tree: every leaf needs a value; got 0 for 2 leaves; give one tensor for each path"
            }
            test("nothing to differentiate, or to multiply") {
                messageOf<DTypeException> { Ad.grad<List<String>> { Tensor.scalar(1.0) }.apply(listOf("a")) } shouldBe
                    "grad: differentiates floating tensors; got List[[0]] without any; convert with to(DType.F32)"
                messageOf<DTypeException> { Ad.vjp({ it }, mapOf("n" to Tensor.of(1))) } shouldBe
                    "vjp: differentiates floating tensors; got n: i32[1]; convert with to(DType.F32)"
                messageOf<TreeException> { Trees.dot(listOf(1), listOf(1)) }!! shouldStartWith
                    "dot: a tree without floating tensors has no inner product; got "
            }
        }
    })
