import { ActionIcon, Anchor, Center, Group, Image, Modal, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../api/client";
import { own, safe } from "./MessageContent";
import { moment } from "./time";

/** The address of a message's picture, when it has one. */
export function pictureOf(message: Message): { url: string; caption: string } | null {
  const { content } = message;
  if (message.deletedAt || (content.type !== "image" && content.type !== "sticker")) {
    return null;
  }
  const url = own(content.attachment.file?.url) ?? safe(content.attachment.link ?? "");
  return url ? { url, caption: "caption" in content ? (content.caption ?? "") : "" } : null;
}

/** The pictures of a conversation, one at a time, as large as the window. */
export default function Gallery({
  messages,
  first,
  onClose,
}: {
  messages: Message[];
  first: string;
  onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const pictures = messages.filter((message) => pictureOf(message));
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      pictures.findIndex((m) => m.id === first),
    ),
  );
  const shown = pictures[at];
  const picture = shown && pictureOf(shown);
  const go = (by: number) => setAt((was) => Math.min(Math.max(was + by, 0), pictures.length - 1));
  useHotkeys([
    ["ArrowLeft", () => go(-1)],
    ["ArrowRight", () => go(1)],
  ]);
  return (
    <Modal
      opened
      onClose={onClose}
      fullScreen
      title={t("gallery.title", { at: at + 1, of: pictures.length })}
      closeButtonProps={{ "aria-label": t("gallery.close") }}
    >
      {shown && picture && (
        <>
          <Group wrap="nowrap" justify="space-between" h="calc(100dvh - 170px)">
            <ActionIcon
              variant="default"
              size="xl"
              radius="xl"
              disabled={at === 0}
              onClick={() => go(-1)}
              aria-label={t("gallery.before")}
            >
              <IconChevronLeft />
            </ActionIcon>
            <Center flex={1} miw={0} h="100%">
              <Image
                src={picture.url}
                alt={picture.caption || t("content.image")}
                mah="100%"
                fit="contain"
              />
            </Center>
            <ActionIcon
              variant="default"
              size="xl"
              radius="xl"
              disabled={at === pictures.length - 1}
              onClick={() => go(1)}
              aria-label={t("gallery.after")}
            >
              <IconChevronRight />
            </ActionIcon>
          </Group>
          <Group justify="center" mt="sm" gap="lg">
            <Text size="sm" lineClamp={2} maw={600}>
              {picture.caption}
            </Text>
            <Text size="sm" c="dimmed">
              {moment(shown.createdAt, i18n.language)}
            </Text>
            <Anchor size="sm" href={picture.url} target="_blank" rel="noopener noreferrer">
              <Group gap={4}>
                <IconDownload size={16} aria-hidden />
                {t("gallery.open")}
              </Group>
            </Anchor>
          </Group>
        </>
      )}
    </Modal>
  );
}
