import { ActionIcon, Anchor, Box, Group, Text, Tooltip } from "@mantine/core";
import {
  IconAlertCircle,
  IconArrowBackUp,
  IconCheck,
  IconChecks,
  IconClock,
  IconHelpCircle,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Message } from "../api/client";
import { says } from "../app/Broken";
import classes from "./Inbox.module.css";
import { MessageContent } from "./MessageContent";
import { put } from "./queries";
import { hour, moment } from "./time";

/** One message with what became of it. */
export const MessageRow = memo(function MessageRow({
  message,
  quoted,
  onReply,
}: {
  message: Message;
  quoted: Message | undefined;
  onReply: () => void;
}) {
  const { t, i18n } = useTranslation();
  const deleted = message.deletedAt !== undefined && message.deletedAt !== null;
  return (
    <article
      className={classes.row}
      data-direction={message.direction}
      data-message={message.id}
      aria-label={t(`message.${message.direction}`, { at: moment(message.createdAt, i18n.language) })}
    >
      <Box className={classes.bubble} data-failed={message.state === "failed" || undefined}>
        {message.sender.name && message.direction === "outbound" && (
          <Text size="xs" c="dimmed" fw={500}>
            {message.sender.name}
          </Text>
        )}
        {message.replyTo && (
          <Box className={classes.quote}>
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
          <MessageContent content={message.content} />
        )}
        <Group gap={6} justify="flex-end" mt={2} wrap="nowrap">
          {message.reactions.length > 0 && (
            <Text size="sm" mr="auto" aria-label={t("message.reactions")}>
              {message.reactions.map((reaction) => reaction.emoji).join(" ")}
            </Text>
          )}
          {message.editedAt && (
            <Text size="xs" c="dimmed">
              {t("message.edited")}
            </Text>
          )}
          <Tooltip label={moment(message.providerTime ?? message.createdAt, i18n.language)}>
            <Text size="xs" c="dimmed" component="time" dateTime={message.createdAt}>
              {hour(message.providerTime ?? message.createdAt, i18n.language)}
            </Text>
          </Tooltip>
          {message.direction === "outbound" && <Receipt message={message} />}
          {!deleted && (
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              onClick={onReply}
              aria-label={t("message.reply")}
            >
              <IconArrowBackUp size={14} />
            </ActionIcon>
          )}
        </Group>
        {message.state === "failed" && <Failed message={message} />}
      </Box>
    </article>
  );
});

/** A line of what a message says. */
export function preview(message: Message): string {
  const { content } = message;
  if ("body" in content) {
    return content.body;
  }
  return "caption" in content && content.caption ? content.caption : `[${content.type}]`;
}

function Receipt({ message }: { message: Message }) {
  const { t, i18n } = useTranslation();
  const state = message.state ?? "queued";
  const times = [
    ["sent", message.sentAt],
    ["delivered", message.deliveredAt],
    ["read", message.readAt],
  ]
    .filter(([, at]) => at)
    .map(([word, at]) => `${t(`state.${word}`)} ${hour(at!, i18n.language)}`);
  const label = [t(`state.${state}`), ...times].join(" · ");
  const color =
    state === "read" || state === "played"
      ? "var(--mantine-color-blue-6)"
      : state === "failed"
        ? "var(--mantine-color-red-6)"
        : "var(--mantine-color-dimmed)";
  const Icon = {
    queued: IconClock,
    sending: IconClock,
    unknown: IconHelpCircle,
    sent: IconCheck,
    delivered: IconChecks,
    read: IconChecks,
    played: IconPlayerPlay,
    failed: IconAlertCircle,
  }[state];
  return (
    <Tooltip label={label}>
      <span role="img" aria-label={label} data-state={state} style={{ display: "flex" }}>
        <Icon size={15} color={color} />
      </span>
    </Tooltip>
  );
}

/** Why it failed and the way out; trying again really sends it again. */
function Failed({ message }: { message: Message }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () =>
      body(
        api.POST("/api/v1/conversations/{conversation}/messages/{id}/retry", {
          params: { path: { conversation: message.conversationId, id: message.id } },
        }),
      ),
    onSuccess: (now) => put(queries, now as Message),
  });
  return (
    <Box mt={4} role="alert">
      <Text size="xs" c="red">
        {message.failure?.cause ?? t("message.failed")}
      </Text>
      {message.failure?.wayOut && <Text size="xs">{message.failure.wayOut}</Text>}
      {retry.isError && (
        <Text size="xs" c="red">
          {says(retry.error, t)}
        </Text>
      )}
      <Anchor
        component="button"
        type="button"
        size="xs"
        disabled={retry.isPending}
        onClick={() => retry.mutate()}
      >
        {t("message.retry")}
      </Anchor>
    </Box>
  );
}
