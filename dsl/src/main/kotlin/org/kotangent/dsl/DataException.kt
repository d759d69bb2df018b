package org.kotangent.dsl

/**
 * Input data that cannot be used: a file that is missing, damaged or of another kind than it should be.
 *
 * The message is one line of the form `what: rule; got …; what to do` and begins with the file or directory.
 */
public class DataException(message: String, cause: Throwable? = null) : RuntimeException(message, cause)

/** The one place where the messages of [DataException] are put together. */
internal fun badData(what: Any, rule: String, got: String, remedy: String, cause: Throwable? = null): DataException =
    DataException("$what: $rule; got $got; $remedy", cause)
