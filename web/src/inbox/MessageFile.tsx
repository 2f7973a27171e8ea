import { Anchor, Group, Image, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconFile, IconMicrophone, IconMusic, IconPhoto, IconVideo } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Inbox.module.css";
import { type Of, own, safe, Words } from "./MessageContent";
import { Sound } from "./Sound";

const ICONS = {
  image: IconPhoto,
  sticker: IconPhoto,
  video: IconVideo,
  audio: IconMusic,
  voice: IconMicrophone,
  document: IconFile,
};

/** A picture, a film, a sound or any other file of a message, and what stands in its way. */
export function MessageFile({
  content,
  onGallery,
}: {
  content: Of<"image" | "sticker" | "video" | "audio" | "voice" | "document">;
  onGallery: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const { attachment } = content;
  const { file } = attachment;
  const caption = "caption" in content ? content.caption : undefined;
  const Icon = ICONS[content.type];
  const link = own(file?.url) ?? safe(attachment.link ?? "");
  const small = file?.thumbnails?.[0];
  const state =
    attachment.error ??
    file?.cause ??
    (file && file.state !== "ready" ? t(`file.${file.state}`) : null);
  const name = attachment.filename ?? t(`content.${content.type}`);
  return (
    <Stack gap={6}>
      {link && (content.type === "image" || content.type === "sticker") ? (
        <UnstyledButton
          onClick={onGallery}
          aria-label={t("content.enlarge", { name: caption ?? name })}
        >
          <Image
            src={own(small?.url) ?? link}
            alt=""
            mah={280}
            maw={320}
            mih={64}
            radius="sm"
            fit="contain"
          />
        </UnstyledButton>
      ) : link && (content.type === "voice" || content.type === "audio") ? (
        <Sound fileId={attachment.fileId} link={link} name={name} />
      ) : link && content.type === "video" ? (
        <video
          controls
          preload="none"
          src={link}
          aria-label={name}
          style={{ maxWidth: 320, width: "100%" }}
        />
      ) : (
        <Group gap="xs" wrap="nowrap">
          <Icon size={24} aria-hidden />
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
              {link ? (
                <Anchor href={link} target="_blank" rel="noopener noreferrer" inherit>
                  {name}
                </Anchor>
              ) : (
                name
              )}
            </Text>
            <Text
              size="xs"
              {...(attachment.error || file?.cause
                ? { className: classes.wrong }
                : { c: "dimmed" })}
            >
              {state ?? attachment.mimeType ?? ""}
            </Text>
          </div>
        </Group>
      )}
      {caption && <Words text={caption} />}
    </Stack>
  );
}
