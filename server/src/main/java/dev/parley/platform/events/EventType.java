package dev.parley.platform.events;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The public name of an event record and the version of its data.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventType {
  /// Dotted, past tense: `message.received`.
  String value();

  /// Raised when the data changes in a way that old readers cannot follow.
  int version() default 1;

  /// One sentence for the catalogue.
  String doc();
}
