import {
  Alert,
  Avatar,
  Badge,
  Box,
  Center,
  Group,
  Loader,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  Title,
  Tooltip,
} from "@mantine/core";
import { IconCloudOff, IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../api/client";
import { Broken } from "../app/Broken";
import classes from "./Inbox.module.css";
import { contact, conversations } from "./queries";
import { ago } from "./time";

const HEIGHT = 72;

/** The conversations, newest first; only those in sight are drawn. */
export function ConversationList({
  chosen,
  connected,
}: {
  chosen: string | undefined;
  connected: boolean;
}) {
  const { t } = useTranslation();
  const [which, setWhich] = useState("all");
  const query = useInfiniteQuery(conversations(which === "unread" ? { unread: true } : {}));
  const all = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => HEIGHT,
    getItemKey: (index) => all[index]?.id ?? index,
    overscan: 8,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= all.length - 10) {
      void fetchNextPage();
    }
  }, [last, all.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <Box component="section" className={classes.list} aria-label={t("inbox.list")}>
      <Stack gap="xs" p="sm">
        <Group justify="space-between">
          <Title order={1} size="h4">
            {t("inbox.title")}
          </Title>
          {!connected && (
            <Tooltip label={t("inbox.reconnecting")}>
              <Badge
                color="yellow"
                variant="light"
                leftSection={<IconCloudOff size={12} />}
                role="status"
              >
                {t("inbox.away")}
              </Badge>
            </Tooltip>
          )}
        </Group>
        <SegmentedControl
          value={which}
          onChange={setWhich}
          fullWidth
          aria-label={t("inbox.filter")}
          data={[
            { value: "all", label: t("inbox.all") },
            { value: "unread", label: t("inbox.unread") },
          ]}
        />
      </Stack>
      <Box ref={scroll} className={classes.scroll} tabIndex={0} role="group">
        {query.isPending ? (
          <Stack p="sm" aria-busy="true">
            {Array.from({ length: 8 }, (_, i) => (
              <Skeleton key={i} height={52} />
            ))}
          </Stack>
        ) : query.isError && all.length === 0 ? (
          <Broken error={query.error} reset={() => void query.refetch()} />
        ) : all.length === 0 ? (
          <Center p="xl">
            <Stack align="center" gap="xs">
              <IconInbox size={36} stroke={1.2} aria-hidden />
              <Text c="dimmed" ta="center" size="sm">
                {t(which === "unread" ? "inbox.noUnread" : "inbox.none")}
              </Text>
            </Stack>
          </Center>
        ) : (
          <div style={{ height: rows.getTotalSize(), position: "relative" }}>
            {visible.map((row) => {
              const conversation = all[row.index];
              return (
                conversation && (
                  <div
                    key={row.key}
                    style={{
                      position: "absolute",
                      insetInline: 0,
                      height: row.size,
                      transform: `translateY(${row.start}px)`,
                    }}
                  >
                    <Item conversation={conversation} chosen={conversation.id === chosen} />
                  </div>
                )
              );
            })}
          </div>
        )}
        {isFetchingNextPage && (
          <Center p="xs">
            <Loader size="sm" />
          </Center>
        )}
        {query.isError && all.length > 0 && (
          <Alert color="red" m="xs">
            {t("inbox.stale")}
          </Alert>
        )}
      </Box>
    </Box>
  );
}

function Item({ conversation, chosen }: { conversation: Conversation; chosen: boolean }) {
  const { t, i18n } = useTranslation();
  const person = useQuery(contact(conversation.contactId)).data;
  const name = person?.name ?? person?.identities[0]?.value ?? "";
  const mine = conversation.lastMessage?.direction === "outbound";
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: conversation.id }}
      className={classes.item}
      aria-current={chosen ? "true" : undefined}
    >
      <Group gap="sm" wrap="nowrap">
        <Avatar name={name} color="initials" size={40} aria-hidden />
        <Box flex={1} miw={0}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm" fw={conversation.unread > 0 ? 700 : 500} truncate>
              {name || <Skeleton height={12} width={120} component="span" display="inline-block" />}
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
}
