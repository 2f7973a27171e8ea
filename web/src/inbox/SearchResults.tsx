import { Avatar, Button, Center, Group, Loader, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Broken } from "../app/Broken";
import classes from "./Inbox.module.css";
import { contact, conversation, conversationsWith } from "./queries";
import { ago } from "./time";

type Found = components["schemas"]["FoundMessage"];

/** Contacts and messages with those words; in one conversation only its messages. */
export default function SearchResults({
  words,
  scope,
}: {
  words: string;
  scope: string | undefined;
}) {
  const { t } = useTranslation();
  const [q] = useDebouncedValue(words, 250);
  const people = useQuery({
    queryKey: ["search", "contacts", q],
    enabled: !scope,
    queryFn: () => body(api.GET("/api/v1/search/contacts", { params: { query: { q, limit: 5 } } })),
  });
  const found = useInfiniteQuery({
    queryKey: ["search", "messages", q, scope],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/search/messages", {
          params: { query: { q, limit: 30, after: pageParam, conversationId: scope } },
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
  const messages = found.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const contacts = people.data?.items ?? [];
  if (found.isPending || (people.isPending && !scope)) {
    return (
      <Center p="lg" aria-busy="true">
        <Loader size="sm" />
      </Center>
    );
  }
  if (found.isError) {
    return <Broken error={found.error} reset={() => void found.refetch()} />;
  }
  return (
    <Stack gap={0} pb="sm">
      {contacts.length > 0 && <Heading text={t("search.contacts")} />}
      {contacts.map(({ contact: person }) => (
        <Person
          key={person.id}
          id={person.id}
          name={person.name ?? person.identities[0]?.value ?? ""}
        />
      ))}
      {messages.length > 0 && <Heading text={t("search.messages")} />}
      {messages.map((one) => (
        <Hit key={one.message.id} found={one} />
      ))}
      {messages.length + contacts.length === 0 && (
        <Text c="dimmed" size="sm" ta="center" p="lg">
          {t("search.nothing")}
        </Text>
      )}
      {found.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          m="xs"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("search.more")}
        </Button>
      )}
    </Stack>
  );
}

function Heading({ text }: { text: string }) {
  return (
    <Text size="xs" fw={700} c="dimmed" px="md" pt="sm" pb={4} component="h2">
      {text}
    </Text>
  );
}

function Person({ id, name }: { id: string; name: string }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  async function open() {
    const [newest] = await queries.fetchQuery(conversationsWith(id));
    if (newest) {
      await navigate({ to: "/inbox/$conversation", params: { conversation: newest.id } });
    }
  }
  return (
    <button type="button" className={classes.item} onClick={() => void open()}>
      <Group gap="sm" wrap="nowrap">
        <Avatar name={name} color="initials" size={32} aria-hidden />
        <Text size="sm" truncate>
          {name}
        </Text>
      </Group>
    </button>
  );
}

function Hit({ found }: { found: Found }) {
  const { i18n } = useTranslation();
  const { message, highlight } = found;
  const about = useQuery(conversation(message.conversationId)).data;
  const person = useQuery({
    ...contact(about?.contactId ?? ""),
    enabled: about !== undefined,
  }).data;
  return (
    <Link
      to="/inbox/$conversation"
      params={{ conversation: message.conversationId }}
      search={{ message: message.id }}
      className={classes.item}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={600} truncate>
          {person?.name ?? person?.identities[0]?.value ?? "…"}
        </Text>
        <Text size="xs" c="dimmed" style={{ flexShrink: 0 }}>
          {ago(message.createdAt, i18n.language)}
        </Text>
      </Group>
      <Text size="xs" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
        {marked(highlight)}
      </Text>
    </Link>
  );
}

/** Plain text with the words that were searched for marked. */
function marked({ text, marks }: Found["highlight"]) {
  const parts = [];
  let last = 0;
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start)) {
    if (start >= last) {
      parts.push(text.slice(last, start), <mark key={start}>{text.slice(start, end)}</mark>);
      last = end;
    }
  }
  return [...parts, text.slice(last)];
}
