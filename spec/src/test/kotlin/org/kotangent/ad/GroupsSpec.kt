package org.kotangent.ad

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import org.kotangent.ad.internal.TotalOrder
import org.kotangent.spec.seed
import kotlin.random.Random

/** Operations each of which reads some of those before, most of them near, as [Links]. */
private fun links(random: Random, size: Int, near: Int): List<Set<Int>> = List(size) { k ->
    List(minOf(k, random.nextInt(4))) {
        if (random.nextInt(10) == 0) random.nextInt(k) else maxOf(0, k - 1 - random.nextInt(near))
    }.toSet()
}

private fun Links(sources: List<Set<Int>>): Links {
    val readers = sources.indices.map { k -> sources.indices.filter { k in sources[it] }.toIntArray() }
    return Links(sources.map { it.toIntArray() }, readers)
}

/** The groups of a graph by definition: whether a third is between two is asked of all ways there are. */
private class Plain(private val sources: List<Set<Int>>) {
    val group = sources.indices.toMutableList()

    private fun readers(g: Int) = sources.indices.filter { k -> sources[k].any { group[it] == g } }.map { group[it] }

    fun join(a: Int, b: Int): Boolean {
        val reached = mutableSetOf<Int>()
        val pending = ArrayDeque(readers(a).filter { it != a && it != b })
        while (pending.isNotEmpty()) {
            val g = pending.removeLast()
            if (reached.add(g)) pending += readers(g)
        }
        if (b !in reached) group.replaceAll { if (it == b) a else it }
        return b !in reached
    }
}

class GroupsSpec :
    FunSpec({
        test("two groups become one unless a third is between, as it is defined") {
            for (trial in 0 until 60) {
                val random = Random(seed + trial)
                val sources = links(random, size = 20 + 3 * trial, near = 1 + trial % 9)
                val groups = Groups(Links(sources))
                val plain = Plain(sources)
                repeat(300) {
                    val k = random.nextInt(sources.size)
                    val source = sources[k].randomOrNull(random) ?: return@repeat
                    val (a, b) = groups.of(source) to groups.of(k)
                    if (a != b) withClue("trial $trial: $a and $b") { groups.join(a, b) shouldBe plain.join(a, b) }
                }
                val order = groups.inOrder()
                order.flatMap { groups.members(it) }.sorted() shouldBe sources.indices.toList()
                for (k in sources.indices) {
                    groups.of(k) shouldBe plain.group[k]
                    sources[k].all { order.indexOf(groups.of(it)) <= order.indexOf(groups.of(k)) } shouldBe true
                }
            }
        }

        test("an order stays that of a list whose elements are moved as often, also to one place again and again") {
            for (places in listOf(1, 3, 200)) {
                val random = Random(seed + places)
                val order = TotalOrder(200)
                val list = (0 until 200).toMutableList()
                repeat(3_000) {
                    val x = random.nextInt(200)
                    val y = random.nextInt(places)
                    if (x == y) return@repeat
                    val after = random.nextBoolean()
                    if (after) order.moveAfter(x, y) else order.moveBefore(x, y)
                    list.remove(x)
                    list.add(list.indexOf(y) + if (after) 1 else 0, x)
                }
                list.sortedWith(order::compare) shouldBe list
                list.zipWithNext().all { (x, y) -> order.compare(x, y) < 0 } shouldBe true
            }
        }
    })
