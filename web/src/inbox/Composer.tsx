import { ActionIcon, Alert, Box, CloseButton, Group, Text, Textarea, Tooltip } from "@mantine/core";
import { IconClockExclamation, IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, Message } from "../api/client";
import { session } from "../api/session";
import { says } from "../app/Broken";
import classes from "./Inbox.module.css";
import { preview } from "./MessageRow";
import { put, send } from "./queries";
import { left } from "./time";

const LONGEST = 4096;
const draftKey = (id: string) => `parley.draft.${id}`;

/** Writes the next message. What is written stays on this device until it is sent. */
export function Composer({
  conversation,
  replyTo,
  onReplied,
}: {
  conversation: Conversation;
  replyTo: Message | null;
  onReplied: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const input = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => localStorage.getItem(draftKey(conversation.id)) ?? "");
  // A key for each message and not for each request: trying again after a lost answer sends nothing twice.
  const key = useRef(crypto.randomUUID());
  const open = useWindow(conversation.window);
  const may = session.me()?.permissions.includes("conversations:write") ?? false;

  useEffect(() => {
    if (text) {
      localStorage.setItem(draftKey(conversation.id), text);
    } else {
      localStorage.removeItem(draftKey(conversation.id));
    }
  }, [text, conversation.id]);

  useEffect(() => {
    if (replyTo) {
      input.current?.focus();
    }
  }, [replyTo]);

  const sending = useMutation({
    mutationFn: () =>
      send(conversation.id, { type: "text", body: text.trim() }, replyTo?.id ?? null, key.current),
    onSuccess: (message) => {
      put(queries, message);
      setText("");
      key.current = crypto.randomUUID();
      onReplied();
      input.current?.focus();
    },
  });

  function submit() {
    if (text.trim() && !sending.isPending) {
      sending.mutate();
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  }

  if (!may) {
    return (
      <Box className={classes.composer}>
        <Text size="sm" c="dimmed">
          {t("composer.readOnly")}
        </Text>
      </Box>
    );
  }
  return (
    <Box className={classes.composer}>
      {replyTo && (
        <Group className={classes.quote} wrap="nowrap" justify="space-between">
          <Text size="xs" lineClamp={1}>
            {preview(replyTo)}
          </Text>
          <CloseButton size="xs" onClick={onReplied} aria-label={t("composer.noReply")} />
        </Group>
      )}
      {sending.isError && (
        <Alert color="red" mb="xs" role="alert" p="xs">
          {says(sending.error, t)}
        </Alert>
      )}
      {open === "closed" ? (
        <Alert color="yellow" icon={<IconClockExclamation />} p="xs">
          {t("composer.closed")}
        </Alert>
      ) : (
        <Group align="flex-end" gap="xs" wrap="nowrap">
          <Textarea
            ref={input}
            flex={1}
            autosize
            minRows={1}
            maxRows={8}
            maxLength={LONGEST}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            placeholder={t("composer.write")}
            aria-label={t("composer.write")}
          />
          <Tooltip label={t("composer.send")}>
            <ActionIcon
              size={36}
              onClick={submit}
              loading={sending.isPending}
              disabled={!text.trim()}
              aria-label={t("composer.send")}
            >
              <IconSend size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
      {typeof open === "object" && open.hours < 4 && (
        <Text size="xs" c="dimmed" mt={4} role="status">
          {t("composer.left", open)}
        </Text>
      )}
    </Box>
  );
}

/** What is left of the 24 hours, told anew each minute; `free` where the channel has no such rule. */
function useWindow(until: string | undefined) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return until ? (left(until, now) ?? "closed") : "free";
}
