package org.kotangent.ad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.kotangent.ad.internal.ExprCode;
import org.kotangent.ad.internal.ScalarCode;

/**
 * Turns an expression into bytecode: one flat loop whose arrays all share the index, which is the
 * form the JIT compiler vectorises.
 */
final class LoopCompiler {
  /**
   * What a loop is compiled for.
   *
   * @param body the expression
   * @param number the type of its numeric nodes
   * @param operands the element types of its variables
   * @param single bit k is set when operand k is one number for all elements
   */
  record Key(Expr body, DType number, List<DType> operands, long single) {
    DType result() {
      return ExprCode.type(body, number, operands);
    }
  }

  private static final Map<Key, Loop> CACHE = new ConcurrentHashMap<>();
  private static final ClassDesc SELF =
      ClassDesc.of(LoopCompiler.class.getPackageName(), "CompiledLoop");
  private static final ClassDesc LOOP = ClassDesc.of(Loop.class.getName());
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_Object.arrayType(), CD_Object, CD_int, CD_int);
  private static final int IN = 1;
  private static final int OUT = 2;
  private static final int FROM = 3;
  private static final int TO = 4;

  private final CodeBuilder code;
  private final Key key;
  private final ScalarCode scalar;
  private final int[] values;

  private LoopCompiler(CodeBuilder code, Key key) {
    this.code = code;
    this.key = key;
    this.scalar = new ScalarCode(code, key.number());
    this.values = new int[key.operands().size()];
  }

  /** The loop for the key, compiled on first use. */
  static Loop compile(Key key) {
    return CACHE.computeIfAbsent(key, LoopCompiler::define);
  }

  private static Loop define(Key key) {
    byte[] bytes =
        ClassFile.of()
            .build(
                SELF,
                type ->
                    type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                        .withInterfaceSymbols(LOOP)
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            ClassFile.ACC_PUBLIC,
                            LoopCompiler::constructor)
                        .withMethodBody(
                            "run",
                            RUN,
                            ClassFile.ACC_PUBLIC,
                            code -> new LoopCompiler(code, key).emit()));
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      var constructor =
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
      return (Loop) constructor.invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("cannot compile " + key, e);
    }
  }

  private static void constructor(CodeBuilder code) {
    code.aload(0)
        .invokespecial(CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
        .return_();
  }

  private void emit() {
    int n = values.length;
    int[] arrays = new int[n];
    for (int k = 0; k < n; k++) {
      DType type = key.operands().get(k);
      values[k] = code.allocateLocal(scalar.kind(type));
      code.aload(IN).loadConstant(k).aaload().checkcast(ScalarCode.arrayOf(type));
      if (isSingle(k)) {
        code.iconst_0()
            .arrayLoad(ScalarCode.element(type))
            .storeLocal(scalar.kind(type), values[k]);
      } else {
        arrays[k] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(arrays[k]);
      }
    }
    int out = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(OUT).checkcast(ScalarCode.arrayOf(key.result())).astore(out);
    Label head = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(head).iload(FROM).iload(TO).if_icmpge(end);
    for (int k = 0; k < n; k++) {
      if (!isSingle(k)) {
        DType type = key.operands().get(k);
        code.aload(arrays[k])
            .iload(FROM)
            .arrayLoad(ScalarCode.element(type))
            .storeLocal(scalar.kind(type), values[k]);
      }
    }
    ExprCode body = new ExprCode(code, key.number(), key.operands(), values);
    body.compute(key.body());
    code.aload(out).iload(FROM);
    body.load(key.body());
    code.arrayStore(ScalarCode.element(key.result()));
    code.iinc(FROM, 1).goto_(head).labelBinding(end).return_();
  }

  private boolean isSingle(int operand) {
    return (key.single() >> operand & 1) == 1;
  }
}
