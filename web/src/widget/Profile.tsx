import { Avatar, Badge, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { moment } from "../inbox/time";
import type { WidgetConversation } from "./client";
import classes from "./Widget.module.css";

/** Who the customer is, and how the conversation stands. */
export function Profile({ conversation }: { conversation: WidgetConversation }) {
  const { t, i18n } = useTranslation();
  const { contact } = conversation;
  const at = (time: string) => moment(time, i18n.language);
  return (
    <Stack p="sm" gap="lg" className={classes.scroll} tabIndex={0} role="region" aria-label={t("widget.profile.tab")}>
      <Group wrap="nowrap">
        <Avatar name={contact?.name ?? ""} color="initials" size={48} aria-hidden />
        <div style={{ minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {contact?.name ?? t("contact.nameless")}
          </Text>
          {contact && (
            <Text size="xs" c="dimmed">
              {t("contact.since")} {at(contact.since)}
            </Text>
          )}
        </div>
      </Group>
      {conversation.tags.length > 0 && (
        <Section title={t("tags.title")}>
          <Group gap={6}>
            {conversation.tags.map((tag) => (
              <Badge key={tag} variant="default" tt="none" radius="sm">
                {tag}
              </Badge>
            ))}
          </Group>
        </Section>
      )}
      <Section title={t("widget.profile.contact")}>
        <dl className={classes.facts}>
          {contact?.identities.map((one) => (
            <Fact key={`${one.kind}:${one.value}`} name={t(`identity.${one.kind}`)}>
              {one.kind === "phone" ? `+${one.value}` : one.value}
            </Fact>
          ))}
          {contact?.fields.map((field) => (
            <Fact key={field.key} name={field.name}>
              {value(field, t, i18n.language)}
            </Fact>
          ))}
        </dl>
      </Section>
      <Section title={t("widget.profile.conversation")}>
        <dl className={classes.facts}>
          <Fact name={t("widget.profile.status")}>{t(`status.${conversation.status}`)}</Fact>
          <Fact name={t("widget.profile.priority")}>{t(`priority.${conversation.priority}`)}</Fact>
          <Fact name={t("widget.profile.assigned")}>
            {[conversation.assignee, conversation.team].filter(Boolean).join(" · ") ||
              t("widget.profile.nobody")}
          </Fact>
          <Fact name={t("contact.channel")}>{conversation.channel?.name ?? "—"}</Fact>
          {conversation.waitingSince && (
            <Fact name={t("widget.profile.waiting")}>{at(conversation.waitingSince)}</Fact>
          )}
          <Fact name={t("widget.profile.begun")}>{at(conversation.createdAt)}</Fact>
          <Fact name={t("contact.messages")}>{conversation.lastSeq}</Fact>
          <Fact name={t("widget.profile.notes")}>{conversation.notes}</Fact>
          <Fact name={t("widget.profile.others")}>
            {Math.max(0, conversation.conversations - 1)}
          </Fact>
          <Fact name={t("widget.profile.earlier")}>{conversation.earlierAtGenesys}</Fact>
        </dl>
      </Section>
    </Stack>
  );
}

type Field = NonNullable<WidgetConversation["contact"]>["fields"][number];

function value(field: Field, t: (key: string) => string, language: string): string {
  const said: unknown = field.value;
  if (typeof said === "boolean") {
    return t(said ? "fields.yes" : "fields.no");
  }
  if (typeof said === "number") {
    return said.toLocaleString(language);
  }
  return field.type === "date" && typeof said === "string"
    ? new Date(`${said}T00:00:00`).toLocaleDateString(language, { dateStyle: "medium" })
    : String(said);
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap={6}>
      <Title order={2} size="xs" c="dimmed" tt="uppercase">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </div>
  );
}
