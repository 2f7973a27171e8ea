import { Button, Group, Paper, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Broken } from "../app/Broken";
import { api, body, type Suggestion } from "./client";
import { propose } from "./desktop";
import classes from "./Widget.module.css";

/** Texts that are used again and again, to be put into the composer of the Genesys desktop. */
export function Replies({ hostOrigin }: { hostOrigin: string }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [q] = useDebouncedValue(words.trim(), 250);
  const [said, setSaid] = useState("");
  const query = useInfiniteQuery({
    queryKey: ["suggestions", q],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/genesys/widget/suggestions", {
          params: { query: { limit: 30, after: pageParam, ...(q ? { q } : {}) } },
        }),
      ) as Promise<{ items: Suggestion[]; next?: string }>,
    getNextPageParam: (page) => page.next,
  });
  const found = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack p="sm" gap="sm" className={classes.scroll}>
      <TextInput
        value={words}
        maxLength={100}
        placeholder={t("widget.replies.find")}
        aria-label={t("widget.replies.find")}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed" role="status" mih="1.2em">
        {said}
      </Text>
      {query.isError && <Broken error={query.error} reset={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={72} aria-busy="true" />}
      {found.map((one) => (
        <Paper key={one.id} withBorder p="xs" component="article" aria-label={one.shortcut}>
          <Group gap="xs" justify="space-between" wrap="nowrap">
            <Text size="xs" fw={600} truncate>
              /{one.shortcut}
            </Text>
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<IconArrowLeft size={14} aria-hidden />}
              className={classes.fixed}
              onClick={() =>
                setSaid(
                  t(propose(hostOrigin, one.text) ? "widget.replies.done" : "widget.replies.noDesktop", {
                    name: one.shortcut,
                  }),
                )
              }
            >
              {t("widget.replies.use")}
            </Button>
          </Group>
          <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {one.text}
          </Text>
        </Paper>
      ))}
      {query.hasNextPage && (
        <Button variant="subtle" size="xs" onClick={() => void query.fetchNextPage()}>
          {t("search.more")}
        </Button>
      )}
      {!query.isPending && !query.isError && found.length === 0 && (
        <Text size="sm" c="dimmed">
          {t(q ? "widget.replies.nothing" : "widget.replies.none")}
        </Text>
      )}
    </Stack>
  );
}
