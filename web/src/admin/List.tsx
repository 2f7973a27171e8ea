import {
  Alert,
  Box,
  Button,
  Center,
  Loader,
  Skeleton,
  Stack,
  Text,
  ThemeIcon,
  Title,
} from "@mantine/core";
import { IconDownload, IconListSearch, IconPlugConnectedX } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type MouseEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "../api/client";
import { session } from "../api/session";
import { Broken, says } from "../app/Broken";
import classes from "./Admin.module.css";
import { SectionIcon } from "./SectionIcon";
import { SECTIONS } from "./sections";

export type Column<T> = { name: string; cell: (row: T) => ReactNode };
export type ListPage<T> = { items?: T[]; next?: string };

/** A page of the administration: what it is, what can be done, and the thing itself. */
export function Frame({
  title,
  hint,
  actions,
  tools,
  children,
}: {
  title: string;
  hint?: string;
  actions?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <Box className={classes.head}>
        <Box miw={0}>
          <Title order={1} size="h3">
            {title}
          </Title>
          {hint && (
            <Text size="sm" c="dimmed" maw={640}>
              {hint}
            </Text>
          )}
        </Box>
        {actions}
      </Box>
      {tools && <Box className={classes.tools}>{tools}</Box>}
      <Box className={classes.body}>{children}</Box>
    </>
  );
}

/**
 * A list that pages by a cursor. The first column opens a row where it can be opened; on a phone each row is a card.
 */
export function List<T>({
  queryKey,
  load,
  columns,
  idOf,
  empty,
  filtered = false,
  onOpen,
  refetchMs,
}: {
  queryKey: readonly unknown[];
  load: (after: string | undefined) => Promise<ListPage<T>>;
  columns: Column<T>[];
  idOf: (row: T) => string;
  /** What to say when there is nothing yet. */
  empty: string;
  /** Whether a filter is set: then nothing was found rather than nothing is there. */
  filtered?: boolean;
  onOpen?: (row: T) => void;
  refetchMs?: number;
}) {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => load(pageParam),
    getNextPageParam: (page: ListPage<T>) => page.next,
    ...(refetchMs ? { refetchInterval: refetchMs } : {}),
  });
  const rows = query.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  if (query.isPending) {
    return query.fetchStatus === "paused" ? (
      <Offline />
    ) : (
      <Stack gap="xs" aria-busy="true">
        {Array.from({ length: 6 }, (_, i) => (
          <Skeleton key={i} height={38} />
        ))}
      </Stack>
    );
  }
  if (query.isError && rows.length === 0) {
    return <Broken error={query.error} reset={() => void query.refetch()} />;
  }
  // A page may be empty and another one follow: the server looks at a bounded number at once.
  if (rows.length === 0 && !query.hasNextPage) {
    return <Nothing text={filtered ? t("list.noneFound") : empty} filtered={filtered} />;
  }
  const open =
    onOpen &&
    ((row: T) => (event: MouseEvent) => {
      // What stands in the row has its own acts.
      if (!(event.target as HTMLElement).closest("a, button:not([data-open]), input, select")) {
        onOpen(row);
      }
    });
  return (
    <>
      {query.isError && (
        <Alert color="red" mb="sm" role="alert">
          {t("list.stale")}
        </Alert>
      )}
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col">
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)} data-opens={open ? true : undefined} onClick={open?.(row)}>
              {columns.map((column, index) => (
                <td key={column.name} data-name={column.name}>
                  {index === 0 && open ? (
                    <button type="button" className={classes.open} data-open>
                      {column.cell(row)}
                    </button>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {query.hasNextPage && (
        <Center pt="md">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("list.more")}
          </Button>
        </Center>
      )}
      {query.isFetching && !query.isFetchingNextPage && refetchMs === undefined && (
        <Center pt="sm">
          <Loader size="xs" />
        </Center>
      )}
    </>
  );
}

/** That there is nothing, and why. */
export function Nothing({ text, filtered = false }: { text: string; filtered?: boolean }) {
  const { section } = useParams({ strict: false });
  const here = SECTIONS.find((one) => one.path === section);
  return (
    <Center p="xl">
      <Stack align="center" gap="xs">
        <ThemeIcon size={52} variant="light" color="gray" radius="xl">
          {filtered || !here ? (
            <IconListSearch size={26} stroke={1.4} />
          ) : (
            <SectionIcon path={here.path} size={26} />
          )}
        </ThemeIcon>
        <Text c="dimmed" ta="center" maw={420}>
          {text}
        </Text>
      </Stack>
    </Center>
  );
}

function Offline() {
  const { t } = useTranslation();
  return (
    <Center p="xl">
      <Stack align="center" gap="xs" role="status">
        <IconPlugConnectedX size={36} stroke={1.2} aria-hidden />
        <Text c="dimmed">{t("broken.offline")}</Text>
      </Stack>
    </Center>
  );
}

/** Fetches a list as a file of comma-separated values. */
export function CsvButton({ path, name }: { path: string; name: string }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  async function fetchIt() {
    setBusy(true);
    setTrouble(null);
    try {
      const answer = await fetch(path, {
        headers: { Accept: "text/csv", Authorization: `Bearer ${await session.token()}` },
      });
      if (!answer.ok) {
        throw new ProblemError(answer.status, "unknown", "");
      }
      const url = URL.createObjectURL(await answer.blob());
      const link = document.createElement("a");
      link.href = url;
      link.download = `${name}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (error) {
      setTrouble(says(error, t));
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} />}
        loading={busy}
        onClick={() => void fetchIt()}
      >
        {t("list.csv")}
      </Button>
      {trouble && (
        <Text size="xs" c="red" role="alert">
          {trouble}
        </Text>
      )}
    </>
  );
}
