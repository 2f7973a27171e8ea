package dev.parley.app;

import dev.parley.media.renditions.Program;
import dev.parley.media.renditions.Programs;
import dev.parley.platform.cache.RedisClient;
import dev.parley.platform.db.SystemDb;
import dev.parley.platform.http.Input;
import dev.parley.platform.queue.GroupCommit;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// `/health/ready`: all parts of this process have started and the database answers.
@Readiness
@Singleton
final class ServerReadiness implements HealthCheck {
  private final Parts parts;
  private final SystemDb db;
  private final GroupCommit intake;
  private final RedisClient redis;
  private final Programs programs;

  ServerReadiness(
      Parts parts, SystemDb db, GroupCommit intake, RedisClient redis, Programs programs) {
    this.parts = parts;
    this.db = db;
    this.intake = intake;
    this.redis = redis;
    this.programs = programs;
  }

  @Override
  public HealthCheckResponse call() {
    var response =
        HealthCheckResponse.named("parley")
            .withData("parts", parts.ready() ? "started" : "not started or stopping")
            .withData("intakeWaiting", intake.waiting())
            // Of no weight: everything goes on without it.
            .withData("redis", Input.word(redis.state()))
            .withData("programsMissing", missing());
    try {
      boolean answers = db.answers();
      return response.withData("database", "answers").status(answers && parts.ready()).build();
    } catch (RuntimeException e) {
      return response.withData("database", "does not answer").down().build();
    }
  }

  /// Files are taken and served without them, so this is told and changes nothing.
  private String missing() {
    return programs.missing().stream().map(Program::word).collect(Collectors.joining(", "));
  }
}
