package dev.parley.realtime.presence;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class MemoryBoardTest implements PresenceBoardContract {
  private final List<PresenceNode> nodes = new ArrayList<>();

  @Override
  public PresenceNode node() {
    var node = new PresenceNode();
    nodes.add(node.with(new MemoryBoard(node.engine, node.pending, node)));
    return node;
  }

  @AfterEach
  void close() {
    nodes.forEach(PresenceNode::close);
  }
}
