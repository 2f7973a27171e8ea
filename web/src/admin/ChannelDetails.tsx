import { Alert, Button, Group, PasswordInput, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { session } from "../api/session";
import { channelDesk, integrations } from "../inbox/genesys";
import { ChannelDesk } from "./ChannelDesk";
import { ChannelHealth } from "./ChannelHealth";
import {
  Copyable,
  Details,
  Facts,
  FormModal,
  Raw,
  State,
  Sure,
  Trouble,
  useAct,
  When,
} from "./Form";

type Channel = components["schemas"]["Channel"];
const LISTS = ["channels", "channels-admin"];

/** One channel: how it is, whether it works, and what the provider told about it. */
export function ChannelDetails({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(channel);
  const [asking, setAsking] = useState<"delete" | "credentials" | "rename" | "desk" | null>(null);
  const path = { params: { path: { id: channel.id } } };
  const change = useAct(
    (input: components["schemas"]["ChannelInput"]) =>
      body(api.PATCH("/api/v1/channels/{id}", { ...path, body: input })),
    LISTS,
    (changed) => {
      setNow(changed as Channel);
      setAsking(null);
    },
  );
  const remove = useAct(() => api.DELETE("/api/v1/channels/{id}", path), LISTS, onClose);
  const desk = useQuery(channelDesk(channel.id)).data;
  const there = useQuery(integrations).data?.find((one) => one.id === desk?.integrationId);
  const settings = (now.settings ?? {}) as Record<string, unknown>;
  const back = () => {
    change.reset();
    setAsking(null);
  };
  if (asking === "delete") {
    return (
      <Sure
        text={t("channel.deleteSure", { name: now.name })}
        act={t("form.delete")}
        busy={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={back}
      />
    );
  }
  if (asking === "desk") {
    return <ChannelDesk channelId={channel.id} onClose={back} />;
  }
  if (asking === "rename") {
    return (
      <FormModal
        title={t("channel.rename")}
        submit={t("form.save")}
        busy={change.isPending}
        error={change.error}
        onClose={back}
        onSubmit={(form) => change.mutate({ name: String(form.get("name")).trim() })}
      >
        <TextInput
          name="name"
          label={t("channel.name")}
          defaultValue={now.name}
          required
          maxLength={100}
          data-autofocus
        />
      </FormModal>
    );
  }
  if (asking === "credentials") {
    return (
      <FormModal
        title={t("channel.credentials")}
        submit={t("form.save")}
        busy={change.isPending}
        error={change.error}
        onClose={back}
        onSubmit={(form) => {
          const value = (name: string) => String(form.get(name)).trim();
          change.mutate({
            credentials: {
              ...(value("accessToken") ? { accessToken: value("accessToken") } : {}),
              ...(value("appSecret") ? { appSecrets: [value("appSecret")] } : {}),
              ...(value("verifyToken") ? { verifyToken: value("verifyToken") } : {}),
            },
          });
        }}
      >
        <Alert color="gray" p="xs">
          {t("channel.credentialsHint")}
        </Alert>
        <PasswordInput
          name="accessToken"
          label={t("setup.accessToken")}
          maxLength={1000}
          autoComplete="off"
        />
        <PasswordInput
          name="appSecret"
          label={t("setup.appSecret")}
          maxLength={200}
          autoComplete="off"
        />
        <PasswordInput
          name="verifyToken"
          label={t("setup.verifyToken")}
          maxLength={200}
          autoComplete="off"
        />
      </FormModal>
    );
  }
  return (
    <Details title={now.name} onClose={onClose}>
      {now.lastError && (
        <Alert color="red" title={t("channel.lastError")}>
          {now.lastError} <When at={now.lastErrorAt} />
        </Alert>
      )}
      <Facts
        of={[
          [t("channel.kind"), t(`channel.kinds.${now.kind}`, { defaultValue: now.kind })],
          [
            t("user.state"),
            <State key="s" of={now.state} name={t(`channel.states.${now.state}`)} />,
          ],
          ...Object.entries(settings).map(([name, value]): [string, string] => [
            t(`setup.${name}`, { defaultValue: name }),
            typeof value === "object" ? JSON.stringify(value) : String(value),
          ]),
          [
            t("channelDesk.title"),
            desk &&
              `${t(`channelDesk.desks.${desk.desk}`)}${there ? ` · ${there.name}` : ""}`,
          ],
          [t("channel.since"), <When key="c" at={now.createdAt} />],
        ]}
      />
      <Copyable label={t("setup.callbackUrl")} value={now.webhookUrl} />
      {session.may("channels:manage") && (
        <>
          <ChannelHealth channelId={now.id} />
          <Trouble error={change.error} />
          <Group>
            <Button
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate({ state: now.state === "active" ? "paused" : "active" })}
            >
              {t(now.state === "active" ? "channel.pause" : "channel.resume")}
            </Button>
            <Button variant="default" onClick={() => setAsking("rename")}>
              {t("channel.rename")}
            </Button>
            <Button variant="default" onClick={() => setAsking("credentials")}>
              {t("channel.credentials")}
            </Button>
            <Button variant="default" onClick={() => setAsking("desk")}>
              {t("channelDesk.change")}
            </Button>
            <Button variant="light" color="red" onClick={() => setAsking("delete")}>
              {t("form.delete")}
            </Button>
          </Group>
        </>
      )}
      <Notices channelId={now.id} />
    </Details>
  );
}

/** What the provider told about the account, such as a template that was paused. */
function Notices({ channelId }: { channelId: string }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: ["channel-notices", channelId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/channels/{id}/notices", {
          params: { path: { id: channelId }, query: { limit: 10, after: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
  const notices = query.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  if (notices.length === 0) {
    return null;
  }
  return (
    <>
      <h2 style={{ fontSize: "1rem", margin: 0 }}>{t("channel.notices")}</h2>
      {notices.map((notice) => (
        <details key={notice.id}>
          <summary>
            {notice.field} · <When at={notice.receivedAt} />
          </summary>
          <Raw value={notice.data} />
        </details>
      ))}
      {query.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
    </>
  );
}
