import { useEffect, useRef } from "react";

/** What each key does, by page: the help sheet shows this list. */
export const SHORTCUTS = [
  ["mod+K", "palette"],
  ["?", "help"],
  ["/", "search"],
  ["j", "next"],
  ["k", "previous"],
  ["r", "reply"],
  ["e", "resolve"],
  ["a", "assign"],
  ["i", "details"],
  ["Esc", "leave"],
  ["Enter", "send"],
  ["Shift+Enter", "line"],
] as const;

type Keys = Record<string, ((event: KeyboardEvent) => void) | undefined>;

/** Keys do this while the component is there; letters do nothing where somebody writes or a window lies above. */
export function useShortcuts(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const mod = event.ctrlKey || event.metaKey;
      const act = latest.current[mod ? `mod+${event.key.toLowerCase()}` : event.key];
      if (!act || event.altKey || (!mod && busy(event.target))) {
        return;
      }
      event.preventDefault();
      act(event);
    };
    // Before anybody else: the key that closes a menu finds it still open, and does nothing more.
    document.addEventListener("keydown", listen, true);
    return () => document.removeEventListener("keydown", listen, true);
  }, []);
}

function busy(target: EventTarget | null): boolean {
  return (
    document.querySelector("[role=dialog], [role=menu]") !== null ||
    (target instanceof HTMLElement &&
      (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)))
  );
}
