package dev.parley.admin;

import dev.parley.conversations.Conversations;
import dev.parley.conversations.MessageMedia;
import dev.parley.genesys.GenesysBridge;
import dev.parley.media.renditions.RenderFiles;
import dev.parley.platform.mail.Mails;
import java.util.List;
import java.util.stream.Stream;

/// The work queues there are. An empty one is worth showing too: else nobody could tell it from one that is not looked
/// at.
public final class Queues {
  /// Their names.
  public static final List<String> ALL =
      Stream.concat(
              Stream.of(
                  "inbound-messages",
                  Conversations.OUTBOUND,
                  Mails.QUEUE,
                  MessageMedia.QUEUE,
                  RenderFiles.QUEUE),
              GenesysBridge.QUEUES.stream())
          .toList();

  private Queues() {}
}
