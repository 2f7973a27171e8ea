import { Anchor, Box, Group, Image, Progress, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Inbox.module.css";
import { MessageContent } from "./MessageContent";
import { outbox, type Waiting } from "./outbox";
import { hour } from "./time";

/** A message that the server has not taken yet, and what can be done about one that it refused. */
export function WaitingRow({ one }: { one: Waiting }) {
  const { t, i18n } = useTranslation();
  return (
    <article
      className={classes.row}
      data-direction="outbound"
      data-waiting={one.key}
      aria-label={t("outbox.label")}
    >
      <Box
        className={classes.bubble}
        data-failed={one.refusal !== undefined || undefined}
        data-unsent
      >
        {one.content && <MessageContent content={one.content} />}
        {one.file && (
          <Box>
            {one.file.upload.kind === "image" ? (
              <Image
                src={one.file.url}
                alt={one.file.upload.name}
                mah={200}
                maw={260}
                fit="contain"
              />
            ) : (
              <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
                {one.file.upload.name}
              </Text>
            )}
            {one.file.caption && <Text size="sm">{one.file.caption}</Text>}
            {!one.refusal && (
              <Progress
                value={one.file.done * 100}
                size="sm"
                mt={6}
                aria-label={t("outbox.uploading")}
              />
            )}
          </Box>
        )}
        <Group gap={6} justify="flex-end" mt={2}>
          <Text size="xs" c="dimmed">
            {hour(one.at, i18n.language)}
          </Text>
          <IconClock size={15} role="img" aria-label={t("state.queued")} />
        </Group>
        {one.refusal && (
          <Box mt={4} role="alert">
            <Text size="xs" className={classes.wrong}>
              {one.refusal}
            </Text>
            <Group gap="sm">
              <Anchor
                component="button"
                type="button"
                size="xs"
                onClick={() => outbox.again(one.key)}
              >
                {t("message.retry")}
              </Anchor>
              <Anchor
                component="button"
                type="button"
                size="xs"
                onClick={() => outbox.drop(one.key)}
              >
                {t("outbox.drop")}
              </Anchor>
            </Group>
          </Box>
        )}
      </Box>
    </article>
  );
}
