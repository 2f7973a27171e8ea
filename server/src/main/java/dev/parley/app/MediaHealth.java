package dev.parley.app;

import dev.parley.media.BlobStorage;
import dev.parley.media.Scans;
import dev.parley.media.StorageFailure;
import io.smallrye.health.api.Wellness;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/// `/health/well`: the storage of files can be reached, and their scanner answers where there is one. Neither makes the
/// server unready: everything but files goes on.
@Wellness
@Singleton
final class MediaHealth implements HealthCheck {
  private final BlobStorage storage;
  private final Scans scans;

  MediaHealth(BlobStorage storage, Scans scans) {
    this.storage = storage;
    this.scans = scans;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("files");
    boolean well = true;
    try {
      storage.check();
      response.withData("storage", "answers");
    } catch (StorageFailure e) {
      response.withData("storage", "does not answer");
      well = false;
    }
    Optional<Boolean> answers = scans.answers();
    response.withData(
        "scanner",
        answers.map(yes -> yes ? "answers" : "does not answer").orElse("not configured"));
    return response.status(well && answers.orElse(true)).build();
  }
}
