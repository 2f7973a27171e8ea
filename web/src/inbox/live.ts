import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { io, type Socket } from "socket.io-client";
import { api, body, type Conversation, type Message } from "../api/client";
import { session } from "../api/session";
import { heard } from "./notices";
import { dropNote, type Note, putNote } from "./notes";
import { outbox } from "./outbox";
import { freshen } from "./freshen";
import { isLater, message, patch, place, put } from "./queries";
import { attendance } from "./attendance";

export type LiveEvent = {
  type: string;
  time?: string;
  conversationId?: string;
  userId?: string;
  expiresInMs?: number;
  data?: {
    conversationId?: string;
    message?: Message;
    messageId?: string;
    at?: string;
    failure?: Message["failure"];
    note?: Note;
    noteId?: string;
  };
};

/** What an event tells of a message that is on its way. */
const RECEIPTS: Record<string, NonNullable<Message["state"]>> = {
  "message.sent": "sent",
  "message.delivered": "delivered",
  "message.read": "read",
  "message.played": "played",
  "message.failed": "failed",
};

/** What others set up: asked for again when it changes. */
const SHARED = [
  ["contact.", "contact"],
  ["tag.", "tags"],
  ["team.", "teams"],
  ["canned-reply.", "canned"],
  ["user.", "colleagues"],
  ["genesys.", "genesys"],
] as const;

/** Conversations that changed are asked for at once, and again at most so often. */
const PACE_MS = 400;
/** When more than so many changed together, the beginning of the lists is asked for instead. */
const SINGLY = 10;

let socket: Socket | null = null;

/** Tells the server something that needs no answer, such as that somebody writes; nothing while it is not connected. */
export function tell(command: string, fields: object): void {
  if (socket?.connected) {
    socket.emit(command, fields);
  }
}

let watched: string | null = null;

/** Follows who is in one conversation, or in none: the inbox tells what happens, not who writes or looks where. */
export function watch(conversationId: string | null): void {
  if (watched) {
    tell("viewing.stop", { conversationId: watched });
    tell("unsubscribe", { topics: [`conversation:${watched}`] });
  }
  watched = conversationId;
  watchAgain();
}

function watchAgain(): void {
  if (watched) {
    tell("subscribe", { topics: [`conversation:${watched}`] });
    viewing();
  }
}

/** Tells colleagues that the conversation is being looked at. */
export function viewing(): void {
  if (watched && document.visibilityState === "visible") {
    tell("viewing.start", { conversationId: watched });
  }
}

/**
 * Follows the inbox for as long as the component is there, and keeps what is shown up to date. Answers whether the
 * server is connected. After a pause the server tells everything that was missed, from the last event on; where that
 * is too long ago, everything is asked for anew.
 */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    const changes = new Changes(queries);
    let shown = "";
    let ended = false;
    const here = io({
      transports: ["websocket", "polling"],
      reconnectionDelayMax: 3000,
      auth: (give) =>
        void session
          .token()
          .catch(() => null)
          .then((token) => {
            shown = token ?? "";
            give({ token: shown, topics: ["inbox"] });
          }),
    });
    socket = here;
    const again = () => setTimeout(() => !ended && here.connect(), 1000);
    here.on("hello", () => {
      setConnected(true);
      if (!here.recovered) {
        void freshen(queries);
      }
      // They may have changed while nobody could tell.
      void lookAtRights();
      outbox.hurry();
      watchAgain();
    });
    here.on("snapshot.required", () => void freshen(queries));
    here.on("disconnect", (reason) => {
      setConnected(false);
      // Then the client does not come back by itself; and it may be because of what we may do no longer.
      if (reason === "io server disconnect") {
        void lookAtRights();
        again();
      }
    });
    here.on("connect_error", (error: Error & { data?: { code?: string } }) => {
      setConnected(false);
      if (error.data?.code === "unauthenticated") {
        session.refused();
        again();
      }
    });
    here.on("rights.changed", (now: { permissions: string[] }) => session.changed(now.permissions));
    here.onAny((name: string, event: LiveEvent) => changes.take(name, event));
    // A connection is as good as its token: a fresh one is shown before the old one ends.
    const fresh = setInterval(async () => {
      const token = await session.token().catch(() => null);
      if (token && token !== shown && here.connected) {
        shown = token;
        here.emit("auth", { token });
      }
    }, 20_000);
    return () => {
      ended = true;
      clearInterval(fresh);
      here.close();
      socket = null;
    };
  }, [queries]);
  return connected;
}

async function lookAtRights(): Promise<void> {
  const me = await body(api.GET("/api/v1/auth/me")).catch(() => null);
  if (me) {
    session.changed(me.permissions);
  }
}

/** Events that came since the last picture, taken over together: many at once cost one change of the screen. */
class Changes {
  private waiting: LiveEvent[] = [];
  private drawing: ReturnType<typeof setTimeout> | null = null;
  private touched = new Set<string>();
  private asking = false;

  constructor(private readonly queries: QueryClient) {}

  take(name: string, event: LiveEvent): void {
    attendance.take(name, event ?? {});
    // What is not in the log has no type.
    if (!event?.type) {
      return;
    }
    this.waiting.push(event);
    this.drawing ??= setTimeout(() => this.draw(), 16);
  }

  private draw(): void {
    this.drawing = null;
    const events = this.waiting;
    this.waiting = [];
    const fresh = new Map<string, Message[]>();
    const again = new Map<string, string>();
    for (const event of events) {
      const id = event.conversationId;
      const { data } = event;
      const shared = SHARED.find(([prefix]) => event.type.startsWith(prefix));
      if (shared) {
        void this.queries.invalidateQueries({ queryKey: [shared[1]] });
      }
      if (!id) {
        continue;
      }
      this.touched.add(id);
      if (data?.message) {
        fresh.set(id, [...(fresh.get(id) ?? []), data.message]);
        heard(event.type, data.message);
      } else if (data?.messageId && !this.receipt(event, id, data.messageId)) {
        again.set(data.messageId, id);
      }
      if (event.type === "conversation.desk-changed") {
        void this.queries.invalidateQueries({ queryKey: ["conversation-desk", id] });
      }
      if (event.type === "conversation.note-added" || event.type === "conversation.note-changed") {
        if (data?.note) {
          putNote(this.queries, data.note);
        }
      } else if (event.type === "conversation.note-deleted" && data?.noteId) {
        dropNote(this.queries, id, data.noteId);
      }
    }
    for (const [id, ones] of fresh) {
      put(this.queries, id, ones);
    }
    for (const [id, conversationId] of again) {
      void message(conversationId, id)
        .then((now) => put(this.queries, conversationId, [now]))
        .catch(() => undefined);
    }
    void this.refresh();
  }

  /** Moves a message's state forward; false when it is something else and the message has to be read again. */
  private receipt(event: LiveEvent, conversationId: string, id: string): boolean {
    const state = RECEIPTS[event.type];
    if (!state) {
      return false;
    }
    const at = event.data?.at ?? event.time;
    patch(this.queries, conversationId, id, (was) =>
      isLater(state, was.state)
        ? {
            ...was,
            state,
            failure: event.data?.failure ?? was.failure,
            ...(state === "played" ? {} : { [`${state}At`]: at }),
          }
        : was,
    );
    return true;
  }

  private async refresh(): Promise<void> {
    if (this.asking || this.touched.size === 0) {
      return;
    }
    this.asking = true;
    const ids = [...this.touched];
    this.touched = new Set();
    try {
      if (ids.length <= SINGLY) {
        const found = await Promise.allSettled(
          ids.map((id) =>
            body(api.GET("/api/v1/conversations/{id}", { params: { path: { id } } })),
          ),
        );
        place(
          this.queries,
          found.flatMap((f) => (f.status === "fulfilled" ? [f.value as Conversation] : [])),
        );
      } else {
        const head = await body(
          api.GET("/api/v1/conversations", { params: { query: { limit: 100 } } }),
        );
        place(this.queries, (head.items ?? []) as Conversation[]);
      }
      void this.queries.invalidateQueries({ queryKey: ["counts"] });
    } catch {
      // The next event asks again; after a pause everything is asked for anew.
    }
    setTimeout(() => {
      this.asking = false;
      void this.refresh();
    }, PACE_MS);
  }
}
