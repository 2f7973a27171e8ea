package dev.parley.planted.unmarked;

/// Breaks: every package is null-marked.
public final class Unmarked {}
