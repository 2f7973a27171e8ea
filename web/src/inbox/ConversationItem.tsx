import { Avatar, Badge, Box, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../api/client";
import classes from "./Inbox.module.css";
import { PRIORITY_ICONS } from "./priority";
import { ago } from "./time";

/** One conversation of the list. */
export const ConversationItem = memo(function ConversationItem({
  conversation,
  chosen,
}: {
  conversation: Conversation;
  chosen: boolean;
}) {
  const { t, i18n } = useTranslation();
  const { contact: person, assignee, tags, priority } = conversation;
  const name = person?.name ?? person?.address ?? "";
  const Urgency = PRIORITY_ICONS[priority];
  const mine = conversation.lastMessage?.direction === "outbound";
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: conversation.id }}
      className={classes.item}
      aria-current={chosen ? "true" : undefined}
      data-conversation={conversation.id}
    >
      <Group gap="sm" wrap="nowrap">
        <Avatar name={name} color="initials" size={40} aria-hidden />
        <Box flex={1} miw={0}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm" fw={conversation.unread > 0 ? 700 : 500} truncate>
              {name || t("contact.nameless")}
            </Text>
            {(priority === "urgent" || priority === "high") && (
              <Urgency
                size={14}
                role="img"
                aria-label={t(`priority.${priority}`)}
                className={classes.urgency}
                data-priority={priority}
              />
            )}
            <Text size="xs" c="dimmed" style={{ flexShrink: 0 }}>
              {ago(conversation.lastAt, i18n.language)}
            </Text>
          </Group>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="xs" c="dimmed" truncate>
              {mine && `${t("inbox.you")}: `}
              {conversation.lastMessage?.preview ?? t("inbox.begun")}
            </Text>
            <Group gap={4} wrap="nowrap" style={{ flexShrink: 0 }}>
              {tags.slice(0, 3).map((tag) => (
                <span
                  key={tag.id}
                  className={classes.dot}
                  style={{ background: tag.color }}
                  title={tag.name}
                  role="img"
                  aria-label={tag.name}
                />
              ))}
              {assignee && (
                <Avatar
                  name={assignee.name ?? ""}
                  color="initials"
                  size={18}
                  title={t("desk.assignedTo", { name: assignee.name ?? "" })}
                />
              )}
            </Group>
            {conversation.unread > 0 && (
              <Badge size="sm" circle={conversation.unread < 10} style={{ flexShrink: 0 }}>
                {conversation.unread > 99 ? "99+" : conversation.unread}
                <span className="sr-only"> {t("inbox.unreadCount")}</span>
              </Badge>
            )}
          </Group>
        </Box>
      </Group>
    </Link>
  );
});
