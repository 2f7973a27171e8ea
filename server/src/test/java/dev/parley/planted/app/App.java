package dev.parley.planted.app;

/// Nobody may use it.
public class App {}
