package dev.parley.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The body of a request as a stream, for routes that are [Streamed]. At most some 256 KB of it are in memory; the client
/// is held up when the reader is slower. A connection that is cut, and one on which nothing comes for too long, come out
/// as `IOException`.
public final class StreamedBody extends InputStream {
  private static final int MOST_WAITING = 256 << 10;
  private static final int FEW_WAITING = 64 << 10;

  private final HttpServerRequest request;
  private final Context loop;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private int position;
  private boolean paused;
  private boolean ended;
  private @Nullable Throwable failure;

  private StreamedBody(HttpServerRequest request, Context loop, Duration patience) {
    this.request = request;
    this.loop = loop;
    this.patience = patience;
  }

  /// Begins to read. `patience` is how long nothing may come.
  public static StreamedBody of(RoutingContext routing, Duration patience) {
    HttpServerRequest request = routing.request();
    Context loop = routing.get(Context.class.getName());
    Context used = loop == null ? routing.vertx().getOrCreateContext() : loop;
    var body = new StreamedBody(request, used, patience);
    used.runOnContext(_ -> body.begin());
    return body;
  }

  private void begin() {
    if (request.isEnded()) {
      end();
      return;
    }
    request.handler(this::take);
    request.endHandler(_ -> end());
    request.exceptionHandler(this::fail);
    request.connection().closeHandler(_ -> fail(new IOException("the connection was cut")));
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    request.resume();
  }

  private void take(Buffer bytes) {
    lock.lock();
    try {
      waiting.add(bytes);
      waitingBytes += bytes.length();
      if (waitingBytes >= MOST_WAITING && !paused) {
        paused = true;
        request.pause();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable cause) {
    lock.lock();
    try {
      if (!ended) {
        failure = cause;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      await();
      int read = 0;
      while (read < length && !waiting.isEmpty()) {
        Buffer first = waiting.getFirst();
        int n = Math.min(length - read, first.length() - position);
        first.getBytes(position, position + n, into, offset + read);
        read += n;
        position += n;
        if (position == first.length()) {
          waiting.removeFirst();
          position = 0;
        }
      }
      taken(read);
      return read == 0 ? -1 : read;
    } finally {
      lock.unlock();
    }
  }

  /// Gives out what came as it came: without the copy that a buffer of the reader's costs.
  @Override
  public long transferTo(OutputStream out) throws IOException {
    long all = 0;
    for (ByteBuf bytes = next(); bytes != null; bytes = next()) {
      int length = bytes.readableBytes();
      if (bytes.hasArray()) {
        out.write(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), length);
      } else {
        out.write(ByteBufUtil.getBytes(bytes));
      }
      all += length;
    }
    return all;
  }

  /// What is left of the first piece that waits; null at the end.
  @SuppressWarnings(
      "deprecation") // it goes into an interface of its own with the next major version
  private @Nullable ByteBuf next() throws IOException {
    lock.lock();
    try {
      await();
      Buffer first = waiting.pollFirst();
      if (first == null) {
        return null;
      }
      ByteBuf bytes = first.getByteBuf();
      bytes.skipBytes(position);
      position = 0;
      taken(bytes.readableBytes());
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private void taken(int bytes) {
    waitingBytes -= bytes;
    if (paused && waitingBytes <= FEW_WAITING) {
      paused = false;
      loop.runOnContext(_ -> request.resume());
    }
  }

  /// Returns when there is something to read or all was read.
  private void await() throws IOException {
    long left = patience.toNanos();
    try {
      while (waiting.isEmpty() && !ended) {
        if (failure != null) {
          throw new IOException("the upload was cut", failure);
        }
        if (left <= 0) {
          throw new IOException("nothing came for " + patience.toSeconds() + " s");
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
