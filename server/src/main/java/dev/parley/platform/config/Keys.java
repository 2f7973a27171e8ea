package dev.parley.platform.config;

import dev.parley.platform.crypto.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every configuration key there is. `docs/config.md` is made from this list.
public final class Keys {
  private Keys() {}

  public static final Key<String> DATA_DIR =
      Key.text("data.dir", "data", "Folder for the embedded database, generated keys and files");
  public static final Key<List<String>> ROLES =
      Key.list(
          "roles",
          "all",
          "Roles that this process runs: all, or some of api, ingress, realtime, worker");
  public static final Key<String> HTTP_HOST =
      Key.text("http.host", "0.0.0.0", "Address to listen on");
  public static final Key<Integer> HTTP_PORT =
      Key.number("http.port", 8080, 0, 65535, "Port to listen on; 0 takes a free one");
  public static final Key<String> PUBLIC_URL =
      Key.text(
          "public.url",
          null,
          "Address under which the outside reaches this installation, such as https://chat.example.com");
  public static final Key<String> BASE_DOMAIN =
      Key.text(
          "base.domain",
          null,
          "Domain whose subdomains name tenants: with chat.example.com, acme.chat.example.com is tenant acme");
  public static final Key<String> DATABASE_URL =
      Key.text(
          "database.url",
          null,
          "JDBC URL of PostgreSQL 15 or newer; without it an embedded one is started in data.dir");
  public static final Key<String> DATABASE_OWNER_USER =
      Key.text(
          "database.owner.user",
          "postgres",
          "User that owns the tables and runs migrations (external database)");
  public static final Key<Secret> DATABASE_OWNER_PASSWORD =
      Key.secret("database.owner.password", "Password of that user");
  public static final Key<Secret> DATABASE_PASSWORD =
      Key.secret(
          "database.password",
          "Password of the working roles parley_app, parley_intake and parley_system (external database)");
  public static final Key<Integer> DATABASE_POOL =
      Key.number("database.pool", 12, 2, 500, "Connections for tenants' work");
  public static final Key<Boolean> DATABASE_MIGRATE =
      Key.flag("database.migrate", true, "Whether to migrate the schema at start");
  public static final Key<Secret> CRYPTO_KEYS =
      Key.secret(
          "crypto.keys",
          "Field encryption keys as id:base64 of 32 bytes, comma-separated, the active one first; without it a key file in data.dir is made");
  public static final Key<Integer> INTAKE_WRITERS =
      Key.number(
          "intake.writers",
          1,
          1,
          16,
          "Connections that commit incoming webhooks, each a batch at a time");
  public static final Key<Integer> INTAKE_QUEUE =
      Key.number(
          "intake.queue",
          50_000,
          100,
          1_000_000,
          "Updates waiting for their commit before new webhooks get 503");
  public static final Key<Integer> WORKERS =
      Key.number("workers", 4, 1, 64, "Lanes of one queue that a process works on at a time");
  public static final Key<Integer> QUEUE_BATCH =
      Key.number("queue.batch", 250, 1, 2000, "Most items that one transaction takes from a queue");
  public static final Key<Integer> QUEUE_TRIES =
      Key.number("queue.tries", 5, 1, 100, "Tries before an item becomes a dead letter");
  public static final Key<Duration> QUEUE_POLL =
      Key.duration(
          "queue.poll",
          "200ms",
          "How often queues and the event log are looked at when nobody hints");
  public static final Key<Duration> LEASE =
      Key.duration(
          "lease", "10s", "How long a lane stays with a process that gives no sign of life");
  public static final Key<Integer> SENDS =
      Key.number("sends", 64, 1, 10_000, "Calls to providers under way at a time");
  public static final Key<Integer> SENDS_EACH =
      Key.number("sends.each", 32, 1, 10_000, "Most of them for one tenant");
  public static final Key<Duration> UNKNOWN_HOLD =
      Key.duration(
          "unknown.hold",
          "60s",
          "How long a send without an answer waits for a status before the channel's policy decides");
  public static final Key<String> GRAPH_URL =
      Key.text(
          "whatsapp.graph.url",
          "https://graph.facebook.com",
          "Base address of the WhatsApp Graph API");
  public static final Key<String> GRAPH_VERSION =
      Key.text("whatsapp.graph.version", "v23.0", "Version of the Graph API");
  public static final Key<Duration> GRAPH_TIMEOUT =
      Key.duration(
          "whatsapp.graph.timeout",
          "20s",
          "How long a call of the Graph API may take before its outcome is unknown");
  public static final Key<String> GENESYS_LOGIN_URL =
      Key.text(
          "genesys.login.url",
          "https://login.{region}",
          "Base address of Genesys Cloud's login; {region} stands for the integration's region");
  public static final Key<String> GENESYS_API_URL =
      Key.text(
          "genesys.api.url",
          "https://api.{region}",
          "Base address of Genesys Cloud's Platform API; {region} stands for the integration's region");
  public static final Key<String> GENESYS_APPS_URL =
      Key.text(
          "genesys.apps.url",
          "https://apps.{region}",
          "Origin of the Genesys Cloud desktop, the only one that may frame the agents' widget; {region} as above");
  public static final Key<Duration> GENESYS_WIDGET_LIFE =
      Key.duration(
          "genesys.widget.life",
          "1h",
          "How long an agent may use the widget before signing in again");
  public static final Key<Duration> GENESYS_WIDGET_CHECK =
      Key.duration(
          "genesys.widget.check",
          "2m",
          "How often Genesys Cloud is asked whether the agent with the widget is still on the conversation");
  public static final Key<Duration> GENESYS_TIMEOUT =
      Key.duration(
          "genesys.timeout",
          "15s",
          "How long a call of Genesys Cloud may take before its outcome is unknown");
  public static final Key<Duration> GENESYS_HOLD =
      Key.duration(
          "genesys.hold",
          "10s",
          "How long a message that Genesys gave no answer to waits for a receipt before it is posted again");
  public static final Key<Integer> GENESYS_RATE =
      Key.number(
          "genesys.rate.per.minute",
          300,
          10,
          100_000,
          "Calls of Genesys Cloud in a minute for one OAuth client, in all processes together");
  public static final Key<Duration> GENESYS_FILE_LIFE =
      Key.duration(
          "genesys.file.life",
          "24h",
          "How long the addresses of customers' files live that Genesys Cloud is given; at most 7d");
  public static final Key<Duration> GENESYS_FILE_WAIT =
      Key.duration(
          "genesys.file.wait",
          "60s",
          "How long a message waits for its file before Genesys' agents are told that it follows");
  public static final Key<Integer> MEDIA_FETCHES =
      Key.number("media.fetches", 16, 1, 1000, "Customers' files that a process fetches at a time");
  public static final Key<Integer> MEDIA_FETCHES_EACH =
      Key.number(
          "media.fetches.each",
          4,
          1,
          1000,
          "How many of these may be of one tenant, so that a provider that hangs for it stops no other");
  public static final Key<Duration> MEDIA_FETCH_TIMEOUT =
      Key.duration("media.fetch.timeout", "10m", "How long a file may take from or to a provider");
  public static final Key<Duration> MEDIA_FETCH_SILENCE =
      Key.duration(
          "media.fetch.silence",
          "20s",
          "How long a provider may be silent in the middle of a file before the call is given up");
  public static final Key<Duration> MEDIA_FETCH_EXPIRY =
      Key.duration(
          "media.fetch.expiry",
          "24h",
          "After how long a customer's file that the provider does not hand over is given up");
  public static final Key<Duration> SEND_EXPIRY =
      Key.duration(
          "send.expiry", "24h", "After how long of refusals \"for now\" a message is given up");
  public static final Key<Integer> RENDITIONS_PARALLEL =
      Key.number(
          "renditions.parallel",
          3,
          1,
          64,
          "Files that renditions are made of at a time, one fewer of one tenant; also optional programs at a time");
  public static final Key<Duration> RENDITIONS_TIME =
      Key.duration("renditions.time", "60s", "Most time for one run of an optional program");
  public static final Key<Integer> RENDITIONS_MEMORY =
      Key.number(
          "renditions.memory",
          1024,
          128,
          65_536,
          "MiB of memory for one run of an optional program");
  public static final Key<List<String>> HTTP_ALLOW =
      Key.list(
          "http.allow",
          "",
          "host:port pairs that outgoing calls may reach although they are private or plain http");
  public static final Key<List<String>> HTTP_PROXIES =
      Key.list(
          "http.proxies",
          "",
          "Addresses of proxies whose X-Forwarded-For, -Proto and -Host are believed; names, IPs or CIDR");
  public static final Key<String> REDIS_URL =
      Key.text(
          "redis.url",
          null,
          "Redis that several processes share for presence, limits and quick news of each other, such as redis://cache:6379/0 (rediss:// for TLS); without it each keeps its own");
  public static final Key<Secret> REDIS_PASSWORD =
      Key.secret("redis.password", "Password of that Redis");
  public static final Key<Duration> REDIS_TIMEOUT =
      Key.duration(
          "redis.timeout",
          "250ms",
          "How long an answer of Redis may take before the process goes on without it");
  public static final Key<Integer> LIMIT_AUTH =
      Key.number(
          "limit.auth",
          50,
          0,
          1_000_000,
          "Requests per second from one address to routes that need no sign-in; 0 for no limit");
  public static final Key<Integer> LIMIT_READ =
      Key.number(
          "limit.read",
          1000,
          0,
          1_000_000,
          "Reading requests per second of a tenant; 0 for no limit");
  public static final Key<Integer> LIMIT_WRITE =
      Key.number(
          "limit.write",
          500,
          0,
          1_000_000,
          "Changing requests per second of a tenant; 0 for no limit");
  public static final Key<Integer> LIMIT_WEBHOOK =
      Key.number(
          "limit.webhook",
          0,
          0,
          1_000_000,
          "Webhooks per second of a tenant, more get 429 and come again; 0 for no limit");
  public static final Key<Duration> PRESENCE_LIFE =
      Key.duration(
          "presence.life",
          "300s",
          "After how long without a sign of life a device counts as gone (1s to 1h)");
  public static final Key<Duration> PRESENCE_IDLE =
      Key.duration(
          "presence.idle",
          "10m",
          "After how long without anything being done on it a device counts as away (1s to 1h)");
  public static final Key<Duration> TYPING_LIFE =
      Key.duration(
          "typing.life", "6s", "How long somebody counts as typing without saying so again");
  public static final Key<Duration> VIEWING_LIFE =
      Key.duration(
          "viewing.life",
          "30s",
          "How long somebody counts as looking at a conversation without saying so again");
  public static final Key<Integer> EVENTS_MEMORY =
      Key.number(
          "events.memory",
          64,
          1,
          65_536,
          "Megabytes for the latest events, from which sockets and waiting readers are served");
  public static final Key<Integer> REALTIME_CONNECTIONS =
      Key.number(
          "realtime.connections", 50_000, 1, 1_000_000, "Most live connections of a process");
  public static final Key<Integer> REALTIME_TENANT_CONNECTIONS =
      Key.number(
          "realtime.connections.tenant",
          20_000,
          1,
          1_000_000,
          "Most live connections of a tenant in a process");
  public static final Key<Integer> REALTIME_USER_CONNECTIONS =
      Key.number(
          "realtime.connections.user",
          50,
          1,
          1_000_000,
          "Most live connections of a user or API key in a process");
  public static final Key<Integer> REALTIME_TOPICS =
      Key.number(
          "realtime.topics",
          1000,
          1,
          100_000,
          "Most conversations that a connection names to follow");
  public static final Key<Integer> REALTIME_COMMANDS =
      Key.number(
          "realtime.commands",
          20,
          1,
          100_000,
          "Commands that a connection may send in a second, three times as many at once");
  public static final Key<Integer> REALTIME_FRAME =
      Key.number(
          "realtime.frame",
          65_536,
          1_024,
          1_000_000,
          "Most characters of a command on a connection");
  public static final Key<Integer> REALTIME_QUEUE =
      Key.number(
          "realtime.queue",
          262_144,
          16_384,
          67_108_864,
          "Bytes that wait for a client before it is closed as too slow");
  public static final Key<Integer> REALTIME_RESUME =
      Key.number(
          "realtime.resume",
          10_000,
          0,
          1_000_000,
          "Events of the tenant that a client may have missed and still resume");
  public static final Key<Duration> REALTIME_HEARTBEAT =
      Key.duration(
          "realtime.heartbeat",
          "25s",
          "How often clients are asked for a sign of life and their credentials looked at again");
  public static final Key<Duration> TOKEN_LIFE =
      Key.duration("token.life", "15m", "Life of an access token");
  public static final Key<Duration> SESSION_LIFE =
      Key.duration("session.life", "30d", "Life of a sign-in that keeps refreshing its token");
  public static final Key<Duration> SESSION_GRACE =
      Key.duration(
          "session.grace",
          "30s",
          "For so long after a browser has got its next refresh token, another tab gets the same one for the same cookie");
  public static final Key<String> OPERATOR_EMAIL =
      Key.text(
          "operator.email",
          "operator@localhost",
          "Sign-in name of the operator who is made at the first start");
  public static final Key<String> MAIL_HOST =
      Key.text(
          "mail.host",
          null,
          "SMTP server that mails go to; without it registration, invitations and password resets by mail are refused");
  public static final Key<Integer> MAIL_PORT =
      Key.number("mail.port", 587, 1, 65535, "Port of that server");
  public static final Key<String> MAIL_TLS =
      Key.choice("mail.tls", "starttls", "How that server is spoken to", "starttls", "tls", "none");
  public static final Key<String> MAIL_USER =
      Key.text("mail.user", null, "User to sign in to that server as; without it nobody signs in");
  public static final Key<Secret> MAIL_PASSWORD =
      Key.secret("mail.password", "Password of that user");
  public static final Key<String> MAIL_FROM =
      Key.text(
          "mail.from",
          null,
          "Sender of mails, such as Parley <no-reply@example.com>; needed with mail.host");
  public static final Key<Boolean> MAIL_PRINT =
      Key.flag(
          "mail.print",
          false,
          "Whether mails are printed instead of being sent; they show links that let people in");
  public static final Key<String> MAIL_LINKS =
      Key.text("mail.links", null, "Address that links in mails begin with; without it public.url");
  public static final Key<String> LOG_FORMAT =
      Key.choice("log.format", "json", "Form of log lines", "json", "text");
  public static final Key<String> LOG_LEVEL =
      Key.choice(
          "log.level", "info", "Least severity that is logged", "error", "warn", "info", "debug");
  public static final Key<Duration> RETENTION_DEAD_LETTERS =
      Key.duration("retention.dead-letters", "30d", "How long dead letters are kept");
  public static final Key<Duration> RETENTION_EVENTS =
      Key.duration("retention.events", "90d", "How long the event log is kept");
  public static final Key<String> MEDIA_STORE =
      Key.choice("media.store", "folder", "Where files are kept", "folder", "s3");
  public static final Key<String> MEDIA_FOLDER =
      Key.text("media.folder", null, "Folder for files; without it the folder files in data.dir");
  public static final Key<String> MEDIA_S3_ENDPOINT =
      Key.text(
          "media.s3.endpoint",
          null,
          "Address of an S3 server; without it the one of AWS in the region");
  public static final Key<String> MEDIA_S3_REGION =
      Key.text("media.s3.region", "us-east-1", "Region of the bucket");
  public static final Key<String> MEDIA_S3_BUCKET =
      Key.text("media.s3.bucket", null, "Bucket for files; must be there");
  public static final Key<String> MEDIA_S3_PREFIX =
      Key.text("media.s3.prefix", "", "Beginning of all object names, such as parley/");
  public static final Key<String> MEDIA_S3_ACCESS_KEY =
      Key.text(
          "media.s3.access-key",
          null,
          "Access key id; without it the SDK looks where it usually does");
  public static final Key<Secret> MEDIA_S3_SECRET_KEY =
      Key.secret("media.s3.secret-key", "Secret of that access key");
  public static final Key<Boolean> MEDIA_S3_PATH_STYLE =
      Key.flag(
          "media.s3.path-style", true, "Whether the bucket stands in the path and not in the host");
  public static final Key<Boolean> MEDIA_S3_REDIRECT =
      Key.flag(
          "media.s3.redirect",
          false,
          "Whether readers are sent to the S3 server by an address that it has signed");
  public static final Key<Integer> MEDIA_MAX_MB =
      Key.number("media.max-mb", 100, 1, 5000, "Most megabytes (1,048,576 bytes) of one file");
  public static final Key<Integer> MEDIA_MAX_MEGAPIXELS =
      Key.number("media.max-megapixels", 50, 1, 1000, "Most millions of pixels of a picture");
  public static final Key<Integer> MEDIA_QUOTA_GB =
      Key.number(
          "media.quota-gb",
          100,
          0,
          1_000_000,
          "Gigabytes that the files of one tenant may take; 0 lets none be stored");
  public static final Key<Duration> MEDIA_LINK_LIFE =
      Key.duration(
          "media.link-life",
          "1h",
          "How long the address of a file is good at least, when nobody says");
  public static final Key<String> MEDIA_ORIGIN =
      Key.text(
          "media.origin",
          null,
          "Address for files of its own, such as https://files.example.net; without it public.url");
  public static final Key<Duration> MEDIA_UPLOAD_LIFE =
      Key.duration("media.upload-life", "1d", "How long an unfinished upload can be gone on with");
  public static final Key<Duration> MEDIA_UNUSED_LIFE =
      Key.duration("media.unused-life", "7d", "How long a file that nobody uses is kept");
  public static final Key<Duration> MEDIA_ABANDONED =
      Key.duration(
          "media.abandoned-after",
          "10m",
          "After how long without a sign of life the writing of a file is given up; more than 6 seconds");
  public static final Key<Duration> MEDIA_SWEEP =
      Key.duration("media.sweep", "1m", "Pause between two sweeps of files that nobody needs");
  public static final Key<String> MEDIA_CLAMD =
      Key.text(
          "media.clamd",
          null,
          "ClamAV's daemon that scans files, as host:port or the path of its socket; without it nothing is scanned");
  public static final Key<Duration> MEDIA_CLAMD_TIMEOUT =
      Key.duration("media.clamd.timeout", "30s", "How long the scanner may be silent");
  public static final Key<Integer> MEDIA_CLAMD_MAX_MB =
      Key.number(
          "media.clamd.max-mb",
          100,
          1,
          4000,
          "Most megabytes that are scanned, not above StreamMaxLength of the daemon; larger files go by the policy");
  public static final Key<String> MEDIA_CLAMD_POLICY =
      Key.choice(
          "media.clamd.policy",
          "wait",
          "What happens to files while the scanner does not answer",
          "wait",
          "serve");
  public static final Key<Duration> RETENTION_DELETED =
      Key.duration(
          "retention.deleted",
          "30d",
          "How long the content of messages that users took away is kept, out of everybody's sight");
  public static final Key<Boolean> API_LOG =
      Key.flag(
          "api-log",
          true,
          "Whether requests of the API and calls of providers are logged for the console");
  public static final Key<String> API_LOG_BODIES =
      Key.choice(
          "api-log.bodies",
          "errors",
          "Of which calls the log keeps the redacted beginnings of bodies, where a tenant does not say",
          "none",
          "errors",
          "all");
  public static final Key<Integer> API_LOG_EXCERPT =
      Key.number(
          "api-log.excerpt",
          2000,
          0,
          16_000,
          "Most characters of a body that the log of calls keeps");
  public static final Key<Integer> API_LOG_BUFFER =
      Key.number(
          "api-log.buffer",
          10_000,
          100,
          1_000_000,
          "Calls that wait to be written to the log; more are counted and not logged");
  public static final Key<Integer> API_LOG_WEBHOOKS =
      Key.number(
          "api-log.webhooks",
          100,
          0,
          1_000_000,
          "One of how many accepted webhooks is logged; refused ones always, up to ten a second; 0 for none");
  public static final Key<Duration> RETENTION_API_LOG =
      Key.duration("retention.api-log", "14d", "How long the log of calls is kept");

  /// All of them, in the order of the document.
  public static final List<Key<?>> ALL =
      List.of(
          DATA_DIR,
          ROLES,
          HTTP_HOST,
          HTTP_PORT,
          PUBLIC_URL,
          BASE_DOMAIN,
          DATABASE_URL,
          DATABASE_OWNER_USER,
          DATABASE_OWNER_PASSWORD,
          DATABASE_PASSWORD,
          DATABASE_POOL,
          DATABASE_MIGRATE,
          CRYPTO_KEYS,
          INTAKE_WRITERS,
          INTAKE_QUEUE,
          WORKERS,
          QUEUE_BATCH,
          QUEUE_TRIES,
          QUEUE_POLL,
          LEASE,
          SENDS,
          SENDS_EACH,
          UNKNOWN_HOLD,
          GRAPH_URL,
          GRAPH_VERSION,
          GRAPH_TIMEOUT,
          GENESYS_LOGIN_URL,
          GENESYS_API_URL,
          GENESYS_APPS_URL,
          GENESYS_WIDGET_LIFE,
          GENESYS_WIDGET_CHECK,
          GENESYS_TIMEOUT,
          GENESYS_HOLD,
          GENESYS_RATE,
          GENESYS_FILE_LIFE,
          GENESYS_FILE_WAIT,
          MEDIA_FETCHES,
          MEDIA_FETCHES_EACH,
          MEDIA_FETCH_TIMEOUT,
          MEDIA_FETCH_SILENCE,
          MEDIA_FETCH_EXPIRY,
          SEND_EXPIRY,
          RENDITIONS_PARALLEL,
          RENDITIONS_TIME,
          RENDITIONS_MEMORY,
          HTTP_ALLOW,
          HTTP_PROXIES,
          REDIS_URL,
          REDIS_PASSWORD,
          REDIS_TIMEOUT,
          LIMIT_AUTH,
          LIMIT_READ,
          LIMIT_WRITE,
          LIMIT_WEBHOOK,
          PRESENCE_LIFE,
          PRESENCE_IDLE,
          TYPING_LIFE,
          VIEWING_LIFE,
          EVENTS_MEMORY,
          REALTIME_CONNECTIONS,
          REALTIME_TENANT_CONNECTIONS,
          REALTIME_USER_CONNECTIONS,
          REALTIME_TOPICS,
          REALTIME_COMMANDS,
          REALTIME_FRAME,
          REALTIME_QUEUE,
          REALTIME_RESUME,
          REALTIME_HEARTBEAT,
          TOKEN_LIFE,
          SESSION_LIFE,
          SESSION_GRACE,
          OPERATOR_EMAIL,
          MAIL_HOST,
          MAIL_PORT,
          MAIL_TLS,
          MAIL_USER,
          MAIL_PASSWORD,
          MAIL_FROM,
          MAIL_PRINT,
          MAIL_LINKS,
          LOG_FORMAT,
          LOG_LEVEL,
          RETENTION_DEAD_LETTERS,
          RETENTION_EVENTS,
          MEDIA_STORE,
          MEDIA_FOLDER,
          MEDIA_S3_ENDPOINT,
          MEDIA_S3_REGION,
          MEDIA_S3_BUCKET,
          MEDIA_S3_PREFIX,
          MEDIA_S3_ACCESS_KEY,
          MEDIA_S3_SECRET_KEY,
          MEDIA_S3_PATH_STYLE,
          MEDIA_S3_REDIRECT,
          MEDIA_MAX_MB,
          MEDIA_MAX_MEGAPIXELS,
          MEDIA_QUOTA_GB,
          MEDIA_LINK_LIFE,
          MEDIA_ORIGIN,
          MEDIA_UPLOAD_LIFE,
          MEDIA_UNUSED_LIFE,
          MEDIA_ABANDONED,
          MEDIA_SWEEP,
          MEDIA_CLAMD,
          MEDIA_CLAMD_TIMEOUT,
          MEDIA_CLAMD_MAX_MB,
          MEDIA_CLAMD_POLICY,
          RETENTION_DELETED,
          API_LOG,
          API_LOG_BODIES,
          API_LOG_EXCERPT,
          API_LOG_BUFFER,
          API_LOG_WEBHOOKS,
          RETENTION_API_LOG);

  /// The key of that name, or null.
  public static @Nullable Key<?> named(String name) {
    for (Key<?> key : ALL) {
      if (key.name().equals(name)) {
        return key;
      }
    }
    return null;
  }
}
