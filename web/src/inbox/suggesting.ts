import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useState } from "react";
import { api, body } from "../api/client";
import { colleagues } from "./people";
import type { Suggestion } from "./Suggestions";

const MOST = 8;

/** Canned replies for a text such as `/hel`, with what their variables are in this conversation. */
export function useCanned(conversationId: string, text: string): Suggestion[] {
  const typed = /^\/([\p{L}\p{N}_-]*)$/u.exec(text)?.[1];
  const [q] = useDebouncedValue(typed, 120);
  const found = useQuery({
    queryKey: ["canned", conversationId, q],
    enabled: typed !== undefined && q !== undefined,
    staleTime: 30_000,
    queryFn: () =>
      body(
        api.GET("/api/v1/canned-replies", {
          params: { query: { limit: MOST, conversationId, ...(q ? { q } : {}) } },
        }),
      ),
  }).data;
  return typed === undefined
    ? []
    : (found?.items ?? []).map((reply) => ({
        id: reply.id,
        name: `/${reply.shortcut}`,
        hint: reply.filled ?? reply.text,
        text: reply.filled ?? reply.text,
      }));
}

/** Colleagues for a note in which the word before the cursor is such as `@an`. */
export function useMentionable(text: string, on: boolean): Suggestion[] {
  const typed = on ? /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(text)?.[1] : undefined;
  const all = useQuery({ ...colleagues, enabled: typed !== undefined }).data;
  if (typed === undefined) {
    return [];
  }
  const wanted = typed.toLowerCase();
  return [...(all?.values() ?? [])]
    .filter((one) => one.name.toLowerCase().includes(wanted))
    .slice(0, MOST)
    .map((one) => ({ id: one.id, name: one.name, hint: one.email, text: `@${one.name} ` }));
}

/** Which suggestion is chosen by the arrows, and what the field's keys do while there are some. */
export function useChoice(of: Suggestion[], onChoose: (one: Suggestion) => void) {
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState(false);
  const names = of.map((one) => one.id).join();
  useEffect(() => {
    setAt(0);
    setClosed(false);
  }, [names]);
  const open = of.length > 0 && !closed;
  /** Whether the key was meant for the suggestions. */
  function key(event: KeyboardEvent): boolean {
    if (!open) {
      return false;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      setAt((at + (event.key === "ArrowDown" ? 1 : -1) + of.length) % of.length);
    } else if (event.key === "Enter" || event.key === "Tab") {
      const one = of[at];
      if (one) {
        onChoose(one);
      }
    } else if (event.key === "Escape") {
      setClosed(true);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }
  return { open, at, key };
}
