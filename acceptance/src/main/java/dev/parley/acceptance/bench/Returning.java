package dev.parley.acceptance.bench;

/// What each of a crowd has heard of messages that are numbered `#0`, `#1` and so on, and the cursor with which it goes on.
/// One reader for the time before the connections broke and the time after.
final class Returning implements Crowd.Reader {
  private static final String NUMBER = "\"#";
  private static final String CURSOR = "\"cursor\":\"";

  private final String[] cursors;
  private final int[] next;
  private long missed;
  private long twice;
  private long left;
  private long refused;
  private int last;

  Returning(int size) {
    cursors = new String[size];
    next = new int[size];
    left = size;
  }

  /// From now on the clients are to hear up to that number.
  void expect(int number) {
    last = number;
    left = 0;
    for (int heard : next) {
      left += heard <= number ? 1 : 0;
    }
  }

  @Override
  public void read(int client, String text) {
    if (text.startsWith("42[\"hello\"") && text.contains("snapshotRequired")) {
      refused++;
    }
    int cursor = text.lastIndexOf(CURSOR);
    if (cursor >= 0) {
      int from = cursor + CURSOR.length();
      cursors[client] = text.substring(from, text.indexOf('"', from));
    }
    int at = text.indexOf(NUMBER);
    if (at < 0) {
      return;
    }
    int number = 0;
    for (int i = at + NUMBER.length(); Character.isDigit(text.charAt(i)); i++) {
      number = 10 * number + text.charAt(i) - '0';
    }
    if (number < next[client]) {
      twice++;
      return;
    }
    missed += number - next[client];
    if (next[client] <= last && number >= last) {
      left--;
    }
    next[client] = number + 1;
  }

  /// What a client shows besides its token to go on where it was.
  String offset(int client) {
    String cursor = cursors[client];
    return cursor == null ? "" : ",\"pid\":\"returning\",\"offset\":\"" + cursor + "\"";
  }

  /// Whether every client has heard what it is to hear.
  boolean isComplete() {
    return left == 0;
  }

  /// Messages that a client did not hear, and has heard a later one; or heard once more; and cursors that were not
  /// taken.
  long faults() {
    return missed + twice + refused;
  }

  @Override
  public String toString() {
    return "%d missed, %d twice, %d cursors refused, %d clients still to hear"
        .formatted(missed, twice, refused, left);
  }
}
