import type { components } from "../api/schema";
import { ProblemError } from "../api/client";
import { session } from "../api/session";

export type UploadKind = "image" | "video" | "audio" | "voice" | "document";
export type Upload = { blob: Blob; name: string; kind: UploadKind };

/** What WhatsApp shows as a picture or a film; everything else is sent as a document. */
export function kindOf(type: string): UploadKind {
  if (/^image\/(jpeg|png|webp|heic|heif|gif)$/.test(type)) {
    return "image";
  }
  if (/^video\/(mp4|3gpp|webm|quicktime)$/.test(type)) {
    return "video";
  }
  return type.startsWith("audio/") ? "audio" : "document";
}

/** Brings a file to the server; tells how much is there. Not `fetch`, which does not tell. */
export async function upload(
  file: Upload,
  key: string,
  progress: (done: number) => void,
): Promise<components["schemas"]["File"]> {
  const token = await session.token();
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name, kind: file.kind });
    request.open("POST", `/api/v1/files?${query}`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", file.blob.type || "application/octet-stream");
    request.setRequestHeader("Idempotency-Key", key);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) {
        progress(event.loaded / event.total);
      }
    };
    request.onerror = () => fail(new TypeError("the server was not reached"));
    request.onload = () => {
      let answer: { code?: string; detail?: string } = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // A proxy answered in the server's place.
      }
      if (request.status >= 200 && request.status < 300) {
        done(answer as components["schemas"]["File"]);
      } else {
        if (request.status === 401) {
          session.refused();
        }
        fail(new ProblemError(request.status, answer.code ?? "unknown", answer.detail ?? ""));
      }
    };
    request.send(file.blob);
  });
}
