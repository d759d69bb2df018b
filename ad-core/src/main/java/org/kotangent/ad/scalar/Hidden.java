package org.kotangent.ad.scalar;

import static java.lang.constant.ConstantDescs.CD_Object;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/** Classes made at run time, which the garbage collector frees with their last instance. */
final class Hidden {
  static final ClassDesc SELF = ClassDesc.of(Hidden.class.getPackageName(), "Generated");

  private Hidden() {}

  /** An instance of a new class that implements an interface of this package. */
  static <T> T define(Class<T> type, Consumer<ClassBuilder> members) {
    byte[] bytes =
        ClassFile.of()
            .build(
                SELF,
                builder -> {
                  builder
                      .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                      .withInterfaceSymbols(ClassDesc.of(type.getName()))
                      .withMethodBody(
                          ConstantDescs.INIT_NAME,
                          ConstantDescs.MTD_void,
                          ClassFile.ACC_PUBLIC,
                          code ->
                              code.aload(0)
                                  .invokespecial(
                                      CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                  .return_());
                  members.accept(builder);
                });
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      var constructor =
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
      return type.cast(constructor.invoke());
    } catch (Throwable e) {
      throw new IllegalStateException("cannot define a " + type.getSimpleName(), e);
    }
  }
}
