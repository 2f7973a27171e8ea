package dev.parley.platform.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The permission that a route asks for. Every route carries this or [Requires.Nothing]; a test
/// refuses one that has neither.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Requires {
  /// The permission.
  Permission value();

  /// Permissions of which any one will do instead; what is then permitted the route decides by what it is about.
  Permission[] or() default {};

  /// Marks a route that anybody may call, such as sign-in.
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.METHOD, ElementType.TYPE})
  @interface Nothing {}
}
