import { ActionIcon, Alert, Badge, Group, Tabs, Text, Title } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import {
  IconHistory,
  IconLogout,
  IconMessage2Share,
  IconTemplate,
  IconUser,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { left } from "../inbox/time";
import { api, body, ProblemError, type WidgetConversation, type WidgetSession } from "./client";
import { History } from "./History";
import { Notice } from "./Notice";
import { Profile } from "./Profile";
import { Replies } from "./Replies";
import { Templates } from "./Templates";
import { type Out, Waiting } from "./Widget";
import classes from "./Widget.module.css";

const OFTEN = 5_000;
const RINGING = 2_500;

/** The conversation of an agent who has signed in, for as long as the session lasts. */
export default function Signed({
  session,
  hostOrigin,
  onOut,
}: {
  session: WidgetSession;
  hostOrigin: string;
  onOut: (why: Out) => void;
}) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<string | null>("history");
  const query = useQuery({
    queryKey: ["conversation"],
    queryFn: () => body(api.GET("/api/v1/genesys/widget/conversation")) as Promise<WidgetConversation>,
    refetchInterval: (one) => (rings(one.state.error) ? RINGING : OFTEN),
    retry: (count, error) =>
      count < 2 && !(error instanceof ProblemError && error.status < 500 && error.status !== 429),
  });
  const { error, data } = query;
  const why = error instanceof ProblemError ? ended(error.status) : null;
  const online = useOnline();

  useEffect(() => {
    if (why) {
      onOut(why);
    }
  }, [why, onOut]);
  useEffect(() => {
    const rest = Date.parse(session.expiresAt) - Date.now();
    const timer = window.setTimeout(() => onOut("expired"), Math.min(Math.max(rest, 0), 2 ** 31 - 1));
    return () => window.clearTimeout(timer);
  }, [session.expiresAt, onOut]);

  if (rings(error)) {
    return <Notice kind="ringing" />;
  }
  if (!data) {
    return error ? (
      <Notice kind="away" action={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <Waiting text={t("widget.loading")} />
    );
  }
  return (
    <main className={classes.widget}>
      <Head conversation={data} agent={session.agentName} onOut={onOut} />
      {(!online || error) && (
        <Alert color="yellow" p="xs" radius={0} role="status">
          {t(online ? "widget.stale" : "broken.offline")}
        </Alert>
      )}
      <Tabs
        value={tab}
        onChange={setTab}
        keepMounted={false}
        classNames={{ root: classes.tabs, list: classes.list, tab: classes.tab, panel: classes.panel }}
      >
        <Tabs.List grow aria-label={t("widget.parts")}>
          <Tabs.Tab value="history" leftSection={<IconHistory size={18} aria-hidden />}>
            {t("widget.history.tab")}
          </Tabs.Tab>
          <Tabs.Tab value="profile" leftSection={<IconUser size={18} aria-hidden />}>
            {t("widget.profile.tab")}
          </Tabs.Tab>
          <Tabs.Tab value="replies" leftSection={<IconMessage2Share size={18} aria-hidden />}>
            {t("widget.replies.tab")}
          </Tabs.Tab>
          <Tabs.Tab value="templates" leftSection={<IconTemplate size={18} aria-hidden />}>
            {t("widget.templates.tab")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="history">
          <History lastSeq={data.lastSeq} updatedAt={data.updatedAt} />
        </Tabs.Panel>
        <Tabs.Panel value="profile">
          <Profile conversation={data} />
        </Tabs.Panel>
        <Tabs.Panel value="replies">
          <Replies hostOrigin={hostOrigin} />
        </Tabs.Panel>
        <Tabs.Panel value="templates">
          <Templates onSent={() => setTab("history")} />
        </Tabs.Panel>
      </Tabs>
    </main>
  );
}

const rings = (error: unknown) => error instanceof ProblemError && error.status === 409;

function ended(status: number): Out | null {
  return status === 401 ? "expired" : status === 403 ? "left" : null;
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const change = () => setOnline(navigator.onLine);
    window.addEventListener("online", change);
    window.addEventListener("offline", change);
    return () => {
      window.removeEventListener("online", change);
      window.removeEventListener("offline", change);
    };
  }, []);
  return online;
}

function Head({
  conversation,
  agent,
  onOut,
}: {
  conversation: WidgetConversation;
  agent: string;
  onOut: (why: Out) => void;
}) {
  const { t } = useTranslation();
  const { contact } = conversation;
  const phone = contact?.identities.find((one) => one.kind === "phone")?.value;
  return (
    <Group className={classes.head} wrap="nowrap" gap="xs">
      <div className={classes.name}>
        <Title order={1} size="h5" lineClamp={1}>
          {contact?.name ?? (phone ? `+${phone}` : t("contact.nameless"))}
        </Title>
        <Text size="xs" c="dimmed" truncate>
          {[phone && `+${phone}`, conversation.channel?.name].filter(Boolean).join(" · ")}
        </Text>
      </div>
      <Window until={conversation.window} />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("widget.signOut", { name: agent })}
        title={t("widget.signOut", { name: agent })}
        onClick={() => {
          void api.DELETE("/api/v1/genesys/widget/session").catch(() => undefined);
          onOut("signedOut");
        }}
      >
        <IconLogout size={18} />
      </ActionIcon>
    </Group>
  );
}

/** How long free messages may still be sent. */
function Window({ until }: { until: string | undefined }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now());
  useInterval(() => setNow(Date.now()), 10_000, { autoInvoke: true });
  if (!until) {
    return null;
  }
  const rest = left(until, now);
  return (
    <Badge
      variant="light"
      color={!rest ? "red" : rest.hours < 2 ? "orange" : "teal"}
      radius="sm"
      tt="none"
      className={classes.window}
      title={rest ? t("composer.left", rest) : t("composer.closed")}
    >
      {rest ? t("widget.window", rest) : t("widget.closed")}
    </Badge>
  );
}
