package dev.parley.acceptance.faults;

/// What one fault came to.
///
/// @param fault what was done
/// @param rounds how often
/// @param counted how many acknowledged updates and accepted sends were looked for afterwards
/// @param lost acknowledged and not there, or accepted and without an end
/// @param doubled with more than one effect
/// @param disordered after something that came later
/// @param note anything else worth a word
public record Tally(
    String fault, int rounds, long counted, long lost, long doubled, long disordered, String note) {
  /// Whether nothing went wrong.
  public boolean good() {
    return lost == 0 && doubled == 0 && disordered == 0;
  }

  /// Both together, under this one's name.
  public Tally plus(Tally other) {
    String both =
        note.isEmpty() || other.note.isEmpty() ? note + other.note : note + "; " + other.note;
    return new Tally(
        fault,
        rounds,
        counted + other.counted,
        lost + other.lost,
        doubled + other.doubled,
        disordered + other.disordered,
        both);
  }
}
