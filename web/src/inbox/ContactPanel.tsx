import {
  Avatar,
  Box,
  CopyButton,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ContactFields } from "./ContactFields";
import classes from "./Inbox.module.css";
import { Tags } from "./Tags";
import { preview } from "./preview";
import { channels, contact, conversation, conversationsWith, messages } from "./queries";
import { ago, moment } from "./time";

/** Who the conversation is with. */
export function ContactPanel({ conversationId }: { conversationId: string }) {
  const { t, i18n } = useTranslation();
  const about = useQuery(conversation(conversationId)).data;
  const person = useQuery({
    ...contact(about?.contactId ?? ""),
    enabled: about !== undefined,
  }).data;
  const channel = useQuery(channels).data?.find((c) => c.id === about?.channelId);
  return (
    <Box component="aside" className={classes.panel} aria-label={t("contact.about")}>
      {!about || !person ? (
        <Stack aria-busy="true">
          <Skeleton circle height={64} />
          <Skeleton height={16} />
          <Skeleton height={16} />
        </Stack>
      ) : (
        <Stack gap="lg">
          <Stack align="center" gap="xs">
            <Avatar name={person.name ?? ""} color="initials" size={64} aria-hidden />
            <Title order={3} size="h4" ta="center" style={{ overflowWrap: "anywhere" }}>
              {person.name ?? t("contact.nameless")}
            </Title>
          </Stack>
          <Section title={t("tags.title")}>
            <Tags conversation={about} />
          </Section>
          <Stack gap="sm">
            {person.identities.map((identity) => (
              <Fact
                key={`${identity.kind}:${identity.value}`}
                name={t(`identity.${identity.kind}`)}
                value={identity.kind === "phone" ? `+${identity.value}` : identity.value}
              />
            ))}
            <Fact name={t("contact.channel")} value={channel?.name ?? ""} />
            <Fact name={t("contact.since")} value={moment(person.createdAt, i18n.language)} />
            <Fact name={t("contact.messages")} value={String(about.lastSeq)} />
          </Stack>
          <ContactFields contact={person} />
          <Others contactId={person.id} but={conversationId} />
          <Files conversationId={conversationId} />
        </Stack>
      )}
    </Box>
  );
}

/** What else was talked about with this person. */
function Others({ contactId, but }: { contactId: string; but: string }) {
  const { t, i18n } = useTranslation();
  const known = useQuery(channels).data;
  const others = useQuery(conversationsWith(contactId)).data?.filter((c) => c.id !== but) ?? [];
  if (others.length === 0) {
    return null;
  }
  return (
    <Section title={t("contact.others")}>
      {others.map((other) => (
        <Link
          key={other.id}
          to="/inbox/$conversation"
          params={{ conversation: other.id }}
          className={classes.other}
        >
          <Text size="sm" truncate>
            {other.lastMessage?.preview ?? t("inbox.begun")}
          </Text>
          <Text size="xs" c="dimmed">
            {known?.find((c) => c.id === other.channelId)?.name} ·{" "}
            {ago(other.lastAt, i18n.language)}
          </Text>
        </Link>
      ))}
    </Section>
  );
}

/** The newest files of this conversation. */
function Files({ conversationId }: { conversationId: string }) {
  const { t, i18n } = useTranslation();
  const all = useInfiniteQuery(messages(conversationId)).data?.pages.flatMap((page) => page.items);
  const files = (all ?? []).filter((m) => !m.deletedAt && "attachment" in m.content).slice(0, 12);
  if (files.length === 0) {
    return null;
  }
  return (
    <Section title={t("contact.files")}>
      {files.map((message) => (
        <Link
          key={message.id}
          to="/inbox/$conversation"
          params={{ conversation: conversationId }}
          search={{ message: message.id }}
          className={classes.other}
        >
          <Text size="sm" truncate>
            {("attachment" in message.content && message.content.attachment.filename) ||
              preview(message)}
          </Text>
          <Text size="xs" c="dimmed">
            {t(`content.${message.content.type}`)} · {ago(message.createdAt, i18n.language)}
          </Text>
        </Link>
      ))}
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap={6}>
      <Title order={4} size="xs" c="dimmed" tt="uppercase">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  const { t } = useTranslation();
  return (
    <Box>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <UnstyledButton onClick={copy} aria-label={t("contact.copy", { name, value })}>
            <Group gap={6}>
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {value}
              </Text>
              {copied && (
                <Text size="xs" c="teal" role="status">
                  {t("contact.copied")}
                </Text>
              )}
            </Group>
          </UnstyledButton>
        )}
      </CopyButton>
    </Box>
  );
}
