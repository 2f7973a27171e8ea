package dev.parley.app;

import dev.parley.identity.Avatars;
import dev.parley.media.FileKind;
import dev.parley.media.FileState;
import dev.parley.media.FileUse;
import dev.parley.media.Files;
import dev.parley.media.StoredFile;
import dev.parley.platform.access.Caller;
import dev.parley.platform.db.Tx;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Users' pictures are files: one that is used is kept, and one that is not used any more goes like other files.
@Singleton
final class UserPictures implements Avatars {
  private final Files files;

  UserPictures(Files files) {
    this.files = files;
  }

  @Override
  public boolean set(Tx tx, Caller caller, UUID user, @Nullable UUID file) {
    if (file != null
        && files.find(tx, caller, List.of(file)).values().stream().noneMatch(this::shows)) {
      return false;
    }
    var use = new FileUse("avatar", user);
    files.release(tx, use);
    if (file != null) {
      files.use(tx, file, use);
    }
    return true;
  }

  private boolean shows(StoredFile file) {
    return file.kind() == FileKind.IMAGE && file.state() == FileState.READY;
  }
}
