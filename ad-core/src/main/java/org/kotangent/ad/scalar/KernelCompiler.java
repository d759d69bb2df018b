package org.kotangent.ad.scalar;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.kotangent.ad.DType;
import org.kotangent.ad.Expr;
import org.kotangent.ad.internal.ExprCode;
import org.kotangent.ad.internal.Hidden;

/** Turns a rule into bytecode: a method for the value and one for the partials. */
final class KernelCompiler {
  private static final MethodTypeDesc VALUE =
      MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_double);
  private static final MethodTypeDesc PARTIAL =
      MethodTypeDesc.of(CD_double, CD_int, CD_double, CD_double, CD_double, CD_double);

  private KernelCompiler() {}

  static Kernel compile(Rule rule) {
    return Hidden.define(
        MethodHandles.lookup(),
        Kernel.class,
        type ->
            type.withMethodBody(
                    "value",
                    VALUE,
                    ClassFile.ACC_PUBLIC,
                    code -> result(code, rule.body(), slots(rule.arity(), code, 0)))
                .withMethodBody(
                    "partial", PARTIAL, ClassFile.ACC_PUBLIC, code -> partials(code, rule)));
  }

  private static void partials(CodeBuilder code, Rule rule) {
    int[] slots = slots(rule.arity(), code, 1);
    slots[rule.arity()] = code.parameterSlot(4);
    List<SwitchCase> cases = new ArrayList<>();
    for (int i = 1; i < rule.arity(); i++) {
      cases.add(SwitchCase.of(i, code.newLabel()));
    }
    var first = code.newLabel();
    code.iload(code.parameterSlot(0)).lookupswitch(first, cases).labelBinding(first);
    result(code, rule.partial(0), slots);
    for (int i = 1; i < rule.arity(); i++) {
      code.labelBinding(cases.get(i - 1).target());
      result(code, rule.partial(i), slots);
    }
  }

  private static int[] slots(int arity, CodeBuilder code, int before) {
    int[] slots = new int[arity + 1];
    for (int i = 0; i < arity; i++) {
      slots[i] = code.parameterSlot(before + i);
    }
    return slots;
  }

  private static void result(CodeBuilder code, Expr e, int[] slots) {
    ExprCode body =
        new ExprCode(code, DType.F64, Collections.nCopies(slots.length, DType.F64), slots);
    body.compute(e);
    body.load(e);
    code.dreturn();
  }
}
