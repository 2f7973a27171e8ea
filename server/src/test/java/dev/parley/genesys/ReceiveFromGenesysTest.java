package dev.parley.genesys;

/// The way back where every process remembers for itself.
class ReceiveFromGenesysTest extends ReceiveContract {
  @Override
  BridgeFixture fixture() {
    return new BridgeFixture();
  }
}
