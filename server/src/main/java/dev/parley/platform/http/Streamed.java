package dev.parley.platform.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a route that reads its body itself, by [StreamedBody], because it may be too large for memory. Nothing else may
/// read it: an `Idempotency-Key` is then bound to the request's line, its `Content-Type` and its `Content-Length`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Streamed {}
