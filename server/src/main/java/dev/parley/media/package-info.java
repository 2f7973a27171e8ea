/// Files: their bytes in a folder or in S3, their rows, their scanning, and the addresses under which they are served.
///
/// Tables: `blobs`, `blob_totals`, `files`, `file_uses`, `file_renditions`, `renderings`, `uploads`, `upload_parts`.
///
/// Invariants: the row of a blob is there before its object and goes after it, and its id is never used again, so no
/// crash leaves an object that no row knows, nor a file whose object was deleted; a tenant keeps one blob for each
/// content; a file that somebody uses is never swept; what a scanner has not passed is served only where the policy
/// says so, what it has found infected never; nothing of a file is kept when its upload is cut off or refused.
///
/// Events: [dev.parley.media.FileEvent].
@NullMarked
package dev.parley.media;

import org.jspecify.annotations.NullMarked;
