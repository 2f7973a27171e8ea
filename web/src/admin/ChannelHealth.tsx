import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import classes from "./Admin.module.css";
import { State, Trouble, useAct } from "./Form";

type Check = components["schemas"]["ChannelCheck"];

/** Looks at each part of the set-up at the provider, says what to do about it, and sends a test message. */
export function ChannelHealth({ channelId }: { channelId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const path = { params: { path: { channel: channelId } } };
  const key = ["channel-checks", channelId];
  const last = useQuery({
    queryKey: key,
    queryFn: () => body(api.GET("/api/v1/channels/{channel}/checks", path)),
  }).data;
  const look = useAct(
    () => body(api.POST("/api/v1/channels/{channel}/checks", path)),
    ["channels-admin"],
    (found) => queries.setQueryData(key, found),
  );
  const send = useAct(
    (to: string) =>
      body(api.POST("/api/v1/channels/{channel}/checks/message", { ...path, body: { to } })),
    [],
  );
  const checks = (last ?? []) as Check[];
  return (
    <Stack gap="xs">
      <Button
        variant="default"
        loading={look.isPending}
        onClick={() => look.mutate()}
        style={{ alignSelf: "flex-start" }}
      >
        {t("channel.test")}
      </Button>
      <Trouble error={look.error} />
      {look.isSuccess && (
        <Alert color={checks.every(works) ? "teal" : "red"} role="status" p="xs">
          {t(checks.every(works) ? "channel.works" : "channel.worksNot")}
        </Alert>
      )}
      {checks.map((check) => (
        <section key={check.name} className={classes.card} data-state={STATES[check.state]}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" fw={600}>
              {t(`check.${check.name}`, { defaultValue: check.name })}
            </Text>
            <State of={STATES[check.state] ?? ""} name={t(`check.states.${check.state}`)} />
          </Group>
          <Text size="sm">{check.detail}</Text>
          {check.mend && (
            <Text size="sm" fw={600}>
              {check.mend}
            </Text>
          )}
        </section>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate(String(new FormData(event.currentTarget).get("to")).trim());
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            name="to"
            type="tel"
            label={t("check.to")}
            description={t("check.toHint")}
            placeholder="+16505551234"
            required
            maxLength={40}
            flex={1}
          />
          <Button type="submit" variant="default" loading={send.isPending}>
            {t("check.send")}
          </Button>
        </Group>
      </form>
      <Trouble error={send.error} />
      {send.data && (
        <Alert color={send.data.state === "sent" ? "teal" : "red"} role="status" p="xs">
          {t(`check.sent.${send.data.state}`)} {send.data.failure?.cause}
        </Alert>
      )}
    </Stack>
  );
}

const STATES: Record<string, string> = {
  ok: "ok",
  warning: "degraded",
  failed: "down",
  unknown: "unknown",
};

function works(check: Check): boolean {
  return check.state === "ok" || check.state === "warning";
}
