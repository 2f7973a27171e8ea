import {
  ActionIcon,
  Alert,
  Badge,
  Box,
  Center,
  CloseButton,
  Group,
  Loader,
  NativeSelect,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
  Tooltip,
} from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconCloudOff,
  IconInbox,
  IconSearch,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { lazy, type RefObject, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "../api/session";
import { Broken } from "../app/Broken";
import { useShortcuts } from "../app/shortcuts";
import { ConversationItem } from "./ConversationItem";
import classes from "./Inbox.module.css";
import { conversations, counts, type Filter, lookAt } from "./queries";

const SearchResults = lazy(() => import("./SearchResults"));
const Filters = lazy(() => import("./Filters"));
const DeskTrouble = lazy(() => import("./DeskTrouble"));
const HEIGHT = 72;
const KEPT = "parley.filter";
const STATUSES = ["open", "pending", "snoozed", "resolved", ""];
const ASSIGNEES: Record<string, string | undefined> = {
  mine: "me",
  unassigned: "none",
  all: undefined,
};

/** The filter that was set here last; what is open, at first. */
function read(): Filter {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "") as Filter;
  } catch {
    return { status: "open" };
  }
}

/** Whether more is set than what stands on the screen anyway. */
function narrowed({ status: _, assignee: __, ...others }: Filter): boolean {
  return Object.keys(others).length > 0;
}

function label(name: string, count: number | undefined): string {
  return count === undefined ? name : `${name} ${count >= 1000 ? "1000+" : count}`;
}

/** The conversations, newest first; only those in sight are drawn. While something is searched for, what was found. */
export function ConversationList({
  chosen,
  connected,
  search,
  onSearch,
  scope,
  onScope,
  box,
}: {
  chosen: string | undefined;
  connected: boolean;
  search: string;
  onSearch: (words: string) => void;
  /** The conversation in which is searched; in all without it. */
  scope: string | undefined;
  onScope: (conversation: string | undefined) => void;
  box: RefObject<HTMLInputElement | null>;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [kept, setKept] = useState<Filter>(read);
  const [filtering, setFiltering] = useState(false);
  const { assignee, ...others } = kept;
  const which = assignee === "me" ? "mine" : assignee === "none" ? "unassigned" : "all";
  const filter = kept;
  const counted = useQuery(counts(others)).data;
  const nothing = counted && !narrowed(kept) && Object.values(counted.byStatus).every((n) => !n);
  function setFilter(now: Filter) {
    const clean = Object.fromEntries(
      Object.entries(now).filter(([, value]) => value !== undefined && value !== ""),
    ) as Filter;
    setKept(clean);
    localStorage.setItem(KEPT, JSON.stringify(clean));
  }
  const query = useInfiniteQuery(conversations(filter));
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
  useEffect(() => lookAt(last), [last]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= all.length - 10) {
      void fetchNextPage();
    }
  }, [last, all.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  function go(by: number) {
    const at = all.findIndex((c) => c.id === chosen);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (next) {
      rows.scrollToIndex(all.indexOf(next));
      void navigate({ to: "/inbox/$conversation", params: { conversation: next.id } });
    }
  }
  useShortcuts({
    j: () => go(1),
    k: () => go(-1),
    "/": () => box.current?.focus(),
  });

  return (
    <Box component="section" className={classes.list} aria-label={t("inbox.list")}>
      <Stack gap="xs" p="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={1} size="h4">
            {t("inbox.title")}
          </Title>
          <Group gap={4} wrap="nowrap">
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
            <NativeSelect
              size="xs"
              variant="unstyled"
              value={kept.status ?? ""}
              onChange={(event) => setFilter({ ...kept, status: event.currentTarget.value })}
              aria-label={t("filter.status")}
              data={STATUSES.map((value) => ({
                value,
                label: t(value ? `status.${value}` : "filter.anyStatus"),
              }))}
            />
            <Tooltip label={t("inbox.moreFilters")}>
              <ActionIcon
                variant={narrowed(kept) ? "light" : "subtle"}
                color={narrowed(kept) ? undefined : "gray"}
                onClick={() => setFiltering(!filtering)}
                aria-expanded={filtering}
                aria-label={t("inbox.moreFilters")}
              >
                <IconAdjustmentsHorizontal size={18} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
        <TextInput
          ref={box}
          size="sm"
          type="search"
          value={search}
          maxLength={200}
          onChange={(event) => onSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              onSearch("");
              onScope(undefined);
              event.currentTarget.blur();
            }
          }}
          placeholder={t(scope ? "search.here" : "search.everywhere")}
          aria-label={t(scope ? "search.here" : "search.everywhere")}
          leftSection={<IconSearch size={16} />}
          rightSection={
            (search || scope) && (
              <CloseButton
                size="sm"
                onClick={() => {
                  onSearch("");
                  onScope(undefined);
                }}
                aria-label={t("search.clear")}
              />
            )
          }
        />
        {!search && (
          <SegmentedControl
            value={which}
            onChange={(value) => setFilter({ ...kept, assignee: ASSIGNEES[value] })}
            fullWidth
            size="xs"
            aria-label={t("inbox.filter")}
            data={[
              { value: "mine", label: label(t("inbox.mine"), counted?.mine) },
              { value: "unassigned", label: label(t("inbox.unassigned"), counted?.unassigned) },
              { value: "all", label: label(t("inbox.all"), counted?.all) },
            ]}
          />
        )}
        {session.may("channels:read") && (
          <Suspense>
            <DeskTrouble />
          </Suspense>
        )}
        {filtering && !search && (
          <Suspense>
            <Filters filter={kept} onChange={setFilter} />
          </Suspense>
        )}
      </Stack>
      <Box
        ref={scroll}
        className={classes.scroll}
        tabIndex={0}
        role="group"
        aria-label={t("inbox.list")}
      >
        {search.trim().length > 1 ? (
          <Suspense>
            <SearchResults words={search.trim()} scope={scope} />
          </Suspense>
        ) : query.isPending ? (
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
                {t(nothing ? "inbox.none" : "inbox.noneFits")}
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
                    className={classes.place}
                    style={{ height: row.size, transform: `translateY(${row.start}px)` }}
                  >
                    <ConversationItem
                      conversation={conversation}
                      chosen={conversation.id === chosen}
                    />
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
