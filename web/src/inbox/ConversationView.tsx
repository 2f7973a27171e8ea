import {
  ActionIcon,
  Avatar,
  Badge,
  Box,
  Text,
  Title,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { IconArrowLeft, IconInfoCircle, IconSearch } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type DragEvent, lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Conversation, type Message } from "../api/client";
import { session } from "../api/session";
import { Broken } from "../app/Broken";
import { useShortcuts } from "../app/shortcuts";
import type { ComposerHandle } from "./Composer";
import classes from "./Inbox.module.css";
import { viewing, watch } from "./live";
import { MessageList, type Target } from "./MessageList";
import { channels, contact, conversation, message as readMessage, place } from "./queries";
import { ago } from "./time";

const Collision = lazy(async () => ({ default: (await import("./Collision")).Collision }));
const Composer = lazy(async () => ({ default: (await import("./Composer")).Composer }));
const DeskControls = lazy(() => import("./DeskControls"));
const DeskPlace = lazy(() => import("./DeskPlace"));
const Gallery = lazy(() => import("./Gallery"));

/** How often colleagues are told that this one is being looked at. */
const VIEWING_MS = 15_000;

/** One conversation: what was said, and what to say next. */
export function ConversationView({
  id,
  messageId,
  onDetails,
  onSearch,
}: {
  id: string;
  /** A message to show at first, as after a search. */
  messageId: string | undefined;
  onDetails: () => void;
  onSearch: () => void;
}) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const about = useQuery(conversation(id));
  const person = useQuery({
    ...contact(about.data?.contactId ?? ""),
    enabled: about.data !== undefined,
  });
  const channel = useQuery(channels).data?.find((c) => c.id === about.data?.channelId);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [target, setTarget] = useState<Target | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [gallery, setGallery] = useState<{ first: string; messages: Message[] } | null>(null);
  const [dropping, setDropping] = useState(false);
  const composer = useRef<ComposerHandle>(null);
  const inside = useRef(0);

  useEffect(() => {
    if (messageId) {
      void readMessage(id, messageId)
        .then((found) => setTarget({ id: found.id, seq: found.seq, jump: Date.now() }))
        .catch(() => undefined);
    }
  }, [id, messageId]);

  const read = useMutation({
    mutationFn: () =>
      body(api.POST("/api/v1/conversations/{id}/read", { params: { path: { id } }, body: {} })),
    onSuccess: (now) => place(queries, [now as Conversation]),
  });
  const unread = about.data?.unread ?? 0;
  const markRead = read.mutate;
  const may = session.may("conversations:write");
  useEffect(() => {
    const look = () => {
      if (may && unread > 0 && atEnd && document.visibilityState === "visible") {
        markRead();
      }
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [unread, atEnd, markRead, may]);

  useShortcuts({
    r: () => composer.current?.focus(),
    i: onDetails,
  });
  useEffect(() => {
    watch(id);
    const again = setInterval(viewing, VIEWING_MS);
    return () => {
      clearInterval(again);
      watch(null);
    };
  }, [id]);
  const reply = useCallback((one: Message) => setReplyTo(one), []);
  const drag = {
    onDragEnter: (event: DragEvent) => {
      if (event.dataTransfer.types.includes("Files")) {
        inside.current += 1;
        setDropping(true);
      }
    },
    onDragLeave: () => {
      inside.current = Math.max(0, inside.current - 1);
      setDropping(inside.current > 0);
    },
    onDragOver: (event: DragEvent) => event.preventDefault(),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      inside.current = 0;
      setDropping(false);
      composer.current?.drop(event.dataTransfer.files);
    },
  };

  const name = person.data?.name ?? person.data?.identities[0]?.value ?? "";
  if (about.isError) {
    return <Broken error={about.error} reset={() => void about.refetch()} />;
  }
  return (
    <Box
      component="section"
      className={classes.view}
      aria-label={t("conversation.with", { name })}
      {...drag}
    >
      <Box className={classes.head}>
        <ActionIcon
          component={Link}
          to="/inbox"
          variant="subtle"
          color="gray"
          size="lg"
          className={classes.back}
          aria-label={t("conversation.back")}
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
        <Avatar name={name} color="initials" size={36} visibleFrom="xs" aria-hidden />
        <Box flex={1} miw={0}>
          <Title order={2} size="h5">
            <UnstyledButton onClick={onDetails} className={classes.name}>
              {name || "…"}
            </UnstyledButton>
          </Title>
          <Text size="xs" c="dimmed" truncate>
            {channel?.name}
          </Text>
        </Box>
        {about.data && about.data.status !== "open" && (
          <Badge variant="light" color="gray" tt="none" visibleFrom="sm">
            {about.data.status === "snoozed" && about.data.snoozedUntil
              ? t("desk.snoozedUntil", { at: ago(about.data.snoozedUntil, i18n.language) })
              : t(`status.${about.data.status}`)}
          </Badge>
        )}
        <Tooltip label={t("conversation.search")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            visibleFrom="xs"
            onClick={onSearch}
            aria-label={t("conversation.search")}
          >
            <IconSearch size={19} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t("conversation.details")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            visibleFrom="xs"
            onClick={onDetails}
            aria-label={t("conversation.details")}
          >
            <IconInfoCircle size={20} />
          </ActionIcon>
        </Tooltip>
        {about.data && may && (
          <Suspense>
            <DeskControls conversation={about.data} />
          </Suspense>
        )}
      </Box>
      <Suspense>
        {session.may("channels:read") && <DeskPlace conversationId={id} />}
        <Collision conversationId={id} />
      </Suspense>
      <MessageList
        id={id}
        target={target}
        unread={unread}
        onJump={setTarget}
        onEnd={setAtEnd}
        onReply={reply}
        onGallery={(one, messages) => setGallery({ first: one.id, messages })}
      />
      {about.data && (
        <Suspense fallback={<div className={classes.composer} data-coming />}>
          <Composer
            ref={composer}
            conversation={about.data}
            replyTo={replyTo}
            onReplied={() => setReplyTo(null)}
          />
        </Suspense>
      )}
      {dropping && may && (
        <Box className={classes.drop}>
          <Text fw={600}>{t("composer.drop")}</Text>
        </Box>
      )}
      {gallery && (
        <Suspense>
          <Gallery {...gallery} onClose={() => setGallery(null)} />
        </Suspense>
      )}
    </Box>
  );
}
