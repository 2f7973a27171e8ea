package dev.parley.media.renditions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.media.FileEvent;
import dev.parley.media.Files;
import dev.parley.media.Opened;
import dev.parley.media.StoredFile;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.events.StoredEvent;
import dev.parley.platform.events.Subscriptions;
import dev.parley.platform.json.Json;
import dev.parley.platform.queue.WorkItem;
import dev.parley.platform.queue.WorkQueue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/// Makes the renditions of files that have become ready: the event puts a piece of work into a
/// queue of its own, so that neither an upload nor a conversation waits for it, and a file that
/// takes long or fails holds up no other.
///
/// A run may be repeated: renditions replace those of the same name. What cannot be made has a
/// cause and is not tried again; when this machine or the storage fails, the queue tries again with
/// growing pauses and keeps what never succeeds as a dead letter. A file that ends the process is
/// left alone after [#MOST_UNENDED] times. The file is served in each of these cases.
public final class RenderFiles {
  /// The queue of files to render.
  public static final String QUEUE = "renditions";

  /// Runs of one file that may end with the process.
  static final int MOST_UNENDED = 3;

  private static final Logger LOG = Logger.getLogger(RenderFiles.class);
  private static final String READY = "file.ready";
  private static final Duration LONGEST_RUN = Duration.ofHours(6);

  private final Files files;
  private final Renditions renditions;
  private final TenantDb db;
  private final WorkQueue queue;
  private final EventLog events;
  private final MeterRegistry metrics;
  private final InstantSource clock;

  private final int parallel;

  // Decoding keeps a processor for long, and a virtual thread would keep its carrier from others.
  private final ExecutorService decoders;

  /// Renders `parallel` files at a time.
  public RenderFiles(
      Files files,
      Renditions renditions,
      TenantDb db,
      WorkQueue queue,
      EventLog events,
      MeterRegistry metrics,
      InstantSource clock,
      int parallel) {
    this.files = files;
    this.renditions = renditions;
    this.db = db;
    this.queue = queue;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
    this.parallel = parallel;
    this.decoders =
        Executors.newFixedThreadPool(
            parallel, Thread.ofPlatform().daemon().name(QUEUE + "-", 0).factory());
  }

  /// Listens and works, once it is started. Only in one place of a process.
  public WorkQueue.Consumption consume(Subscriptions subscriptions) {
    WorkQueue.Consumption listening = subscriptions.subscribe(QUEUE, Set.of(READY), this::onEvents);
    // A tenant with many long videos leaves a place to the others.
    int each = Math.max(1, parallel - 1);
    WorkQueue.Consumption working = queue.consume(QUEUE, parallel, each, this::handle);
    return new WorkQueue.Consumption() {
      @Override
      public void start() {
        tidy();
        working.start();
        listening.start();
      }

      @Override
      public void stop(Duration patience) {
        listening.stop(patience);
        working.stop(patience);
      }
    };
  }

  private void tidy() {
    try {
      renditions.sweep(clock.instant().minus(LONGEST_RUN));
    } catch (IOException e) {
      LOG.warnf("what killed processes have left stays: %s", e.getMessage());
    }
  }

  /// Queues the files that these events say are ready, in the transaction that moves the reader's
  /// place.
  private void onEvents(Tx tx, List<StoredEvent> happened) {
    queue.publish(
        tx,
        happened.stream()
            .map(event -> item(tx.tenant(), event))
            .flatMap(Optional::stream)
            .toList());
  }

  private Optional<WorkItem> item(TenantId tenant, StoredEvent event) {
    var data = Json.tree(event.data());
    if (!Renditions.concern(data.path("type").asText())) {
      return Optional.empty();
    }
    String file = data.path("fileId").asText();
    return Optional.of(
        new WorkItem(
            Ids.next(),
            tenant,
            QUEUE,
            file,
            file,
            "render",
            file,
            event.correlationId(),
            null,
            clock.instant(),
            0));
  }

  /// Renders one file.
  WorkQueue.Outcome handle(WorkItem item) {
    TenantId tenant = item.tenant();
    UUID id = UUID.fromString(item.payload());
    Optional<Integer> unended =
        db.inTenant(tenant, tx -> RenderingStore.begin(tx.sql(), tenant, id, clock.instant()));
    if (unended.isEmpty()) {
      return new WorkQueue.Outcome.Done(_ -> {});
    }
    if (unended.get() >= MOST_UNENDED) {
      return ended(id, "rendering it has ended the process again and again");
    }
    Timer.Sample time = Timer.start(metrics);
    String result = "failed";
    try {
      WorkQueue.Outcome outcome =
          switch (files.open(tenant, id, null)) {
            case Opened.Bytes bytes -> rendered(tenant, bytes);
            case Opened.Withheld _, Opened.Absent _ -> new WorkQueue.Outcome.Done(_ -> {});
          };
      result = "done";
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      time.stop(metrics.timer("parley.renditions", "result", result));
      db.runInTenant(tenant, tx -> RenderingStore.survived(tx.sql(), tenant, id));
    }
  }

  private WorkQueue.Outcome ended(UUID id, String cause) {
    return new WorkQueue.Outcome.Done(
        tx ->
            files
                .find(tx, List.of(id))
                .values()
                .forEach(
                    file ->
                        end(tx, file, new Renditions.Made(Facts.NONE, List.of(), List.of(cause)))));
  }

  private WorkQueue.Outcome rendered(TenantId tenant, Opened.Bytes bytes) throws IOException {
    StoredFile file = bytes.file();
    try (bytes;
        Scratch scratch = renditions.scratch()) {
      Path original = scratch.file("original");
      java.nio.file.Files.copy(bytes.stream(), original);
      Path into = java.nio.file.Files.createDirectory(scratch.file("into"));
      Renditions.Made made = make(original, bytes.type(), into);
      for (Rendered rendered : made.made()) {
        if (!store(tenant, file.id(), rendered)) {
          return new WorkQueue.Outcome.Done(_ -> {});
        }
      }
      return new WorkQueue.Outcome.Done(tx -> end(tx, file, made));
    }
  }

  private Renditions.Made make(Path original, String contentType, Path into) throws IOException {
    try {
      return decoders.submit(() -> renditions.make(original, contentType, into)).get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private boolean store(TenantId tenant, UUID id, Rendered rendered) throws IOException {
    ObjectNode metadata = Json.MAPPER.createObjectNode();
    if (rendered.width() > 0) {
      metadata.put("width", rendered.width()).put("height", rendered.height());
    }
    try (InputStream stream = java.nio.file.Files.newInputStream(rendered.file())) {
      return files.addRendition(
          tenant, id, rendered.kind().word(), rendered.contentType(), metadata, stream);
    }
  }

  private void end(Tx tx, StoredFile file, Renditions.Made made) {
    Facts facts = made.facts();
    ObjectNode metadata = Json.MAPPER.createObjectNode();
    if (facts.width() > 0) {
      metadata.put("width", facts.width()).put("height", facts.height());
    }
    if (facts.duration() != null) {
      metadata.put("durationMs", facts.duration().toMillis());
    }
    if (facts.animated()) {
      metadata.put("animated", true);
    }
    byte[] waveform = facts.waveform();
    if (waveform != null) {
      var peaks = metadata.putArray("waveform");
      for (byte peak : waveform) {
        peaks.add(peak & 0xff);
      }
    }
    if (files.addMetadata(tx, file.id(), metadata)) {
      RenderingStore.end(tx.sql(), tx.tenant(), file.id(), made.causes(), clock.instant());
      events.publish(
          tx,
          file.id(),
          new FileEvent.Rendered(
              file.id(),
              file.projectId(),
              made.made().stream().map(rendered -> rendered.kind().word()).toList(),
              metadata,
              made.causes()));
    }
  }
}
