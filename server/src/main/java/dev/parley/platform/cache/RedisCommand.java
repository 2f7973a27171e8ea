package dev.parley.platform.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// One command for Redis. Arguments are texts, numbers or bytes.
public record RedisCommand(String name, List<Object> arguments) {
  /// Copies the arguments.
  public RedisCommand {
    arguments = List.copyOf(arguments);
  }

  /// A command with its arguments.
  public static RedisCommand of(String name, Object... arguments) {
    return new RedisCommand(name, List.of(arguments));
  }

  /// Runs a script that was made known by [RedisClient#script] on one key.
  public static RedisCommand run(RedisScript script, String key, Collection<?> arguments) {
    var all = new ArrayList<Object>(arguments.size() + 3);
    all.add(script.sha());
    all.add(1);
    all.add(key);
    all.addAll(arguments);
    return new RedisCommand("EVALSHA", all);
  }
}
