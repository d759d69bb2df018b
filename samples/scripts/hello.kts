println("hello ${args.toList()} ${DType.F32} ${sin(0.0)}")
val lenet = run {
    println(1); println(2); listOf(1).map { it + 1 }; println(0)
    println(2)
    listOf(1).map { it + 1 }
    println(3)
    println(4)
}
if (args.contains("--fail")) error("wanted")
if (args.contains("--usage")) throw UsageError("usage")
