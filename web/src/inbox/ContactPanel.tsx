import { Avatar, Box, CopyButton, Group, Skeleton, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import classes from "./Inbox.module.css";
import { channels, contact, conversation } from "./queries";
import { moment } from "./time";

/** Who the conversation is with. */
export function ContactPanel({ conversationId }: { conversationId: string }) {
  const { t, i18n } = useTranslation();
  const about = useQuery(conversation(conversationId)).data;
  const person = useQuery({ ...contact(about?.contactId ?? ""), enabled: about !== undefined }).data;
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
        </Stack>
      )}
    </Box>
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
