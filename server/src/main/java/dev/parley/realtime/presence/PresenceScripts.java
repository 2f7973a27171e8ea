package dev.parley.realtime.presence;

import dev.parley.platform.cache.RedisScript;

/// What Redis does for the board in one step each. Keys, all below `KEYS[1]`:
///
/// - `:nodes` a sorted set of the nodes by the time, in ms, until which they count as alive
/// - `:<shard>:<node>` a hash of what the node knows of its users: tenant and user, 32 bytes, to a standing's code
///
/// A node's hashes outlive it for a while, so that another one can tell who went with it. Records in arguments and on
/// channels are 42 bytes: tenant, user, a code, the time last seen in ms, whether of the team.
final class PresenceScripts {
  private static final String COMMON =
      """
      local root = KEYS[1]
      local clock = redis.call('TIME')
      local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
      local function alive() return redis.call('ZRANGEBYSCORE', root .. ':nodes', string.format('(%.0f', now), '+inf') end
      local function best(key, field, least)
        local code = tonumber(redis.call('HGET', key, field) or 0)
        return code > least and code or least
      end
      local function shown(code) return code == 3 and 1 or code end
      """;

  /// Writes standings of one shard. Arguments: node, shard, life in ms, whom to tell (`changed`, `all`, `none`), channel,
  /// records. Answers by how much the node's hash has grown.
  static final RedisScript PUT =
      RedisScript.of(
          COMMON
              + """
              local node, shard, life, whom, channel = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
              local own = root .. ':' .. shard .. ':' .. node
              local others = {}
              for _, other in ipairs(alive()) do
                if other ~= node then others[#others + 1] = root .. ':' .. shard .. ':' .. other end
              end
              local grown, news = 0, {}
              for i = 6, #ARGV do
                local field, code = string.sub(ARGV[i], 1, 32), string.byte(ARGV[i], 33)
                local rest = 0
                for _, other in ipairs(others) do rest = best(other, field, rest) end
                local was, is = best(own, field, rest), math.max(rest, code)
                if code == 0 then grown = grown - redis.call('HDEL', own, field)
                else grown = grown + redis.call('HSET', own, field, code) end
                if whom == 'all' or (whom == 'changed' and shown(was) ~= shown(is)) then
                  news[#news + 1] = field .. string.char(is) .. string.sub(ARGV[i], 34, 42)
                end
              end
              redis.call('PEXPIRE', own, life * 3)
              if #news > 0 then redis.call('PUBLISH', channel, table.concat(news)) end
              return grown
              """);

  /// A sign of life of a node. Arguments: node, life in ms, number of shards. Answers the sizes of its hashes, shard by
  /// shard, and then the names of nodes that have died.
  static final RedisScript BEAT =
      RedisScript.of(
          COMMON
              + """
              local node, life = ARGV[1], tonumber(ARGV[2])
              redis.call('ZADD', root .. ':nodes', string.format('%.0f', now + life), node)
              local answer = {}
              for shard = 0, ARGV[3] - 1 do
                local own = root .. ':' .. shard .. ':' .. node
                answer[#answer + 1] = redis.call('HLEN', own)
                redis.call('PEXPIRE', own, life * 3)
              end
              for _, dead in ipairs(redis.call('ZRANGEBYSCORE', root .. ':nodes', '-inf', string.format('%.0f', now))) do
                answer[#answer + 1] = dead
              end
              return answer
              """);

  /// Takes some of a dead node's users out. Arguments: its name, its life in ms, number of shards, start of the channels'
  /// names, how many users about. Answers whether there are more, and then the records of those who are offline now; whether
  /// they were of the team is not known any more.
  static final RedisScript REAP =
      RedisScript.of(
          COMMON
              + """
              local dead, life, left = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[5])
              local until_ = tonumber(redis.call('ZSCORE', root .. ':nodes', dead) or now + 1)
              if until_ > now then return {0} end
              local seen = struct.pack('>I8', until_ - life) .. string.char(1)
              local answer = {0}
              for shard = 0, ARGV[3] - 1 do
                local key, news = root .. ':' .. shard .. ':' .. dead, {}
                local some = left > 0 and redis.call('HSCAN', key, 0, 'COUNT', left)[2] or {}
                for i = 1, #some, 2 do
                  local field, rest = some[i], 0
                  for _, other in ipairs(alive()) do rest = best(root .. ':' .. shard .. ':' .. other, field, rest) end
                  if shown(math.max(rest, tonumber(some[i + 1]))) ~= shown(rest) then
                    news[#news + 1] = field .. string.char(rest) .. seen
                    if rest == 0 then answer[#answer + 1] = news[#news] end
                  end
                  redis.call('HDEL', key, field)
                end
                left = left - #some / 2
                if #news > 0 then redis.call('PUBLISH', ARGV[4] .. shard, table.concat(news)) end
                if redis.call('EXISTS', key) == 1 then answer[1] = 1 end
              end
              if answer[1] == 0 then redis.call('ZREM', root .. ':nodes', dead) end
              return answer
              """);

  /// Reads users of one shard. Arguments: shard, the reading node or nothing, fields. Answers how many nodes are alive,
  /// whether the reading one is among them, and the users' codes.
  static final RedisScript READ =
      RedisScript.of(
          COMMON
              + """
              local answer, nodes = {0, 0}, alive()
              answer[1] = #nodes
              for i = 3, #ARGV do answer[i] = 0 end
              for _, node in ipairs(nodes) do
                if node == ARGV[2] then answer[2] = 1 end
                for i = 3, #ARGV do answer[i] = best(root .. ':' .. ARGV[1] .. ':' .. node, ARGV[i], answer[i]) end
              end
              return answer
              """);

  private PresenceScripts() {}
}
