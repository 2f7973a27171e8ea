import { useEffect, useSyncExternalStore } from "react";
import type { Message } from "../api/client";
import { preview } from "./preview";

const KEYS = { desktop: "parley.notices.desktop", sound: "parley.notices.sound" };
export type NoticeKind = keyof typeof KEYS;

const listeners = new Set<() => void>();
let open: string | undefined;
let go: (conversationId: string) => void = () => undefined;
let title: string = "Parley";

function wanted(kind: NoticeKind): boolean {
  return localStorage.getItem(KEYS[kind]) === "on";
}

/** Whether this device shows or sounds a notice, and how to change it. Desktop notices need the browser's leave. */
export function useNotice(kind: NoticeKind): [boolean, (on: boolean) => Promise<void>] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted(kind),
  );
  async function set(to: boolean) {
    const allowed =
      !to ||
      kind !== "desktop" ||
      ("Notification" in window && (await Notification.requestPermission()) === "granted");
    localStorage.setItem(KEYS[kind], to && allowed ? "on" : "off");
    if (to && kind === "sound") {
      beep();
    }
    listeners.forEach((listener) => listener());
  }
  return [on, set];
}

/** A customer's message came: makes itself noticed unless somebody looks at its conversation. */
export function heard(type: string, message: Message): void {
  const looking = document.visibilityState === "visible" && document.hasFocus();
  if (type !== "message.received" || (looking && open === message.conversationId)) {
    return;
  }
  if (wanted("sound")) {
    beep();
  }
  if (
    !looking &&
    wanted("desktop") &&
    "Notification" in window &&
    Notification.permission === "granted"
  ) {
    const notice = new Notification(message.sender.name ?? title, {
      body: preview(message).slice(0, 140),
      tag: message.conversationId,
      icon: "/icon.svg",
    });
    notice.onclick = () => {
      window.focus();
      go(message.conversationId);
      notice.close();
    };
  }
}

let sounds: AudioContext | null = null;
let last = 0;

/** Two short tones, at most one pair a second. */
function beep(): void {
  if (Date.now() - last < 1000) {
    return;
  }
  last = Date.now();
  sounds ??= new AudioContext();
  const { currentTime: now, destination } = sounds;
  for (const [after, pitch] of [
    [0, 660],
    [0.12, 880],
  ] as const) {
    const tone = sounds.createOscillator();
    const volume = sounds.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.08, now + after);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + after + 0.18);
    tone.connect(volume).connect(destination);
    tone.start(now + after);
    tone.stop(now + after + 0.2);
  }
}

/** Says which conversation is open, and shows in the window's title how many conversations have something unread. */
export function useNoticed(
  conversationId: string | undefined,
  unread: number,
  goTo: (conversationId: string) => void,
  name: string,
): void {
  useEffect(() => {
    open = conversationId;
    go = goTo;
    title = name;
    return () => {
      open = undefined;
    };
  }, [conversationId, goTo, name]);
  useEffect(() => {
    document.title =
      unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${name} · Parley` : `${name} · Parley`;
    return () => {
      document.title = "Parley";
    };
  }, [unread, name]);
}
