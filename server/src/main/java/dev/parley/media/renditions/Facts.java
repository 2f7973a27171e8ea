package dev.parley.media.renditions;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What was found out about a picture, a sound or a video.
///
/// @param width pixels as it is shown, after turning; 0 when it has none
/// @param height pixels as it is shown; 0 when it has none
/// @param duration how long it plays, or null when it does not play or nobody knows
/// @param waveform loudness in 64 equal parts of its time, 0 to 255, the loudest 255; null when
///   there is none
/// @param animated whether it is a picture that moves
public record Facts(
    int width,
    int height,
    @Nullable Duration duration,
    byte @Nullable [] waveform,
    boolean animated) {
  static final Facts NONE = new Facts(0, 0, null, null, false);
}
