package dev.parley.media;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Another form of a file.
///
/// @param name such as `thumbnail-small`: 1 to 40 of a-z, 0-9 and dashes; unique in the file
/// @param metadata `width`, `height` and what else is known
public record Rendition(String name, String type, long size, String sha256, ObjectNode metadata) {}
