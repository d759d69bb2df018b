package org.kotangent.samples

import org.kotangent.samples.runner.UsageError
import java.nio.file.Path
import kotlin.properties.PropertyDelegateProvider
import kotlin.properties.ReadOnlyProperty
import kotlin.reflect.KProperty
import kotlin.system.exitProcess

/**
 * The options of a script: each is a property of that name, and may be read after [parse].
 *
 * ```kotlin
 * val options = Options("Trains a network.")
 * val epochs by options.int(5, "passes over the data") // --epochs N
 * options.parse(args)
 * ```
 *
 * @param purpose what the script does, in a sentence for `--help`
 */
public class Options(private val purpose: String) {
    private val declared = LinkedHashMap<String, Option<*>>()

    /** An option with a whole number of at least 1. */
    public fun int(default: Int, help: String): Declaration<Int> =
        declare("N", "$help (default $default)", "a whole number of at least 1", default) { text ->
            text.toIntOrNull()?.takeIf { it >= 1 }
        }

    /** An option with any whole number. */
    public fun long(default: Long, help: String): Declaration<Long> =
        declare("N", "$help (default $default)", "a whole number", default, String::toLongOrNull)

    /** An option with a directory, which may be absent. */
    public fun directory(help: String): Declaration<Path?> = declare("DIR", help, "a directory", null) { Path.of(it) }

    /** An option with a file, which may be absent. */
    public fun file(help: String): Declaration<Path?> = declare("FILE", help, "a file", null) { Path.of(it) }

    /**
     * Reads the command line. `--help` prints the options and ends the program.
     *
     * @throws UsageError naming everything that is wrong, in one line
     */
    public fun parse(args: Array<String>) {
        if ("--help" in args) {
            println(help())
            exitProcess(0)
        }
        val problems = read(args.toList())
        if (problems.isNotEmpty()) throw UsageError(problems.joinToString("") { "$it. " } + "--help lists the options.")
    }

    /** What the script does and its options, a line each. */
    public fun help(): String =
        declared.entries.joinToString("\n", prefix = "$purpose\n") { (name, option) -> option.describe(name) }

    private tailrec fun read(args: List<String>, problems: List<String> = emptyList()): List<String> {
        val name = args.firstOrNull() ?: return problems
        val option = declared[name]
        val value = args.getOrNull(1)?.takeUnless { it.startsWith("--") || !name.startsWith("--") }
        val problem =
            when {
                option == null -> "There is no option $name"
                value == null -> "$name needs ${option.rule}"
                else -> option.accept(value)?.let { "$name $it" }
            }
        return read(args.drop(if (value == null) 1 else 2), problems + listOfNotNull(problem))
    }

    private fun <T> declare(
        value: String,
        help: String,
        rule: String,
        default: T,
        read: (String) -> T?,
    ): Declaration<T> = PropertyDelegateProvider { _, property ->
        Option(value, help, rule, default, read).also { declared["--${property.name}"] = it }
    }
}

/** An option before it has a name. */
public typealias Declaration<T> = PropertyDelegateProvider<Any?, ReadOnlyProperty<Any?, T>>

private class Option<T>(
    private val value: String,
    private val help: String,
    val rule: String,
    default: T,
    private val read: (String) -> T?,
) : ReadOnlyProperty<Any?, T> {
    private var current = default

    override fun getValue(thisRef: Any?, property: KProperty<*>): T = current

    /** Takes the value, or says what is wrong with it. */
    fun accept(text: String): String? {
        current = read(text) ?: return "needs $rule; got $text"
        return null
    }

    fun describe(name: String) = "  %-16s %s".format("$name $value", help)
}
