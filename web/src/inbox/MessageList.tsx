import { Badge, Box, Button, Center, Loader, Text } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  lazy,
  type PointerEvent,
  Suspense,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../api/client";
import { Broken } from "../app/Broken";
import classes from "./Inbox.module.css";
import { MessageRow } from "./MessageRow";
import { type Note, notes } from "./notes";
import { useOutbox } from "./outbox";
import { message as readMessage, messages } from "./queries";
import { day } from "./time";
import { WaitingRow } from "./WaitingRow";

const NoteRow = lazy(async () => ({ default: (await import("./NoteRow")).NoteRow }));

/** Where to look: a message by its number; the counter tells one jump from the next to the same message. */
export type Target = { id: string; seq: number; jump: number };

/** A scroll this soon after a wheel, a finger or a key is what somebody meant. */
const TOUCHED_MS = 600;
const HELD_MS = 10_000;

/** What was said, oldest at the top; only what is in sight is drawn, and what is farther away is asked for on the way. */
export function MessageList({
  id,
  target,
  unread,
  onJump,
  onEnd,
  onReply,
  onGallery,
}: {
  id: string;
  target: Target | null;
  unread: number;
  onJump: (target: Target | null) => void;
  onEnd: (atEnd: boolean) => void;
  onReply: (message: Message) => void;
  onGallery: (message: Message, all: Message[]) => void;
}) {
  const { t, i18n } = useTranslation();
  const [from, setFrom] = useState<number | undefined>(undefined);
  const query = useInfiniteQuery(messages(id, from));
  const all = useMemo(
    () => (query.data?.pages.flatMap((page) => page.items) ?? []).toReversed(),
    [query.data],
  );
  const written = useQuery(notes(id)).data;
  const live = query.data?.pages[0]?.live ?? false;
  const lines = useMemo(() => together(all, written ?? [], live), [all, written, live]);
  const byId = useMemo(() => new Map(lines.map((line, index) => [line.id, index])), [lines]);
  const waiting = useOutbox().filter((one) => one.conversationId === id);
  const scroll = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const touched = useRef(0);
  const touch = () => {
    touched.current = Date.now();
  };
  // A scroll bar is held for as long as somebody likes, and nothing tells when it is let go.
  const hold = (event: PointerEvent) => {
    touched.current = Date.now() + (event.target === scroll.current ? HELD_MS : 0);
  };
  const meant = () => Date.now() - touched.current < TOUCHED_MS;
  const [marked, setMarked] = useState<string | null>(null);
  const stays = useRef<{ key: string; offset: number } | null>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 76,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 10,
  });
  const visible = rows.getVirtualItems();
  const first = visible[0]?.index ?? 0;
  const last = visible.at(-1)?.index ?? 0;

  useEffect(() => onEnd(atEnd && live), [atEnd, live, onEnd]);

  // A jump goes to what is there already, or reads the conversation from that message on.
  const jumped = useRef<number | null>(null);
  useEffect(() => {
    if (!target || jumped.current === target.jump || query.isPending) {
      return;
    }
    const index = byId.get(target.id);
    if (index === undefined) {
      setAtEnd(false);
      setFrom(target.seq);
      return;
    }
    jumped.current = target.jump;
    setAtEnd(false);
    stays.current = null;
    rows.scrollToIndex(index, { align: "center" });
    setMarked(target.id);
    const timer = setTimeout(() => setMarked(null), 2500);
    return () => clearTimeout(timer);
  }, [target, byId, query.isPending, rows]);

  // What is read stays where it is when messages come in or go away above it.
  const firstKey = lines[0]?.id;
  const was = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const held = stays.current;
    if (was.current && was.current !== firstKey && held && !atEnd) {
      const index = byId.get(held.key);
      if (index !== undefined) {
        const start = rows.getOffsetForIndex(index, "start")?.[0];
        if (start !== undefined) {
          rows.scrollToOffset(start + held.offset);
        }
      }
    }
    was.current = firstKey;
  }, [firstKey, byId, rows, atEnd]);

  // At the end it stays at the end, also when a message turns out taller than was guessed.
  const height = rows.getTotalSize();
  useLayoutEffect(() => {
    // Looked at after every picture: what is measured moves the view without changing anything else.
    const box = scroll.current;
    if (box && atEnd && !meant() && box.scrollHeight - box.scrollTop - box.clientHeight > 1) {
      box.scrollTop = box.scrollHeight;
    }
  });

  const { hasNextPage, hasPreviousPage, isFetching, fetchNextPage, fetchPreviousPage } = query;
  useEffect(() => {
    if (all.length === 0 || isFetching) {
      return;
    }
    if (first < 10 && hasNextPage) {
      void fetchNextPage();
    } else if (last > lines.length - 10 && hasPreviousPage) {
      void fetchPreviousPage();
    }
  }, [
    first,
    last,
    all.length,
    lines.length,
    isFetching,
    hasNextPage,
    hasPreviousPage,
    fetchNextPage,
    fetchPreviousPage,
  ]);

  async function toQuoted(message: Message) {
    const quoted = message.replyTo && byId.get(message.replyTo);
    const there = typeof quoted === "number" ? lines[quoted]?.message : undefined;
    const found =
      there ?? (message.replyTo ? await readMessage(id, message.replyTo).catch(() => null) : null);
    if (found) {
      onJump({ id: found.id, seq: found.seq, jump: Date.now() });
    }
  }

  // Rows are drawn anew only when their message changes: what they are given stays the same.
  const now = useRef({ toQuoted, all, onGallery });
  useLayoutEffect(() => {
    now.current = { toQuoted, all, onGallery };
  });
  const quote = useCallback((one: Message) => void now.current.toQuoted(one), []);
  const gallery = useCallback((one: Message) => now.current.onGallery(one, now.current.all), []);

  function toEnd() {
    onJump(null);
    setAtEnd(true);
    if (from !== undefined) {
      setFrom(undefined);
    }
  }

  return (
    <Box pos="relative" flex={1} mih={0} display="flex">
      <Box
        ref={scroll}
        className={classes.messages}
        tabIndex={0}
        role="log"
        aria-label={t("conversation.messages")}
        aria-busy={query.isPending}
        onWheel={touch}
        onTouchMove={touch}
        onKeyDown={touch}
        onPointerMove={(event) => event.buttons > 0 && touch()}
        onPointerDown={hold}
        onScroll={(event) => {
          const box = event.currentTarget;
          const near = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
          // What grows or is measured anew does not take it from the end; only somebody who scrolls does.
          setAtEnd((was) => near || (was && !meant()));
          const top = rows.getVirtualItems().find((row) => row.end > box.scrollTop);
          stays.current = top ? { key: String(top.key), offset: box.scrollTop - top.start } : null;
        }}
      >
        {query.isPending ? (
          <Center h="100%">
            <Loader />
          </Center>
        ) : query.isError && all.length === 0 ? (
          <Broken error={query.error} reset={() => void query.refetch()} />
        ) : (
          <>
            {lines.length === 0 && waiting.length === 0 && (
              <Center h="100%">
                <Text c="dimmed" size="sm">
                  {t("conversation.empty")}
                </Text>
              </Center>
            )}
            <div style={{ height, position: "relative" }}>
              {visible.map((row) => {
                const line = lines[row.index];
                const above = lines[row.index - 1];
                const message = line?.message;
                const before = above?.message;
                const quoted = message?.replyTo ? byId.get(message.replyTo) : undefined;
                return (
                  line && (
                    <div
                      key={row.key}
                      data-index={row.index}
                      ref={rows.measureElement}
                      className={classes.place}
                      style={{ transform: `translateY(${row.start}px)` }}
                    >
                      {(!above || !sameDay(above, line)) && (
                        <div className={classes.day}>
                          <Badge variant="default" tt="none" fw={500}>
                            {day(line.createdAt, i18n.language)}
                          </Badge>
                        </div>
                      )}
                      {line.note && (
                        <Suspense>
                          <NoteRow note={line.note} />
                        </Suspense>
                      )}
                      {message && (
                        <MessageRow
                          message={message}
                          quoted={quoted === undefined ? undefined : lines[quoted]?.message}
                          follows={before !== undefined && sameTurn(before, message)}
                          marked={marked === message.id}
                          onReply={onReply}
                          onQuote={quote}
                          onGallery={gallery}
                        />
                      )}
                    </div>
                  )
                );
              })}
            </div>
            {live && waiting.map((one) => <WaitingRow key={one.key} one={one} />)}
          </>
        )}
      </Box>
      {isFetching && !query.isPending && (hasNextPage || hasPreviousPage) && (
        <Loader size="xs" className={classes.loading} />
      )}
      {(!atEnd || !live) && !query.isPending && (
        <Button
          className={classes.toEnd}
          radius="xl"
          size="compact-sm"
          leftSection={<IconArrowDown size={14} />}
          onClick={toEnd}
        >
          {unread > 0 ? t("conversation.newOnes", { count: unread }) : t("conversation.toEnd")}
        </Button>
      )}
    </Box>
  );
}

type Line = { id: string; createdAt: string; message?: Message; note?: Note };

/** Messages with the notes where they were written; those before the oldest message that is at hand come with it. */
function together(all: Message[], written: Note[], live: boolean): Line[] {
  const lines: Line[] = [];
  let next = 0;
  const first = all[0]?.seq ?? 0;
  while (first > 1 && next < written.length && written[next]!.afterSeq < first) {
    next += 1;
  }
  const before = (seq: number) => {
    for (let note = written[next]; note && note.afterSeq < seq; note = written[next]) {
      lines.push({ id: note.id, createdAt: note.createdAt, note });
      next += 1;
    }
  };
  for (const message of all) {
    before(message.seq);
    lines.push({ id: message.id, createdAt: message.createdAt, message });
  }
  if (live) {
    before(Number.POSITIVE_INFINITY);
  }
  return lines;
}

function sameDay(a: { createdAt: string }, b: { createdAt: string }): boolean {
  return new Date(a.createdAt).toDateString() === new Date(b.createdAt).toDateString();
}

/** Whether one went on writing: then the name is not said again. */
function sameTurn(a: Message, b: Message): boolean {
  return (
    a.direction === b.direction &&
    a.sender.id === b.sender.id &&
    sameDay(a, b) &&
    Date.parse(b.createdAt) - Date.parse(a.createdAt) < 5 * 60_000
  );
}
