package dev.parley.acceptance.screens;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import dev.parley.acceptance.driver.Json;
import java.util.Map;

/// Scrolls as fast as pictures are drawn, and tells what that cost.
///
/// @param position where the scrolling ended, in pixels from the top
/// @param drawn the most elements of the list that there were at a time
/// @param nodes the most elements of the whole page that there were at a time
/// @param frameMs the time between two pictures that one in twenty exceeded
/// @param longestMs the longest time for which the page did nothing else
public record Scrolling(double position, int drawn, int nodes, double frameMs, double longestMs) {
  private static final String SCRIPT =
      """
      async ({box, item, step, until, distance, most}) => {
        const place = document.querySelector(box);
        const frames = [];
        let drawn = 0, nodes = 0, longest = 0, far = 0;
        const tasks = new PerformanceObserver(list => {
          for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
        });
        tasks.observe({type: 'longtask'});
        const reached = () => {
          const sight = place.getBoundingClientRect();
          return [...place.querySelectorAll(item)].some(one => {
            const box = one.getBoundingClientRect();
            return box.bottom > sight.top && box.top < sight.bottom
              && one.innerText.split('\\n').some(line => line === until || line.startsWith(until + ' '));
          });
        };
        const end = performance.now() + most;
        let last = performance.now();
        while (performance.now() < end && far < distance
            && !reached()) {
          const was = place.scrollTop;
          // As somebody does it: the page tells that from what moves by itself.
          place.dispatchEvent(new WheelEvent('wheel', {deltaY: step, bubbles: true}));
          place.scrollTop += step;
          far += Math.abs(place.scrollTop - was);
          await new Promise(requestAnimationFrame);
          const now = performance.now();
          frames.push(now - last);
          last = now;
          drawn = Math.max(drawn, place.querySelectorAll(item).length);
          nodes = Math.max(nodes, document.getElementsByTagName('*').length);
        }
        tasks.takeRecords().forEach(task => { longest = Math.max(longest, task.duration); });
        tasks.disconnect();
        frames.sort((a, b) => a - b);
        return JSON.stringify({position: place.scrollTop, drawn, nodes, longest,
          frame: frames[Math.floor(frames.length * 0.95)] ?? 0});
      }
      """;

  /// The list of conversations.
  public static final String LIST = "section [role=group]";

  /// The messages of the conversation that is open.
  public static final String MESSAGES = "[role=log]";

  /// Scrolls by `step` pixels for each picture, downwards when it is positive, until the text is in sight or so many pixels
  /// are behind; at most a minute.
  public static Scrolling run(Page page, String box, int step, String until, int distance) {
    Object told =
        page.evaluate(
            SCRIPT,
            Map.of(
                "box",
                box,
                "item",
                box.equals(LIST) ? "a[data-conversation]" : "article[data-message]",
                "step",
                step,
                "until",
                until,
                "distance",
                distance,
                "most",
                60_000));
    JsonNode all = Json.read(String.valueOf(told));
    return new Scrolling(
        all.path("position").asDouble(),
        all.path("drawn").asInt(),
        all.path("nodes").asInt(),
        all.path("frame").asDouble(),
        all.path("longest").asDouble());
  }
}
