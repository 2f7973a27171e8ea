package dev.parley.platform.cache;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The connections of one successful try. They come and go together.
final class RedisLineClient {
  private final Redis client;
  private final RedisConnection commands;

  RedisLineClient(Redis client, RedisConnection commands) {
    this.client = client;
    this.commands = commands;
  }

  /// The answers to commands that go out together, one for each; fails when one of them fails.
  CompletableFuture<List<RedisReply>> send(List<RedisCommand> all) {
    return commands
        .batch(all.stream().map(RedisLineClient::request).toList())
        .map(replies -> replies.stream().map(RedisLineClient::reply).toList())
        .toCompletionStage()
        .toCompletableFuture();
  }

  /// Fails everything that still waits for an answer.
  void close() {
    client.close();
  }

  private static Request request(RedisCommand command) {
    Request request = Request.cmd(Command.create(command.name()));
    for (Object argument : command.arguments()) {
      switch (argument) {
        case byte[] bytes -> request.arg(Buffer.buffer(bytes));
        case Number number -> request.arg(number.longValue());
        default -> request.arg(argument.toString());
      }
    }
    return request;
  }

  private static RedisReply reply(@Nullable Response response) {
    if (response == null) {
      return new RedisReply(null);
    }
    return switch (response.type()) {
      case NUMBER, BOOLEAN -> new RedisReply(response.toLong());
      case MULTI -> {
        var parts = new ArrayList<RedisReply>(response.size());
        for (int i = 0; i < response.size(); i++) {
          parts.add(reply(response.get(i)));
        }
        yield new RedisReply(List.copyOf(parts));
      }
      case BULK -> new RedisReply(response.toBytes());
      default -> new RedisReply(response.toString().getBytes(StandardCharsets.UTF_8));
    };
  }
}
