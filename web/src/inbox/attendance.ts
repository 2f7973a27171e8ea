import { useSyncExternalStore } from "react";
import { session } from "../api/session";

type Notice = { conversationId?: string; userId?: string; expiresInMs?: number };
type Doing = "typing" | "viewing";
/** A colleague who is in a conversation too. */
export type Present = { userId: string; doing: Doing };

const NOBODY: Present[] = [];
const LIFE_MS: Record<Doing, number> = { typing: 6000, viewing: 30_000 };

/** What the server tells of it, and whether it begins. */
const NAMES: Record<string, [Doing, boolean]> = {
  "typing.started": ["typing", true],
  "typing.stopped": ["typing", false],
  "conversation.viewing": ["viewing", true],
  "conversation.viewing-ended": ["viewing", false],
};

/** Which colleagues look at and write in which conversation. Who does not say so again has gone. */
class Attendance {
  private readonly until = new Map<string, Map<string, number>>();
  private seen = new Map<string, Present[]>();
  private readonly listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  take(name: string, { conversationId, userId, expiresInMs }: Notice): void {
    const [doing, begins] = NAMES[name] ?? [];
    if (!doing || !conversationId || !userId || userId === session.me()?.id) {
      return;
    }
    const there = this.until.get(conversationId) ?? new Map<string, number>();
    this.until.set(conversationId, there);
    const key = `${doing}:${userId}`;
    if (begins) {
      const life = expiresInMs ?? LIFE_MS[doing];
      there.set(key, Date.now() + life);
      setTimeout(() => this.tell(conversationId), life + 50);
    } else {
      there.delete(key);
    }
    this.tell(conversationId);
  }

  in = (conversationId: string): Present[] => this.seen.get(conversationId) ?? NOBODY;

  private tell(conversationId: string): void {
    const now = Date.now();
    const users = new Map<string, Present>();
    for (const [key, until] of this.until.get(conversationId) ?? []) {
      const [doing, userId] = key.split(":") as [Doing, string];
      if (until > now && (doing === "typing" || !users.has(userId))) {
        users.set(userId, { userId, doing });
      }
    }
    this.seen = new Map(this.seen).set(conversationId, [...users.values()]);
    this.listeners.forEach((listener) => listener());
  }
}

export const attendance = new Attendance();

/** Who else is in a conversation now. */
export function useAttendance(conversationId: string): Present[] {
  return useSyncExternalStore(attendance.subscribe, () => attendance.in(conversationId));
}
