package org.kotangent.spec.data

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import org.kotangent.ad.Ad
import org.kotangent.ad.BatchAxes
import org.kotangent.ad.DType
import org.kotangent.ad.Params
import org.kotangent.ad.Scan
import org.kotangent.ad.Shape
import org.kotangent.ad.Tensor
import org.kotangent.ad.Trees
import org.kotangent.ad.UnknownNumberException
import org.kotangent.dsl.compile
import org.kotangent.dsl.component1
import org.kotangent.dsl.component2
import org.kotangent.dsl.grad
import org.kotangent.dsl.graph
import org.kotangent.dsl.hvp
import org.kotangent.dsl.scan
import org.kotangent.dsl.sum
import org.kotangent.dsl.times
import org.kotangent.dsl.vmap
import org.kotangent.ops.Elementary
import org.kotangent.ops.Key
import org.kotangent.ops.Linalg
import org.kotangent.ops.Nn
import org.kotangent.ops.Random
import org.kotangent.ops.Shapes
import org.kotangent.spec.laws.requireSameBits
import java.util.Optional

private data class Walk(val position: Tensor, val key: Key)

/** A key as part of the argument of a function that is compiled, batched, looped or differentiated. */
class KeyArgumentSpec :
    FunSpec({
        val walk = Walk(Tensor.of(1.0, 2.0, 3.0), Key.of(1))

        fun wander(from: Walk): Walk {
            val (now, later) = from.key.split()
            val step = Random.normal(now, DType.F64, 3) * Random.uniform(now.fold(1), 0.5, 2.0, DType.F64)
            val still = Random.bernoulli(now.fold(Tensor.of(Shape.scalar(), 2)), 0.3, 3)
            val order = Random.order(now.fold(3), 3)
            val next = Elementary.where(still, from.position, from.position + step)
            return Walk(Shapes.gather(next, order, 0), later)
        }

        test("a compiled function draws from the key it is given, and is run once and captured") {
            var runs = 0
            val plan = compile { from: Walk -> wander(from).also { runs++ } }
            val ends = generateSequence(walk, plan::apply).take(5).toList()
            runs shouldBe 4 // At the first use, after it, and at the second and the fourth.
            generateSequence(walk, ::wander).take(5).toList().zip(ends) { expected, found ->
                found.position.contentEquals(expected.position) shouldBe true
                found.key shouldBe expected.key
            }
            plan.checking().apply(walk).key shouldBe ends[1].key
            var left = 3
            val last = plan.iterate(walk) { if (left-- > 0) Optional.of(it) else Optional.empty() }
            last.position.contentEquals(ends[4].position) shouldBe true
            last.key shouldBe ends[4].key
            walk.key shouldBe Key.of(1)
        }

        test("a graph shows how keys are derived and what is drawn") {
            graph(Key.of(1)) {
                Random.normal(it.split().first().foldAll(4, 5), 0.0, 2.0, DType.F32, 6)
            }.toString() shouldBe
                """
                graph(tensor: i32[4]) {
                  %0: i32[4] = split[0](tensor)
                  %1: i32[4] = fold[4, 5](%0)
                  %2: f32[6] = normal[f32, 0.0, 2.0, [6]](%1)
                  return %2
                }
                """.trimIndent()
        }

        test("a constant key is drawn from once, another is another input") {
            fun drawn(key: Key) = Random.bernoulli(key.fold(1), 0.5, 8)
            compile { x: Tensor ->
                Elementary.where(drawn(Key.of(1)), x, x * 2)
            }.explain(Tensor.ones(DType.F64, 8)).let {
                it.contains("bernoulli") shouldBe false
            }
            compile<Key, Tensor>(::drawn).explain(Key.of(1)).contains("bernoulli") shouldBe true
        }

        test("vmap over keys is the loop over them") {
            val keys = Key.of(9)
            val each = keys.split(4).map { wander(Walk(walk.position, it)) }
            val all = vmap(Walk(walk.position, keys.batch(4)), BatchAxes.of(0).without("position"), f = ::wander)
            each.forEachIndexed { i, one ->
                requireSameBits("position $i", listOf(Shapes.at(all.position, i, 0)), listOf(one.position))
                Key(Shapes.at(all.key.tensor(), i, 0)) shouldBe one.key
            }
            vmap(keys.batch(4)) { k -> vmap(k.batch(3)) { Random.normal(it, DType.F32, 2) } }.contentEquals(
                Shapes.stack(
                    keys.split(4).map { k -> Shapes.stack(k.split(3).map { Random.normal(it, DType.F32, 2) }, 0) },
                    0,
                ),
            ) shouldBe true
        }

        test("a key is carried through a scan, or each of its steps has one") {
            for (memory in Scan.Memory.entries) {
                val (end, positions) = scan(walk, Tensor.of(1.0, 2.0), memory) { state, scale ->
                    val next = wander(state)
                    next to next.position * scale
                }
                val (first, second) = generateSequence(walk, ::wander).drop(1).take(2).toList()
                end.key shouldBe second.key
                positions.contentEquals(Shapes.stack(listOf(first.position, second.position * 2), 0)) shouldBe true
            }
            val (_, drawn) = scan(Tensor.scalar(0.0), Key.of(4).batch(3)) { total, key ->
                Random.uniform(key, DType.F64).let { total + it to it }
            }
            drawn.toDoubles().toList() shouldBe Key.of(4).split(3).map { Random.uniform(it, DType.F64).item() }
        }

        test("a key has no derivative: a gradient keeps it as it is") {
            val slope = grad(walk) { sum(wander(it).position) }
            slope.key shouldBe walk.key
            slope.position.toDoubles() shouldBe doubleArrayOf(1.0, 1.0, 1.0)
            Trees.plus(walk, slope).key shouldBe walk.key
            Ad.jvp({ w: Walk -> wander(w) }, walk, walk).tangent().position.toDoubles().sorted() shouldBe
                listOf(1.0, 2.0, 3.0)
        }

        test("gradients and Hessian-vector products through dropout, by key, batched and compiled") {
            val p = Params.of(
                mapOf(
                    "w" to Random.normal(Key.of(1), DType.F64, 6, 5),
                    "v" to Tensor.of(1.0, -1.0, 0.5, 2.0, -3.0),
                ),
            )
            val x = Random.normal(Key.of(2), DType.F64, 4, 6)
            val v = Random.normal(Key.of(3), DType.F64, 6, 5).let { Params.of(mapOf("w" to it, "v" to p["v"])) }

            fun loss(q: Params, image: Tensor, key: Key): Tensor {
                val h = Elementary.tanh(Linalg.matmul(Nn.dropout(image, 0.25, key.fold(1)), q["w"]))
                return Elementary.square(sum(Nn.dropout(h, 0.5, key.fold(2)) * q["v"]))
            }

            fun each(key: Key, direction: Params) = vmap(x to key.batch(4)) { (image, own) ->
                listOf(grad(p) { loss(it, image, own) }, hvp(p, direction) { loss(it, image, own) })
            }
            val key = Key.of(5)
            val all = each(key, v)
            key.split(4).forEachIndexed { i, own ->
                val image = Shapes.at(x, i, 0)
                val one = listOf(grad(p) { loss(it, image, own) }, hvp(p, v) { loss(it, image, own) })
                all.zip(one) { found, expected ->
                    requireSameBits("example $i", found.tensors().map { Shapes.at(it, i, 0) }, expected.tensors())
                }
            }
            val plan = compile { (k, direction): Pair<Key, Params> -> each(k, direction) }
            for (seed in 5L..7L) {
                val found = plan.apply(Key.of(seed) to v)
                found.zip(each(Key.of(seed), v)) { a, b -> a.contentEquals(b) shouldBe true }
                found[0].contentEquals(all[0]) shouldBe (seed == 5L)
            }
            plan.explain(key to v) shouldNotBe "uncompiled"
        }

        test("a key whose bits are not known yet says so") {
            val bits = shouldThrow<UnknownNumberException> { graph(Key.of(1)) { Tensor.scalar(it.bits(0).toDouble()) } }
            bits.message shouldBe
                "bits: a key has no bits to be read while its function is captured or batched; " +
                "got Key[i32[4] symbolic]; draw tensors by Random, or do it outside of the function"
            for (ask in listOf<(Key) -> Any>({ it == Key.of(1) }, Key::hashCode, { Random.permutation(it, 3) })) {
                shouldThrow<UnknownNumberException> {
                    vmap(Key.of(1).batch(2)) { key ->
                        ask(key)
                        key
                    }
                }
            }
        }
    })
