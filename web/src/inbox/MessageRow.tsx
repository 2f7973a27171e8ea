import {
  ActionIcon,
  Anchor,
  Box,
  Group,
  Menu,
  Popover,
  Text,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import {
  IconAlertCircle,
  IconArrowBackUp,
  IconCheck,
  IconChecks,
  IconClock,
  IconCopy,
  IconDotsVertical,
  IconHelpCircle,
  IconMoodPlus,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Message } from "../api/client";
import { session } from "../api/session";
import { says } from "../app/Broken";
import classes from "./Inbox.module.css";
import { MessageContent } from "./MessageContent";
import { outbox } from "./outbox";
import { colleagues } from "./people";
import { preview } from "./preview";
import { put } from "./queries";
import { hour, moment } from "./time";

const REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** One message with what became of it. */
export const MessageRow = memo(function MessageRow({
  message,
  quoted,
  follows,
  marked,
  onReply,
  onQuote,
  onGallery,
}: {
  message: Message;
  quoted: Message | undefined;
  /** Whether the message before is of the same person and shortly before. */
  follows: boolean;
  marked: boolean;
  onReply: (message: Message) => void;
  onQuote: (message: Message) => void;
  onGallery: (message: Message) => void;
}) {
  const { t, i18n } = useTranslation();
  const deleted = message.deletedAt !== undefined && message.deletedAt !== null;
  return (
    <article
      className={classes.row}
      data-direction={message.direction}
      data-message={message.id}
      data-follows={follows || undefined}
      data-marked={marked || undefined}
      aria-label={t(`message.${message.direction}`, {
        at: moment(message.createdAt, i18n.language),
      })}
    >
      <Box className={classes.bubble} data-failed={message.state === "failed" || undefined}>
        {message.sender.name && message.direction === "outbound" && !follows && (
          <SenderName sender={message.sender} />
        )}
        {message.replyTo && (
          <UnstyledButton
            className={classes.quote}
            onClick={() => onQuote(message)}
            aria-label={t("message.toQuoted")}
          >
            <Text size="xs" c="dimmed" lineClamp={2}>
              {quoted ? preview(quoted) : t("message.earlier")}
            </Text>
          </UnstyledButton>
        )}
        {deleted ? (
          <Text size="sm" fs="italic" c="dimmed">
            {t("message.deleted")}
          </Text>
        ) : (
          <MessageContent content={message.content} onGallery={() => onGallery(message)} />
        )}
        <Group gap={6} justify="flex-end" mt={2} wrap="nowrap">
          {message.editedAt && !deleted && (
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
        </Group>
        {message.state === "failed" && <Failed message={message} />}
        {message.reactions.length > 0 && <Reactions message={message} />}
      </Box>
      {!deleted && <Actions message={message} onReply={onReply} />}
    </article>
  );
});

/** Who of us wrote it; programs have the name of their key. */
function SenderName({ sender }: { sender: Message["sender"] }) {
  const names = useQuery(colleagues).data;
  return (
    <Text size="xs" c="dimmed" fw={600}>
      {(sender.id && names?.get(sender.id)?.name) || sender.name}
    </Text>
  );
}

/** Emojis that people put on it, equal ones counted. */
function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation();
  const counts = new Map<string, number>();
  message.reactions.forEach(({ emoji }) => counts.set(emoji, (counts.get(emoji) ?? 0) + 1));
  return (
    <ul className={classes.reactions} aria-label={t("message.reactions")}>
      {[...counts].map(([emoji, count]) => (
        <li key={emoji}>
          {emoji}
          {count > 1 && ` ${count}`}
        </li>
      ))}
    </ul>
  );
}

function Actions({ message, onReply }: { message: Message; onReply: (message: Message) => void }) {
  const { t } = useTranslation();
  const [choosing, setChoosing] = useState(false);
  const may = session.may("conversations:write");
  const text = "body" in message.content ? message.content.body : undefined;
  const reactable = may && message.direction === "inbound" && message.content.type !== "system";
  function react(emoji: string) {
    setChoosing(false);
    outbox.add(message.conversationId, { type: "reaction", messageId: message.id, emoji }, null);
  }
  return (
    <div className={classes.actions}>
      {reactable && (
        <Popover opened={choosing} onChange={setChoosing} position="top" trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              onClick={() => setChoosing(!choosing)}
              aria-label={t("message.react")}
            >
              <IconMoodPlus size={16} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown p={4}>
            <Group gap={2} wrap="nowrap">
              {REACTIONS.map((emoji) => (
                <ActionIcon
                  key={emoji}
                  size="lg"
                  variant="subtle"
                  color="gray"
                  onClick={() => react(emoji)}
                  aria-label={t("message.reactWith", { emoji })}
                >
                  <span aria-hidden>{emoji}</span>
                </ActionIcon>
              ))}
            </Group>
          </Popover.Dropdown>
        </Popover>
      )}
      {may && (
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          onClick={() => onReply(message)}
          aria-label={t("message.reply")}
        >
          <IconArrowBackUp size={16} />
        </ActionIcon>
      )}
      {text && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t("message.more")}>
              <IconDotsVertical size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconCopy size={16} />}
              onClick={() => void navigator.clipboard?.writeText(text)}
            >
              {t("message.copy")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
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
      <span role="img" aria-label={label} data-state={state} className={classes.receipt}>
        <Icon size={15} />
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
    onSuccess: (now) => put(queries, message.conversationId, [now as Message]),
  });
  return (
    <Box mt={4} role="alert">
      <Text size="xs" className={classes.wrong}>
        {message.failure?.cause ?? t("message.failed")}
      </Text>
      {message.failure?.wayOut && <Text size="xs">{message.failure.wayOut}</Text>}
      {retry.isError && (
        <Text size="xs" className={classes.wrong}>
          {says(retry.error, t)}
        </Text>
      )}
      {session.may("conversations:write") && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          disabled={retry.isPending}
          onClick={() => retry.mutate()}
        >
          {t("message.retry")}
        </Anchor>
      )}
    </Box>
  );
}
