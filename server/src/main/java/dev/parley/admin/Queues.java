package dev.parley.admin;

import dev.parley.conversations.Conversations;
import dev.parley.conversations.MessageMedia;
import dev.parley.genesys.GenesysBridge;
import dev.parley.media.renditions.RenderFiles;
import dev.parley.platform.mail.Mails;
import java.util.List;

/// The work queues there are. An empty one is worth showing too: else nobody could tell it from one that is not looked
/// at.
public final class Queues {
  /// Their names.
  public static final List<String> ALL =
      List.of(
          "inbound-messages",
          Conversations.OUTBOUND,
          Mails.QUEUE,
          MessageMedia.QUEUE,
          RenderFiles.QUEUE,
          GenesysBridge.QUEUES.get(0),
          GenesysBridge.QUEUES.get(1),
          GenesysBridge.QUEUES.get(2));

  private Queues() {}
}
