package org.kotangent.samples.runner

/**
 * Thrown by a script that was called with wrong arguments. The runner prints the message, without a stack trace, and
 * ends with exit code 2.
 */
public class UsageError(message: String) : RuntimeException(message)
