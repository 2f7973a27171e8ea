/// What is made from files so that they can be shown and sent on: small pictures, posters of
/// videos, sound in a form that every browser plays, and copies without the metadata that tells
/// where and by what a picture was taken.
///
/// Everything that comes in is hostile. Pictures are measured before they are decoded and decoded
/// at a reduced size; foreign programs (`ffmpeg`, `djpeg`, `heif-convert`) are optional, and run in
/// child processes with limits on time, memory and output, without network and without arguments
/// that come from a user.
@NullMarked
package dev.parley.media.renditions;

import org.jspecify.annotations.NullMarked;
