package dev.parley.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.media.MediaFixture;
import dev.parley.media.NewFile;
import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.http.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserPicturesTest {
  private final MediaFixture all = MediaFixture.create();
  private final UserPictures pictures = new UserPictures(all.files);

  @AfterAll
  void close() {
    all.close();
  }

  private boolean set(TenantId tenant, UUID user, @Nullable UUID file) {
    return all.db
        .tenants()
        .inTenant(tenant, tx -> pictures.set(tx, Caller.system(tenant), user, file));
  }

  private UUID picture(Caller caller) {
    return all.store(
            caller, NewFile.from("test").named("me.png").ofType("image/png"), MediaFixture.PNG)
        .id();
  }

  private boolean isUsed(UUID file) {
    Problem refused = catchThrowableOfType(Problem.class, () -> all.files.delete(all.inAcme, file));
    return refused != null && refused.code() == Problem.Code.WRONG_STATE;
  }

  @Test
  void aPictureIsKeptWhileItIsUsed() {
    UUID user = Ids.next();
    UUID first = picture(all.inAcme);
    UUID second = picture(all.inAcme);
    assertThat(set(all.acme, user, first)).isTrue();
    assertThat(isUsed(first)).isTrue();
    assertThat(set(all.acme, user, second)).isTrue();
    assertThat(isUsed(second)).isTrue();
    all.files.delete(all.inAcme, first);
    assertThat(set(all.acme, user, null)).isTrue();
    all.files.delete(all.inAcme, second);
    assertThat(set(all.acme, user, second)).isFalse();
  }

  @Test
  void onlyAPictureOfTheOwnTenantWillDo() {
    UUID user = Ids.next();
    assertThat(set(all.acme, user, all.text(all.inAcme, "not a picture").id())).isFalse();
    assertThat(set(all.acme, user, picture(all.inGlobex))).isFalse();
    assertThat(set(all.acme, user, Ids.next())).isFalse();
  }
}
