package org.kotangent.ad.scalar;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.kotangent.ad.internal.Hidden;

/**
 * Turns a program into bytecode: three methods for each of its blocks, small enough for the JIT
 * compiler, and classes of some dozens of blocks.
 */
final class ProgramCompiler {
  private static final int BLOCKS_PER_CLASS = 64;
  private static final ClassDesc SELF = Hidden.self(Sweeps.class);
  private static final MethodTypeDesc VALUES = MethodTypeDesc.of(CD_void, CD_double.arrayType());
  private static final MethodTypeDesc DERIVATIVES =
      MethodTypeDesc.of(CD_void, CD_double.arrayType(), CD_double.arrayType());
  private static final int STATIC = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;

  private ProgramCompiler() {}

  static Sweeps compile(Program program) {
    List<Block> blocks = Block.of(program);
    boolean[] external = external(program, blocks);
    List<Sweeps> parts = new ArrayList<>();
    for (int from = 0; from < blocks.size(); from += BLOCKS_PER_CLASS) {
      List<Block> some = blocks.subList(from, Math.min(blocks.size(), from + BLOCKS_PER_CLASS));
      parts.add(
          Hidden.define(
              MethodHandles.lookup(), Sweeps.class, type -> members(type, some, external)));
    }
    return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
  }

  private static void members(ClassBuilder type, List<Block> blocks, boolean[] external) {
    for (int b = 0; b < blocks.size(); b++) {
      Block block = blocks.get(b);
      type.withMethodBody("forward" + b, VALUES, STATIC, c -> BlockCode.forward(c, block));
      boolean[] flags = ofBody(block, external);
      type.withMethodBody(
          "tangent" + b, DERIVATIVES, STATIC, c -> BlockCode.tangent(c, block, flags));
      type.withMethodBody(
          "reverse" + b, DERIVATIVES, STATIC, c -> BlockCode.reverse(c, block, flags));
    }
    int n = blocks.size();
    calls(type, "forward", VALUES, 1, n, i -> i);
    calls(type, "tangent", DERIVATIVES, 2, n, i -> i);
    calls(type, "reverse", DERIVATIVES, 2, n, i -> n - 1 - i);
  }

  /** A method of {@link Sweeps} that calls those of the blocks in the given order. */
  private static void calls(
      ClassBuilder type,
      String name,
      MethodTypeDesc signature,
      int arrays,
      int blocks,
      IntUnaryOperator order) {
    Consumer<CodeBuilder> body =
        code -> {
          for (int i = 0; i < blocks; i++) {
            for (int a = 1; a <= arrays; a++) {
              code.aload(a);
            }
            code.invokestatic(SELF, name + order.applyAsInt(i), signature);
          }
          code.return_();
        };
    type.withMethodBody(name, signature, ClassFile.ACC_PUBLIC, body);
  }

  /** Which places are used outside of the iteration that computes them: by results, by blocks. */
  private static boolean[] external(Program program, List<Block> blocks) {
    boolean[] external = new boolean[program.places()];
    for (int r = 0; r < program.results(); r++) {
      external[program.result(r)] = true;
    }
    for (Block block : blocks) {
      for (int j = 0; j < block.period(); j++) {
        for (int i = 0; i < program.op(block.first() + j).arity(); i++) {
          mark(program, block, j, i, external);
        }
      }
    }
    return external;
  }

  private static void mark(Program program, Block block, int j, int i, boolean[] external) {
    int place = program.operand(block.first() + j, i);
    switch (block.source(j, i)) {
      case Block.Source.Same _, Block.Source.Literal _ -> {}
      case Block.Source.Before _ -> external[place] = true;
      case Block.Source.Elsewhere _ -> {
        for (int t = 0; t < block.count(); t++) {
          external[place + t * block.stride(j, i)] = true;
        }
      }
    }
  }

  private static boolean[] ofBody(Block block, boolean[] external) {
    boolean[] flags = new boolean[block.period()];
    for (int t = 0; t < block.count(); t++) {
      for (int j = 0; j < flags.length; j++) {
        flags[j] |= external[block.place(j) + t * block.period()];
      }
    }
    return flags;
  }

  private record Sequence(List<Sweeps> parts) implements Sweeps {
    @Override
    public void forward(double[] v) {
      parts.forEach(part -> part.forward(v));
    }

    @Override
    public void tangent(double[] v, double[] t) {
      parts.forEach(part -> part.tangent(v, t));
    }

    @Override
    public void reverse(double[] v, double[] adjoint) {
      parts.reversed().forEach(part -> part.reverse(v, adjoint));
    }
  }
}
