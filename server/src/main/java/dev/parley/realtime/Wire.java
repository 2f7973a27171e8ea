package dev.parley.realtime;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/// Writes bytes that many sockets share straight into a connection: they are framed already, so nothing is encoded and
/// nothing copied for each receiver. Of one event loop.
final class Wire {
  /// The bytes that were written last on this event loop, outside the heap: a socket would else make a copy of its own.
  private static final class Shared {
    byte @Nullable [] bytes;
    @Nullable ByteBuf copy;
  }

  private static final FastThreadLocal<Shared> SHARED =
      new FastThreadLocal<>() {
        @Override
        protected Shared initialValue() {
          return new Shared();
        }
      };

  private final ChannelHandlerContext context;

  Wire(ChannelHandlerContext context) {
    this.context = context;
  }

  void write(byte[] bytes) {
    var _ = context.write(buffer(bytes), context.voidPromise());
  }

  @SuppressWarnings("ReferenceEquality") // the same array is the same frame
  private ByteBuf buffer(byte[] bytes) {
    Shared shared = SHARED.get();
    if (shared.bytes != bytes) {
      if (shared.copy != null) {
        shared.copy.release();
        shared.copy = null;
      }
      shared.bytes = bytes;
      // Whether there will be a second receiver is not known yet.
      return Unpooled.wrappedBuffer(bytes);
    }
    ByteBuf copy = shared.copy;
    if (copy == null) {
      copy = context.alloc().directBuffer(bytes.length).writeBytes(bytes);
      shared.copy = copy;
    }
    return copy.retainedDuplicate();
  }

  void flush() {
    context.flush();
  }

  long queued() {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  /// What was written before has left when this is done, or the connection is gone.
  void whenDrained(Runnable action) {
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> action.run());
  }

  boolean isOpen() {
    return context.channel().isActive();
  }

  /// Ends the connection, whatever the client does.
  void cut() {
    var _ = context.channel().close();
  }
}
