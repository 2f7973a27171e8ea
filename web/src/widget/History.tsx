import { Alert, Box, Button, Center, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertCircle, IconCheck, IconChecks, IconClock, IconHelpCircle, IconNote } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Fragment, useEffect, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Broken } from "../app/Broken";
import shared from "../inbox/Inbox.module.css";
import { MessageContent, own, safe } from "../inbox/MessageContent";
import { preview } from "../inbox/preview";
import { day, hour, moment } from "../inbox/time";
import { WhatsAppText } from "../inbox/WhatsAppText";
import { api, body, type Message, type Note } from "./client";
import classes from "./Widget.module.css";

const PAGE = 30;
const NOTES = 100;

/** What was said, the oldest first, with the notes of colleagues where they were written. */
export function History({ lastSeq, updatedAt }: { lastSeq: number; updatedAt: string }) {
  const { t, i18n } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: ["messages"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/genesys/widget/messages", {
          params: { query: { limit: PAGE, after: pageParam } },
        }),
      ) as Promise<{ items: Message[]; next?: string }>,
    getNextPageParam: (page) => page.next,
    // What becomes of a message is seen here too; far back nothing changes any more.
    refetchInterval: (one) => ((one.state.data?.pages.length ?? 0) > 3 ? 20_000 : 5_000),
  });
  const notes = useQuery({
    queryKey: ["notes"],
    queryFn: () =>
      body(
        api.GET("/api/v1/genesys/widget/notes", { params: { query: { limit: NOTES } } }),
      ) as Promise<{ items: Note[] }>,
    refetchInterval: 20_000,
  });
  const { refetch } = query;
  useEffect(() => {
    void refetch();
  }, [lastSeq, updatedAt, refetch]);

  const messages = query.data?.pages.flatMap((page) => page.items).reverse() ?? [];
  const list = useRef<HTMLDivElement>(null);
  const place = useRef<{ first: string; last: string; height: number; end: boolean } | null>(null);
  const first = messages[0]?.id ?? "";
  const last = messages.at(-1)?.id ?? "";
  useLayoutEffect(() => {
    const box = list.current;
    if (!box || !last) {
      return;
    }
    const before = place.current;
    if (!before || (before.last !== last && before.end)) {
      box.scrollTop = box.scrollHeight;
    } else if (before.first !== first) {
      // Earlier ones came in above: what is read stays where it is.
      box.scrollTop += box.scrollHeight - before.height;
    }
    place.current = { first, last, height: box.scrollHeight, end: atEnd(box) };
  }, [first, last]);

  if (query.isError && !query.data) {
    return <Broken error={query.error} reset={() => void query.refetch()} />;
  }
  if (!query.data) {
    return (
      <Stack p="sm" aria-busy="true">
        <Skeleton height={48} width="70%" />
        <Skeleton height={48} width="60%" ml="auto" />
        <Skeleton height={80} width="70%" />
      </Stack>
    );
  }
  const known = new Map(messages.map((message) => [message.id, message]));
  const remarks = [...(notes.data?.items ?? [])].reverse();
  const from = query.hasNextPage ? (messages[0]?.seq ?? 0) : 0;
  return (
    <div
      ref={list}
      className={classes.history}
      tabIndex={0}
      role="region"
      aria-label={t("conversation.messages")}
      onScroll={(event) => {
        if (place.current) {
          place.current.end = atEnd(event.currentTarget);
        }
      }}
    >
      {query.hasNextPage && (
        <Center p="xs">
          <Button
            size="compact-sm"
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("widget.history.earlier")}
          </Button>
        </Center>
      )}
      {notes.isError && (
        <Alert color="yellow" p="xs" m="xs" role="status">
          {t("widget.history.noNotes")}
        </Alert>
      )}
      {messages.length === 0 && (
        <Text size="sm" c="dimmed" ta="center" p="lg">
          {t("conversation.empty")}
        </Text>
      )}
      {!query.hasNextPage && remarks.filter((note) => note.afterSeq === 0).map(remark)}
      {messages.map((message, index) => {
        const before = messages[index - 1];
        const begins =
          !before || new Date(before.createdAt).toDateString() !== new Date(message.createdAt).toDateString();
        return (
          <Fragment key={message.id}>
            {begins && (
              <div className={shared.day}>
                <Text size="xs" c="dimmed">
                  {day(message.createdAt, i18n.language)}
                </Text>
              </div>
            )}
            <Row
              message={message}
              quoted={message.replyTo ? known.get(message.replyTo) : undefined}
            />
            {remarks
              .filter((note) => note.afterSeq === message.seq && note.afterSeq >= from)
              .map(remark)}
          </Fragment>
        );
      })}
    </div>
  );
}

const remark = (note: Note) => <Remark key={note.id} note={note} />;

function atEnd(box: HTMLElement): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function Row({ message, quoted }: { message: Message; quoted: Message | undefined }) {
  const { t, i18n } = useTranslation();
  const at = message.providerTime ?? message.createdAt;
  const deleted = Boolean(message.deletedAt);
  return (
    <article
      className={shared.row}
      data-direction={message.direction}
      data-message={message.id}
      aria-label={t(`message.${message.direction}`, { at: moment(at, i18n.language) })}
    >
      <Box className={shared.bubble} data-failed={message.state === "failed" || undefined}>
        {message.direction === "outbound" && message.sender.name && (
          <Text size="xs" c="dimmed" fw={600}>
            {message.sender.name}
          </Text>
        )}
        {message.replyTo && (
          <Box className={shared.quote}>
            <Text size="xs" c="dimmed" lineClamp={2}>
              {quoted ? preview(quoted) : t("message.earlier")}
            </Text>
          </Box>
        )}
        {deleted ? (
          <Text size="sm" fs="italic" c="dimmed">
            {t("message.deleted")}
          </Text>
        ) : (
          <MessageContent content={shown(message.content)} onGallery={() => enlarge(message)} />
        )}
        <Group gap={6} justify="flex-end" mt={2} wrap="nowrap">
          {message.editedAt && !deleted && (
            <Text size="xs" c="dimmed">
              {t("message.edited")}
            </Text>
          )}
          <Text size="xs" c="dimmed" component="time" dateTime={at}>
            {hour(at, i18n.language)}
          </Text>
          {message.direction === "outbound" && message.state && <Receipt state={message.state} />}
        </Group>
        {message.state === "failed" && (
          <Text size="xs" className={shared.wrong}>
            {message.failure?.cause ?? t("message.failed")}
          </Text>
        )}
        {message.reactions.length > 0 && (
          <ul className={shared.reactions} aria-label={t("message.reactions")}>
            {message.reactions.map((reaction, index) => (
              <li key={index}>{reaction.emoji}</li>
            ))}
          </ul>
        )}
      </Box>
    </article>
  );
}

/** Without the id of its file: what more is known of that is not for this page to ask. */
function shown(content: Message["content"]): Message["content"] {
  return "attachment" in content
    ? ({ ...content, attachment: { ...content.attachment, fileId: undefined } } as Message["content"])
    : content;
}

/** Opens the whole picture in a window of its own. */
function enlarge(message: Message) {
  if ("attachment" in message.content) {
    const { attachment } = message.content;
    const link = own(attachment.file?.url) ?? safe(attachment.link ?? "");
    if (link) {
      window.open(link, "_blank", "noopener,noreferrer");
    }
  }
}

const STATES: Record<string, typeof IconCheck> = {
  queued: IconClock,
  sending: IconClock,
  unknown: IconHelpCircle,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  played: IconChecks,
  failed: IconAlertCircle,
};

function Receipt({ state }: { state: string }) {
  const { t } = useTranslation();
  const Icon = STATES[state] ?? IconHelpCircle;
  return (
    <span role="img" aria-label={t(`state.${state}`)} title={t(`state.${state}`)}>
      <Icon size={14} aria-hidden />
    </span>
  );
}

function Remark({ note }: { note: Note }) {
  const { t, i18n } = useTranslation();
  return (
    <article
      className={shared.row}
      data-direction="outbound"
      data-note={note.id}
      aria-label={t("note.by", {
        name: note.author.name ?? "",
        at: moment(note.createdAt, i18n.language),
      })}
    >
      <Box className={shared.note}>
        <Group gap={6} wrap="nowrap">
          <IconNote size={14} aria-hidden />
          <Text size="xs" fw={600}>
            {note.author.name}
          </Text>
        </Group>
        <Text size="sm" component="div" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          <WhatsAppText text={note.text} />
        </Text>
        <Text size="xs" ta="end" c="dimmed">
          {hour(note.createdAt, i18n.language)}
        </Text>
      </Box>
    </article>
  );
}
