package dev.parley.platform.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a route that stores the `Idempotency-Key` with what it makes, in one transaction, and finds it there when the
/// request comes again: it needs no claim before and no answer kept afterwards.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OwnIdempotency {}
