import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { type Content, newKey, ProblemError } from "../api/client";
import { session } from "../api/session";
import { put, send } from "./queries";
import { type Upload, upload } from "./upload";

/** A message that the server has not taken yet. */
export type Waiting = {
  key: string;
  conversationId: string;
  content?: Content;
  replyTo: string | null;
  at: string;
  /** What the server said when it refused; it is not sent again before somebody says so. */
  refusal?: string;
  /** A file whose bytes are only in this window, and how much of it is there, from 0 to 1. */
  file?: { upload: Upload; caption?: string; url: string; done: number };
};

const FIRST_MS = 1000;
const LAST_MS = 15_000;

/**
 * Messages on their way to the server, in the order in which they were written. They are kept on this device until the
 * server has them, also over a reload; files are kept as long as the window is open. Each has a key, so that one that
 * is sent again after a lost answer is not there twice.
 */
class Outbox {
  private all: Waiting[] = [];
  private owner: string | null = null;
  private queries: QueryClient | null = null;
  private readonly busy = new Set<string>();
  private readonly pauses = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly lengths = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  constructor() {
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("beforeunload", (event) => {
      if (this.all.some((one) => one.file && !one.refusal)) {
        event.preventDefault();
      }
    });
  }

  /** Goes on with what this user left on this device. */
  begin(queries: QueryClient): void {
    this.queries = queries;
    const owner = session.me()?.id ?? null;
    if (owner !== this.owner) {
      this.owner = owner;
      this.all = owner ? read(owner) : [];
      this.tell();
    }
    this.hurry();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  waiting = (): Waiting[] => this.all;

  add(conversationId: string, content: Content, replyTo: string | null): void {
    this.push({ key: newKey(), conversationId, content, replyTo, at: new Date().toISOString() });
  }

  addFile(conversationId: string, file: Upload, caption: string, replyTo: string | null): void {
    this.push({
      key: newKey(),
      conversationId,
      replyTo,
      at: new Date().toISOString(),
      file: {
        upload: file,
        ...(caption ? { caption } : {}),
        url: URL.createObjectURL(file.blob),
        done: 0,
      },
    });
  }

  /** Tries one that was refused once more; as another message, because the server remembers refusals by their key. */
  again(key: string): void {
    this.change(key, (one) => ({ ...one, key: newKey(), refusal: undefined }));
    this.hurry();
  }

  drop(key: string): void {
    const gone = this.all.find((one) => one.key === key);
    if (gone?.file) {
      URL.revokeObjectURL(gone.file.url);
    }
    this.all = this.all.filter((one) => one.key !== key);
    this.tell();
    this.hurry();
  }

  /** Tries everything now, whatever pause was meant. */
  hurry(): void {
    this.pauses.forEach((timer) => clearTimeout(timer));
    this.pauses.clear();
    new Set(this.all.map((one) => one.conversationId)).forEach((id) => void this.work(id));
  }

  private push(one: Waiting): void {
    this.all = [...this.all, one];
    this.tell();
    void this.work(one.conversationId);
  }

  /** One after the other, so that they arrive in order. */
  private async work(conversationId: string): Promise<void> {
    if (this.busy.has(conversationId) || this.pauses.has(conversationId)) {
      return;
    }
    this.busy.add(conversationId);
    let pause = 0;
    try {
      for (let one = this.next(conversationId); one; one = this.next(conversationId)) {
        await this.deliver(one);
      }
    } catch (error) {
      pause = (error instanceof ProblemError && error.retryAfterMs) || this.longer(conversationId);
    } finally {
      this.busy.delete(conversationId);
    }
    if (pause > 0) {
      const timer = setTimeout(() => {
        this.pauses.delete(conversationId);
        void this.work(conversationId);
      }, pause);
      this.pauses.set(conversationId, timer);
    } else {
      this.lengths.delete(conversationId);
    }
  }

  private longer(conversationId: string): number {
    const pause = Math.min((this.lengths.get(conversationId) ?? FIRST_MS / 2) * 2, LAST_MS);
    this.lengths.set(conversationId, pause);
    return pause;
  }

  private next(conversationId: string): Waiting | undefined {
    return this.all.find((one) => one.conversationId === conversationId && !one.refusal);
  }

  private async deliver(one: Waiting): Promise<void> {
    try {
      const content = one.content ?? (await this.uploaded(one));
      const message = await send(one.conversationId, content, one.replyTo, one.key);
      if (this.queries) {
        put(this.queries, one.conversationId, [message]);
      }
      this.drop(one.key);
    } catch (error) {
      if (
        error instanceof ProblemError &&
        error.status < 500 &&
        ![401, 408, 425, 429].includes(error.status)
      ) {
        const fields = error.errors.map((e) => e.detail).join("; ");
        this.change(one.key, (was) => ({ ...was, refusal: fields || error.message || error.code }));
        return;
      }
      throw error;
    }
  }

  private async uploaded(one: Waiting): Promise<Content> {
    const { file } = one;
    if (!file) {
      throw new ProblemError(400, "invalid", "");
    }
    const stored = await upload(file.upload, `${one.key}-file`, (done) =>
      this.change(one.key, (was) => ({ ...was, file: was.file && { ...was.file, done } }), false),
    );
    const content = {
      type: file.upload.kind,
      attachment: {
        fileId: stored.id,
        ...(file.upload.kind === "document" ? { filename: file.upload.name } : {}),
      },
      ...(file.caption && file.upload.kind !== "voice" && file.upload.kind !== "audio"
        ? { caption: file.caption }
        : {}),
    } as Content;
    URL.revokeObjectURL(file.url);
    this.change(one.key, (was) => ({ ...was, content, file: undefined }));
    return content;
  }

  private change(key: string, with_: (one: Waiting) => Waiting, keep = true): void {
    this.all = this.all.map((one) => (one.key === key ? with_(one) : one));
    this.tell(keep);
  }

  private tell(keep = true): void {
    if (keep && this.owner) {
      write(this.owner, this.all);
    }
    this.listeners.forEach((listener) => listener());
  }
}

const place = (owner: string) => `parley.outbox.${owner}`;

function read(owner: string): Waiting[] {
  try {
    return JSON.parse(localStorage.getItem(place(owner)) ?? "[]");
  } catch {
    return [];
  }
}

function write(owner: string, all: Waiting[]): void {
  const lasting = all.filter((one) => one.content);
  if (lasting.length > 0) {
    localStorage.setItem(place(owner), JSON.stringify(lasting));
  } else {
    localStorage.removeItem(place(owner));
  }
}

export const outbox = new Outbox();

/** All that waits to be sent. */
export function useOutbox(): Waiting[] {
  return useSyncExternalStore(outbox.subscribe, outbox.waiting);
}
