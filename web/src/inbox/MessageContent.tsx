import { Anchor, Badge, Button, Code, Group, Stack, Text } from "@mantine/core";
import {
  IconCornerDownRight,
  IconInfoCircle,
  IconList,
  IconMapPin,
  IconShoppingCart,
  IconUser,
} from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Content } from "../api/client";
import { MessageFile } from "./MessageFile";
import { WhatsAppText } from "./WhatsAppText";

export type Of<T extends Content["type"]> = Extract<Content, { type: T }>;

/** What a message says, of whatever kind. */
export function MessageContent({
  content,
  onGallery,
}: {
  content: Content;
  onGallery?: (() => void) | undefined;
}) {
  switch (content.type) {
    case "text":
      return <Words text={content.body} />;
    case "image":
    case "sticker":
    case "video":
    case "audio":
    case "voice":
    case "document":
      return <MessageFile content={content} onGallery={onGallery} />;
    case "location":
      return <Place content={content} />;
    case "contacts":
      return <Cards content={content} />;
    case "buttons":
      return (
        <Interactive content={content}>
          {content.buttons.map((button) => (
            <Choice key={button.id}>{button.title}</Choice>
          ))}
        </Interactive>
      );
    case "list":
      return (
        <Interactive content={content}>
          <Text size="xs" fw={600}>
            {content.button}
          </Text>
          {content.sections.map((section, s) => (
            <Stack key={s} gap={4}>
              {section.title && (
                <Text size="xs" c="dimmed">
                  {section.title}
                </Text>
              )}
              {section.rows.map((row) => (
                <div key={row.id}>
                  <Choice icon={<IconList size={14} />}>{row.title}</Choice>
                  {row.description && (
                    <Text size="xs" c="dimmed" px="xs">
                      {row.description}
                    </Text>
                  )}
                </div>
              ))}
            </Stack>
          ))}
        </Interactive>
      );
    case "link":
      return (
        <Interactive content={content}>
          <Button
            component="a"
            href={safe(content.url)}
            target="_blank"
            rel="noopener noreferrer"
            variant="default"
            size="xs"
          >
            {content.label}
          </Button>
        </Interactive>
      );
    case "location_request":
      return <Interactive content={content as { body: string }} />;
    case "answer":
      return (
        <Group gap={6} wrap="nowrap" align="flex-start">
          <IconCornerDownRight size={16} aria-hidden />
          <div>
            <Text size="sm" fw={600}>
              {content.title ?? content.id ?? content.kind}
            </Text>
            {content.description && <Text size="xs">{content.description}</Text>}
          </div>
        </Group>
      );
    case "order":
      return <Order content={content} />;
    case "reaction":
      return <Text size="xl">{content.emoji ?? "–"}</Text>;
    case "template":
      return <Template content={content} />;
    case "system":
      return (
        <Group gap={6} wrap="nowrap">
          <IconInfoCircle size={16} aria-hidden />
          <Text size="sm" fs="italic">
            {content.text ?? content.kind}
          </Text>
        </Group>
      );
    case "unsupported":
      return <Unsupported content={content} />;
    default:
      return <Raw title={(content as { type: string }).type} raw={content} />;
  }
}

/** Text as people wrote it. */
export function Words({ text }: { text: string }) {
  return (
    <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }} component="div">
      <WhatsAppText text={text} />
    </Text>
  );
}

function Place({ content }: { content: Of<"location"> }) {
  const { t } = useTranslation();
  const at = `${content.latitude},${content.longitude}`;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <IconMapPin size={24} aria-hidden />
      <div>
        <Text size="sm" fw={500}>
          {content.name ?? t("content.location")}
        </Text>
        {content.address && <Text size="xs">{content.address}</Text>}
        <Anchor
          size="xs"
          href={`https://www.openstreetmap.org/?mlat=${content.latitude}&mlon=${content.longitude}#map=16/${content.latitude}/${content.longitude}`}
          target="_blank"
          rel="noopener noreferrer"
        >
          {t("content.map", { at })}
        </Anchor>
      </div>
    </Group>
  );
}

type Card = {
  name?: { formatted_name?: string };
  phones?: { phone?: string }[];
  emails?: { email?: string }[];
};

function Cards({ content }: { content: Of<"contacts"> }) {
  return (
    <Stack gap="xs">
      {(content.cards as Card[]).map((card, i) => (
        <Group key={i} gap="xs" wrap="nowrap" align="flex-start">
          <IconUser size={24} aria-hidden />
          <div>
            <Text size="sm" fw={500}>
              {card.name?.formatted_name}
            </Text>
            {card.phones?.map((p, k) => (
              <Text key={k} size="xs">
                {p.phone}
              </Text>
            ))}
            {card.emails?.map((e, k) => (
              <Text key={k} size="xs">
                {e.email}
              </Text>
            ))}
          </div>
        </Group>
      ))}
    </Stack>
  );
}

type Framed = { body: string; footer?: string; header?: { text?: string } };

function Interactive({ content, children }: { content: Framed; children?: ReactNode }) {
  return (
    <Stack gap={6}>
      {content.header?.text && (
        <Text size="sm" fw={700}>
          {content.header.text}
        </Text>
      )}
      <Words text={content.body} />
      {content.footer && (
        <Text size="xs" c="dimmed">
          {content.footer}
        </Text>
      )}
      {children && (
        <Stack gap={4} align="stretch">
          {children}
        </Stack>
      )}
    </Stack>
  );
}

function Choice({ children, icon }: { children: ReactNode; icon?: ReactNode }) {
  return (
    <Badge variant="default" radius="sm" size="lg" tt="none" fw={500} fullWidth leftSection={icon}>
      {children}
    </Badge>
  );
}

function Order({ content }: { content: Of<"order"> }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <IconShoppingCart size={24} aria-hidden />
      <div>
        <Text size="sm" fw={500}>
          {t("content.order", { count: content.items.length })}
        </Text>
        {content.text && <Words text={content.text} />}
      </div>
    </Group>
  );
}

function Template({ content }: { content: Of<"template"> }) {
  const { t } = useTranslation();
  const values = (content.components as { parameters?: { text?: string }[] }[])
    .flatMap((component) => component.parameters ?? [])
    .map((parameter) => parameter.text)
    .filter(Boolean);
  return (
    <Stack gap={4}>
      <Badge size="xs" variant="default" tt="none">
        {t("content.template")}
      </Badge>
      <Text size="sm" fw={500}>
        {content.name} · {content.language}
      </Text>
      {values.length > 0 && <Text size="xs">{values.join(" · ")}</Text>}
    </Stack>
  );
}

function Unsupported({ content }: { content: Of<"unsupported"> }) {
  const { t } = useTranslation();
  return (
    <Raw
      title={content.reason ?? t("content.unsupported", { kind: content.kind })}
      raw={content.raw}
    />
  );
}

function Raw({ title, raw }: { title: string; raw: unknown }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm" fs="italic">
        {title}
      </Text>
      <Anchor component="button" size="xs" onClick={() => setOpen(!open)} aria-expanded={open}>
        {t("content.raw")}
      </Anchor>
      {open && (
        <Code block mah={240} style={{ overflow: "auto" }}>
          {JSON.stringify(raw, null, 2)}
        </Code>
      )}
    </Stack>
  );
}

/** A file of our own is asked for where this page came from, whatever the server is called elsewhere. */
export function own(url: string | undefined): string | undefined {
  const link = safe(url ?? "");
  const at = link && new URL(link);
  return at && at.pathname.startsWith("/files/") ? at.pathname + at.search : link;
}

/** The address when it is a web address, else nothing: `javascript:` and the like never become links. */
export function safe(url: string): string | undefined {
  if (url === "") {
    return undefined;
  }
  try {
    const parsed = new URL(url, window.location.origin);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : undefined;
  } catch {
    return undefined;
  }
}
