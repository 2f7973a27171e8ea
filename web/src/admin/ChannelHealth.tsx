import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { CheckCards, Verdict } from "./CheckCards";
import { Trouble, useAct } from "./Form";

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
  const checks = last ?? [];
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
      {look.isSuccess && <Verdict checks={checks} />}
      <CheckCards checks={checks} />
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
