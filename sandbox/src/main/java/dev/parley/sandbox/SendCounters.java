package dev.parley.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts of the sends and media calls of one number; exact however long the run is. Only what is known of one
/// callback value is forgotten after a million others.
final class SendCounters {
  private static final int VALUES_KEPT = 1_000_000;
  private static final int EXAMPLES = 100;

  private final LongAdder posts = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder marks = new LongAdder();
  private final LongAdder uploads = new LongAdder();
  private final LongAdder lookUps = new LongAdder();
  private final LongAdder downloadsBegun = new LongAdder();
  private final LongAdder downloads = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder distinct = new LongAdder();
  private final BoundedMap<String, Integer> byCallbackData = new BoundedMap<>(VALUES_KEPT);
  private final List<String> examples = new ArrayList<>();

  void accepted(@Nullable String callbackData) {
    posts.increment();
    accepted.increment();
    if (callbackData == null) {
      return;
    }
    if (byCallbackData.update(callbackData, 0, n -> n + 1) == 1) {
      distinct.increment();
      return;
    }
    duplicates.increment();
    synchronized (examples) {
      if (examples.size() < EXAMPLES && !examples.contains(callbackData)) {
        examples.add(callbackData);
      }
    }
  }

  void refused() {
    posts.increment();
    refused.increment();
  }

  void marked() {
    marks.increment();
  }

  void uploaded() {
    uploads.increment();
  }

  void lookedUp() {
    lookUps.increment();
  }

  void downloadBegun() {
    downloadsBegun.increment();
  }

  void downloaded() {
    downloads.increment();
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("posts", posts.sum()).put("accepted", accepted.sum()).put("refused", refused.sum());
    json.put("marks", marks.sum());
    json.putObject("media")
        .put("uploads", uploads.sum())
        .put("lookUps", lookUps.sum())
        .put("downloadsBegun", downloadsBegun.sum())
        .put("downloads", downloads.sum());
    ObjectNode values = json.putObject("byCallbackData");
    values.put("distinct", distinct.sum()).put("duplicates", duplicates.sum());
    var list = values.putArray("examples");
    synchronized (examples) {
      examples.forEach(list::add);
    }
    return json;
  }
}
