import { Box, Center, Stack, Text, ThemeIcon } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconMessages } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "../app/shortcuts";
import { ConversationList } from "./ConversationList";
import { ConversationView } from "./ConversationView";
import classes from "./Inbox.module.css";
import { useLive } from "./live";
import { useNoticed } from "./notices";
import { outbox } from "./outbox";
import { useUnread } from "./unread";

const ContactPanel = lazy(async () => ({ default: (await import("./ContactPanel")).ContactPanel }));
const DetailsDrawer = lazy(() => import("./DetailsDrawer"));

/** Conversations at the left, the chosen one in the middle, who it is with at the right; one at a time on a phone. */
export function Inbox() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { conversation } = useParams({ strict: false });
  const { message } = useSearch({ strict: false });
  const connected = useLive();
  const wide = useMediaQuery("(min-width: 75em)") ?? true;
  const [details, setDetails] = useState(false);
  const [hidden, setHidden] = useState(false);
  const [search, setSearch] = useState("");
  const [scope, setScope] = useState<string | undefined>(undefined);
  const box = useRef<HTMLInputElement>(null);
  const goTo = useCallback(
    (id: string) => void navigate({ to: "/inbox/$conversation", params: { conversation: id } }),
    [navigate],
  );
  useEffect(() => outbox.begin(queries), [queries]);
  useEffect(() => setDetails(false), [conversation]);
  useNoticed(conversation, useUnread(), goTo, t("inbox.title"));
  useShortcuts({ Escape: () => conversation && void navigate({ to: "/inbox" }) });

  function searchHere() {
    setScope(conversation);
    if (!wide && window.innerWidth < 768) {
      void navigate({ to: "/inbox" });
    }
    requestAnimationFrame(() => box.current?.focus());
  }

  return (
    <Box
      className={classes.inbox}
      data-open={conversation ? true : undefined}
      data-alone={hidden || undefined}
    >
      <ConversationList
        chosen={conversation}
        connected={connected}
        search={search}
        onSearch={setSearch}
        scope={scope}
        onScope={setScope}
        box={box}
      />
      {conversation ? (
        <>
          <ConversationView
            key={conversation}
            id={conversation}
            messageId={message}
            onDetails={() => (wide ? setHidden(!hidden) : setDetails(true))}
            onSearch={searchHere}
          />
          {wide
            ? !hidden && (
                <Suspense>
                  <ContactPanel conversationId={conversation} />
                </Suspense>
              )
            : details && (
                <Suspense>
                  <DetailsDrawer conversationId={conversation} onClose={() => setDetails(false)} />
                </Suspense>
              )}
        </>
      ) : (
        <Center className={classes.empty}>
          <Stack align="center" gap="xs">
            <ThemeIcon size={56} variant="light" radius="xl">
              <IconMessages size={30} />
            </ThemeIcon>
            <Text c="dimmed">{t("inbox.choose")}</Text>
            <Text c="dimmed" size="xs">
              {t("inbox.keys")} <kbd>?</kbd>
            </Text>
          </Stack>
        </Center>
      )}
    </Box>
  );
}
