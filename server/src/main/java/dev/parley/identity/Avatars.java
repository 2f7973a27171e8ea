package dev.parley.identity;

import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Tx;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where the pictures of users are kept. Files belong to another module; who wires the program says how they are used.
public interface Avatars {
  /// Makes a file the picture of a user, in the place of the one before; null takes that away. Answers false, and
  /// changes nothing, when the transaction's tenant has no file of that id that the caller may name, that is a picture and
  /// can be shown.
  boolean set(Tx tx, Caller caller, UUID user, @Nullable UUID file);
}
