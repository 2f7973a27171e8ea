package dev.parley.conversations;

import dev.parley.media.FileKind;
import dev.parley.media.FileState;
import dev.parley.media.FileUse;
import dev.parley.media.Files;
import dev.parley.media.StoredFile;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Tx;
import dev.parley.platform.http.Problem;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The picture of a group or channel: a file that is kept for as long as it is shown.
final class ChatPicture {
  private static final UUID NONE = new UUID(0, 0);

  private final Files files;

  ChatPicture(Files files) {
    this.files = files;
  }

  /// The picture after a change: null leaves it, the nil UUID takes it away.
  static @Nullable UUID next(Chat before, @Nullable UUID wanted) {
    if (wanted == null) {
      return before.avatarFileId();
    }
    return wanted.equals(NONE) ? null : wanted;
  }

  /// Keeps the picture for as long as it is shown. Throws a [Problem] when it is none.
  void show(Tx tx, Caller caller, Chat before, Chat after) {
    UUID file = after.avatarFileId();
    if (Objects.equals(before.avatarFileId(), file)) {
      return;
    }
    var use = new FileUse("conversation", after.id());
    files.release(tx, use);
    if (file != null) {
      StoredFile found = files.find(tx, caller, List.of(file)).get(file);
      if (found == null || found.kind() != FileKind.IMAGE || found.state() != FileState.READY) {
        throw Problem.invalid("avatarFileId", "must be the id of a picture that was uploaded");
      }
      files.use(tx, file, use);
    }
  }
}
