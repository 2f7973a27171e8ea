package dev.parley.realtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Something that clients are told and that is not in the event log, for the documents.
///
/// @param name as clients get it
/// @param doc what it means
/// @param fields what it holds
public record NoticeForms(String name, String doc, Map<String, String> fields) {
  /// All of them.
  public static final List<NoticeForms> ALL =
      List.of(
          form(
              "hello",
              "The client is let in.",
              "connectionId",
              "Id of the connection",
              "userId",
              "Who it is: a user or an API key",
              "tenantId",
              "The tenant",
              "heartbeatMs",
              "How often the server asks for a sign of life",
              "maxFrame",
              "Most characters of a command"),
          form(
              "snapshot.required",
              "Some of what the client has missed is deleted or too much: read everything anew. Events go on after the"
                  + " cursor.",
              "cursor",
              "Where events go on"),
          form(
              "server.draining",
              "This process goes; connect again, to another one if there is one, after that time.",
              "retryAfterMs",
              "Differs from client to client"),
          form(
              "closing",
              "The server ends the stream; a socket is closed with a code in place of it.",
              "reason",
              "One of the reasons of closing"),
          form(
              "typing.started",
              "A user writes in a conversation.",
              "conversationId",
              "The conversation",
              "userId",
              "The user",
              "expiresInMs",
              "After that time without this again they have stopped"),
          form(
              "typing.stopped",
              "A user has stopped writing.",
              "conversationId",
              "The conversation",
              "userId",
              "The user"),
          form(
              "conversation.viewing",
              "A user looks at a conversation.",
              "conversationId",
              "The conversation",
              "userId",
              "The user",
              "expiresInMs",
              "After that time without this again they no longer do"),
          form(
              "conversation.viewing-ended",
              "A user no longer looks at a conversation.",
              "conversationId",
              "The conversation",
              "userId",
              "The user"),
          form(
              "rights.changed",
              "What the caller may do has changed; the connection stays.",
              "permissions",
              "What the caller may do now, as in the API document",
              "ended",
              "Topics that are followed no longer"),
          form(
              "presence.updated",
              "A user with whom one shares a conversation has come, is away or has gone.",
              "userId",
              "The user",
              "state",
              "online, away, offline or unknown",
              "lastSeenAt",
              "When they were last there"),
          form("presence.online", "The same, when the user has come.", "userId", "The user"));

  private static NoticeForms form(String name, String doc, String... fieldsAndDocs) {
    var fields = new LinkedHashMap<String, String>();
    for (int i = 0; i < fieldsAndDocs.length; i += 2) {
      fields.put(fieldsAndDocs[i], fieldsAndDocs[i + 1]);
    }
    return new NoticeForms(name, doc, fields);
  }
}
