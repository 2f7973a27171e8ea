package dev.parley.sandbox.genesys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.sandbox.Json;
import dev.parley.sandbox.Reply;
import java.util.List;

/// Lists as the Platform API pages them: `pageSize` and `pageNumber`, counted from 1.
final class Page {
  private static final int USUAL_SIZE = 25;
  private static final int LARGEST_SIZE = 100;

  private Page() {}

  static Reply of(List<ObjectNode> all, String uri, Visit visit) {
    int size = visit.call().number("pageSize", USUAL_SIZE);
    int number = visit.call().number("pageNumber", 1);
    if (size < 1 || size > LARGEST_SIZE || number < 1) {
      throw new ApiRefusal(ApiError.badRequest("pageSize should be 1 to 100, pageNumber >= 1"));
    }
    int from = (int) Math.min(all.size(), (number - 1L) * size);
    int pages = Math.ceilDiv(all.size(), size);
    ObjectNode json = Json.object();
    json.putArray("entities").addAll(all.subList(from, Math.min(all.size(), from + size)));
    json.put("pageSize", size).put("pageNumber", number).put("total", all.size());
    json.put("pageCount", pages).put("selfUri", link(uri, size, number));
    json.put("firstUri", link(uri, size, 1)).put("lastUri", link(uri, size, Math.max(1, pages)));
    if (number < pages) {
      json.put("nextUri", link(uri, size, number + 1));
    }
    return Reply.ok(json);
  }

  private static String link(String uri, int size, int number) {
    return "%s?pageSize=%d&pageNumber=%d".formatted(uri, size, number);
  }
}
