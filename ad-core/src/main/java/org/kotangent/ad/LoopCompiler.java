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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * @param bodies an expression for each result
   * @param number the type of numeric nodes
   * @param operands the element types of the variables
   * @param single bit k is set when operand k is one number for all elements
   * @param shifted bit k is set when operand k is read at another position than the results
   */
  record Key(List<Expr> bodies, DType number, List<DType> operands, long single, long shifted) {
    DType result(int j) {
      return ExprCode.type(bodies.get(j), number, operands);
    }
  }

  /** Loops that are kept; the one used least recently is forgotten first. */
  private static final int KEPT = 1024;

  private static final Map<Key, Loop> CACHE =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Loop> eldest) {
              return size() > KEPT;
            }
          });

  private static final ClassDesc SELF =
      ClassDesc.of(LoopCompiler.class.getPackageName(), "CompiledLoop");
  private static final ClassDesc LOOP = ClassDesc.of(Loop.class.getName());
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          CD_Object.arrayType(),
          CD_int.arrayType(),
          CD_Object.arrayType(),
          CD_int,
          CD_int);
  private static final int IN = 1;
  private static final int AT = 2;
  private static final int OUT = 3;
  private static final int FROM = 4;
  private static final int TO = 5;

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
    Loop loop = CACHE.get(key);
    if (loop == null) {
      loop = define(key);
      CACHE.put(key, loop);
    }
    return loop;
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
    int[] shifts = new int[n];
    for (int k = 0; k < n; k++) {
      DType type = key.operands().get(k);
      values[k] = code.allocateLocal(scalar.kind(type));
      code.aload(IN).loadConstant(k).aaload().checkcast(ScalarCode.arrayOf(type));
      if (isSet(key.single(), k)) {
        code.aload(AT)
            .loadConstant(k)
            .iaload()
            .arrayLoad(ScalarCode.element(type))
            .storeLocal(scalar.kind(type), values[k]);
      } else {
        arrays[k] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(arrays[k]);
        if (isSet(key.shifted(), k)) {
          shifts[k] = code.allocateLocal(TypeKind.INT);
          code.aload(AT).loadConstant(k).iaload().istore(shifts[k]);
        }
      }
    }
    int[] out = new int[key.bodies().size()];
    for (int j = 0; j < out.length; j++) {
      out[j] = code.allocateLocal(TypeKind.REFERENCE);
      code.aload(OUT).loadConstant(j).aaload().checkcast(ScalarCode.arrayOf(key.result(j)));
      code.astore(out[j]);
    }
    Label head = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(head).iload(FROM).iload(TO).if_icmpge(end);
    for (int k = 0; k < n; k++) {
      if (!isSet(key.single(), k)) {
        DType type = key.operands().get(k);
        code.aload(arrays[k]).iload(FROM);
        if (isSet(key.shifted(), k)) {
          code.iload(shifts[k]).iadd();
        }
        code.arrayLoad(ScalarCode.element(type)).storeLocal(scalar.kind(type), values[k]);
      }
    }
    ExprCode body = new ExprCode(code, key.number(), key.operands(), values);
    key.bodies().forEach(body::compute);
    for (int j = 0; j < out.length; j++) {
      code.aload(out[j]).iload(FROM);
      body.load(key.bodies().get(j));
      code.arrayStore(ScalarCode.element(key.result(j)));
    }
    code.iinc(FROM, 1).goto_(head).labelBinding(end).return_();
  }

  private static boolean isSet(long bits, int operand) {
    return (bits >> operand & 1) == 1;
  }
}
