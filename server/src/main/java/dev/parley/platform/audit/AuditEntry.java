package dev.parley.platform.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.access.Caller;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One act.
///
/// @param actorName the actor's name at that time
/// @param action dotted, past tense: `user.created`
/// @param targetType what kind of thing it was done to: `user`
/// @param targetId which one; null where the action says it all
/// @param detail a JSON object; never a secret
/// @param ip the client's address, null for what Parley did by itself
public record AuditEntry(
    UUID id,
    Instant time,
    Caller.Kind actorKind,
    UUID actorId,
    String actorName,
    String action,
    String targetType,
    @Nullable String targetId,
    JsonNode detail,
    @Nullable String ip,
    String correlationId) {}
