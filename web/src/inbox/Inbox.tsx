import { Box, Center, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ContactPanel } from "./ContactPanel";
import { ConversationList } from "./ConversationList";
import { ConversationView } from "./ConversationView";
import classes from "./Inbox.module.css";
import { useLive } from "./live";

/** Conversations at the left, the chosen one in the middle, who it is with at the right; one at a time on a phone. */
export function Inbox() {
  const { t } = useTranslation();
  const { conversation } = useParams({ strict: false });
  const connected = useLive();
  return (
    <Box className={classes.inbox} data-open={conversation ? true : undefined}>
      <ConversationList chosen={conversation} connected={connected} />
      {conversation ? (
        <>
          <ConversationView key={conversation} id={conversation} />
          <ContactPanel conversationId={conversation} />
        </>
      ) : (
        <Center className={classes.empty}>
          <Stack align="center" gap="xs">
            <ThemeIcon size={56} variant="light" radius="xl">
              <IconMessages size={30} />
            </ThemeIcon>
            <Text c="dimmed">{t("inbox.choose")}</Text>
          </Stack>
        </Center>
      )}
    </Box>
  );
}
