import { Avatar, Badge, Box, Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../api/client";
import classes from "./Inbox.module.css";
import { contact } from "./queries";
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
  const person = useQuery(contact(conversation.contactId));
  const name = person.data?.name ?? person.data?.identities[0]?.value ?? "";
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
              {person.isPending ? (
                <Skeleton height={12} width={120} component="span" display="inline-block" />
              ) : (
                name || t("contact.nameless")
              )}
            </Text>
            <Text size="xs" c="dimmed" style={{ flexShrink: 0 }}>
              {ago(conversation.lastAt, i18n.language)}
            </Text>
          </Group>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="xs" c="dimmed" truncate>
              {mine && `${t("inbox.you")}: `}
              {conversation.lastMessage?.preview ?? t("inbox.begun")}
            </Text>
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
