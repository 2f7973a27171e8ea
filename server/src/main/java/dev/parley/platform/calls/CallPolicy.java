package dev.parley.platform.calls;

/// What the log keeps of a tenant's calls.
///
/// @param bodies of which calls it keeps the beginnings of bodies
/// @param phones whether phone numbers stay readable in them
/// @param content whether messages' texts stay readable in them
public record CallPolicy(Bodies bodies, boolean phones, boolean content) {
  /// Of which calls.
  public enum Bodies {
    /// Of none.
    NONE,
    /// Of those that were refused or failed.
    ERRORS,
    /// Of all.
    ALL
  }

  /// Whether it keeps the body of a call with that status; 0 stands for no answer.
  public boolean keeps(int status) {
    return bodies == Bodies.ALL || (bodies == Bodies.ERRORS && (status == 0 || status >= 400));
  }
}
