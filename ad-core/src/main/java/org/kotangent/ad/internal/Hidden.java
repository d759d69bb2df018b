package org.kotangent.ad.internal;

import static java.lang.constant.ConstantDescs.CD_Object;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/** Classes made at run time, which the garbage collector frees with their last instance. */
public final class Hidden {
  private Hidden() {}

  /** What a class that implements a type is called in its own code. */
  public static ClassDesc self(Class<?> type) {
    return ClassDesc.of(type.getPackageName(), "Compiled" + type.getSimpleName());
  }

  /**
   * An instance of a new class that implements an interface.
   *
   * @param lookup the access of the interface's package
   * @param type the interface
   * @param members writes the methods of the class
   */
  public static <T> T define(Lookup lookup, Class<T> type, Consumer<ClassBuilder> members) {
    byte[] bytes =
        ClassFile.of()
            .build(
                self(type),
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
      Lookup hidden = lookup.defineHiddenClass(bytes, true);
      var constructor =
          hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class));
      return type.cast(constructor.invoke());
    } catch (Throwable e) {
      throw new IllegalStateException("cannot define a " + type.getSimpleName(), e);
    }
  }
}
