package dev.parley.planted.contacts;

import dev.parley.planted.conversations.Conversation;
import io.vertx.core.Vertx;
import java.sql.SQLException;

/// Breaks: contacts use nobody above; SQL in stores; HTTP types at the edges.
public class Contact {
  /// A module above.
  public void conversation(Conversation conversation, Vertx vertx) throws SQLException {
    throw new SQLException(conversation + " " + vertx);
  }
}
