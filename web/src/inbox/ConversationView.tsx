import { ActionIcon, Avatar, Badge, Box, Button, Center, Loader, Stack, Text, Title } from "@mantine/core";
import { IconArrowDown, IconArrowLeft } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Message } from "../api/client";
import { Broken } from "../app/Broken";
import { Composer } from "./Composer";
import classes from "./Inbox.module.css";
import { MessageRow } from "./MessageRow";
import { channels, contact, conversation, messages } from "./queries";
import { day } from "./time";

/** One conversation: what was said, oldest at the top, and what to say next. */
export function ConversationView({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const about = useQuery(conversation(id));
  const person = useQuery({
    ...contact(about.data?.contactId ?? ""),
    enabled: about.data !== undefined,
  });
  const channel = useQuery(channels).data?.find((c) => c.id === about.data?.channelId);
  const query = useInfiniteQuery(messages(id));
  const all = useMemo(
    () => (query.data?.pages.flatMap((page) => page.items) ?? []).slice().reverse(),
    [query.data],
  );
  const byId = useMemo(() => new Map(all.map((m) => [m.id, m])), [all]);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const oldest = useRef<string | undefined>(undefined);
  const rows = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 72,
    getItemKey: (index) => all[index]?.id ?? index,
    overscan: 12,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const visible = rows.getVirtualItems();
  const first = visible[0]?.index ?? 0;

  const read = useMutation({
    mutationFn: () =>
      body(api.POST("/api/v1/conversations/{id}/read", { params: { path: { id } }, body: {} })),
    onSuccess: (now) => {
      queries.setQueryData(["conversation", id], now);
      void queries.invalidateQueries({ queryKey: ["conversations"] });
    },
  });
  const unread = about.data?.unread ?? 0;
  const markRead = read.mutate;
  useEffect(() => {
    if (unread > 0 && atEnd && document.visibilityState === "visible") {
      markRead();
    }
  }, [unread, atEnd, markRead]);

  // What is read stays where it is when older messages come in above it.
  useLayoutEffect(() => {
    const was = oldest.current;
    oldest.current = all[0]?.id;
    if (was && was !== all[0]?.id) {
      const index = all.findIndex((m) => m.id === was);
      if (index > 0) {
        rows.scrollToIndex(index, { align: "start" });
      }
    }
  }, [all, rows]);

  // At the end it stays at the end, also when a message turns out taller than was guessed.
  const height = rows.getTotalSize();
  useLayoutEffect(() => {
    if (atEnd && scroll.current) {
      scroll.current.scrollTop = scroll.current.scrollHeight;
    }
  }, [height, atEnd]);

  useEffect(() => {
    if (all.length > 0 && first < 5 && hasNextPage && !isFetchingNextPage) {
      void fetchNextPage();
    }
  }, [first, all.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const name = person.data?.name ?? person.data?.identities[0]?.value ?? "";
  if (about.isError) {
    return <Broken error={about.error} reset={() => void about.refetch()} />;
  }
  return (
    <Box component="section" className={classes.view} aria-label={t("conversation.with", { name })}>
      <Box className={classes.head}>
        <ActionIcon
          component={Link}
          to="/inbox"
          variant="subtle"
          color="gray"
          className={classes.back}
          aria-label={t("conversation.back")}
        >
          <IconArrowLeft size={20} />
        </ActionIcon>
        <Avatar name={name} color="initials" size={36} aria-hidden />
        <Box flex={1} miw={0}>
          <Title order={2} size="h5" lineClamp={1}>
            {name || "…"}
          </Title>
          <Text size="xs" c="dimmed" truncate>
            {channel?.name}
          </Text>
        </Box>
        {about.data?.status && about.data.status !== "open" && (
          <Badge variant="light" color="gray">
            {t(`status.${about.data.status}`)}
          </Badge>
        )}
      </Box>
      <Box pos="relative" flex={1} mih={0} display="flex">
        <Box
          ref={scroll}
          className={classes.messages}
          tabIndex={0}
          role="log"
          aria-label={t("conversation.messages")}
          onScroll={(event) => {
            const box = event.currentTarget;
            setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < 80);
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
              {isFetchingNextPage && (
                <Center p="xs">
                  <Loader size="sm" />
                </Center>
              )}
              {all.length === 0 && (
                <Center h="100%">
                  <Text c="dimmed" size="sm">
                    {t("conversation.empty")}
                  </Text>
                </Center>
              )}
              <div style={{ height: rows.getTotalSize(), position: "relative" }}>
                {visible.map((row) => {
                  const message = all[row.index];
                  const before = all[row.index - 1];
                  return (
                    message && (
                      <div
                        key={row.key}
                        data-index={row.index}
                        ref={rows.measureElement}
                        style={{
                          position: "absolute",
                          insetInline: 0,
                          transform: `translateY(${row.start}px)`,
                        }}
                      >
                        {(!before || !sameDay(before, message)) && (
                          <div className={classes.day}>
                            <Badge variant="default" tt="none" fw={500}>
                              {day(message.createdAt, i18n.language)}
                            </Badge>
                          </div>
                        )}
                        <MessageRow
                          message={message}
                          quoted={message.replyTo ? byId.get(message.replyTo) : undefined}
                          onReply={() => setReplyTo(message)}
                        />
                      </div>
                    )
                  );
                })}
              </div>
            </>
          )}
        </Box>
        {!atEnd && (
          <Button
            pos="absolute"
            bottom={12}
            right={20}
            radius="xl"
            size="compact-sm"
            leftSection={<IconArrowDown size={14} />}
            onClick={() => rows.scrollToIndex(all.length - 1, { align: "end" })}
          >
            {unread > 0 ? t("conversation.newOnes", { count: unread }) : t("conversation.toEnd")}
          </Button>
        )}
      </Box>
      {about.data && (
        <Stack gap={0}>
          <Composer conversation={about.data} replyTo={replyTo} onReplied={() => setReplyTo(null)} />
        </Stack>
      )}
    </Box>
  );
}

function sameDay(a: Message, b: Message): boolean {
  return new Date(a.createdAt).toDateString() === new Date(b.createdAt).toDateString();
}
