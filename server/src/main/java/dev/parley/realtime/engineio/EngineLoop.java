package dev.parley.realtime.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What all sessions of one event loop share: the queue of those that have something to write, the wheel of their
/// heartbeats, and copies of the packets that go to many of them.
final class EngineLoop {
  /// After so many sessions others get their turn on the event loop.
  private static final int TURN = 2048;

  /// Packets of which a copy outside the heap is kept for the length of one turn.
  private static final int COPIES = 4;

  private final EventLoop executor;
  private final HeartbeatWheel wheel;
  private final Queue<EngineSocket> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final @Nullable Outgoing[] copied = new @Nullable Outgoing[COPIES];
  private final @Nullable ByteBuf[] copies = new @Nullable ByteBuf[COPIES];
  private int next;

  EngineLoop(EventLoop executor, EngineSettings settings) {
    this.executor = executor;
    this.wheel = new HeartbeatWheel(settings);
    this.wheel.turnOn(executor);
  }

  EventLoop executor() {
    return executor;
  }

  HeartbeatWheel wheel() {
    return wheel;
  }

  boolean isCurrent() {
    return executor.inEventLoop();
  }

  void execute(Runnable task) {
    executor.execute(task);
  }

  Future<?> schedule(Duration delay, Runnable task) {
    return executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Has the session write what waits for it, after what the event loop is doing now.
  void wake(EngineSocket socket) {
    waiting.add(socket);
    // One task for however many sessions become due before it runs.
    if (!awake.get() && awake.compareAndSet(false, true)) {
      executor.execute(this::turn);
    }
  }

  private void turn() {
    awake.set(false);
    try {
      for (int n = 0; n < TURN; n++) {
        EngineSocket socket = waiting.poll();
        if (socket == null) {
          return;
        }
        socket.flush(this);
      }
    } finally {
      release();
    }
    if (!waiting.isEmpty() && awake.compareAndSet(false, true)) {
      executor.execute(this::turn);
    }
  }

  /// The packet's frame, for one write. From the second write in a turn on it is a copy outside the heap that all who
  /// get the packet share; else each socket would make its own.
  ByteBuf frame(Outgoing packet, ByteBufAllocator allocator) {
    for (int i = 0; i < COPIES; i++) {
      if (copied[i] == packet) {
        ByteBuf copy = copies[i];
        if (copy == null) {
          copy = allocator.directBuffer(packet.size()).writeBytes(packet.frame());
          copies[i] = copy;
        }
        return copy.retainedDuplicate();
      }
    }
    ByteBuf old = copies[next];
    if (old != null) {
      old.release();
      copies[next] = null;
    }
    copied[next] = packet;
    next = (next + 1) % COPIES;
    return Unpooled.wrappedBuffer(packet.frame());
  }

  private void release() {
    for (int i = 0; i < COPIES; i++) {
      ByteBuf copy = copies[i];
      if (copy != null) {
        copy.release();
        copies[i] = null;
      }
      copied[i] = null;
    }
  }

  void stop() {
    wheel.turnOff();
  }
}
