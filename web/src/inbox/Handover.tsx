import { Alert, Button, Group, Modal, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { says } from "../app/Broken";
import { channelDesk, deskOf, integrations, takes } from "./genesys";
import { conversation } from "./queries";

const MOST = 1000;

/** Asks before a conversation goes to the other desk, and says what happens then. */
export default function Handover({
  conversationId,
  to,
  onClose,
}: {
  conversationId: string;
  to: "inbox" | "genesys";
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const there = to === "genesys";
  const found = (useQuery(integrations).data ?? []).filter(takes);
  const several = there && found.length > 1;
  const channel = useQuery({ ...conversation(conversationId), enabled: several }).data?.channelId;
  const usual = useQuery({ ...channelDesk(channel ?? ""), enabled: channel !== undefined }).data;
  const hand = useMutation({
    mutationFn: (input: components["schemas"]["HandoverInput"]) =>
      body(
        api.PUT("/api/v1/conversations/{conversation}/desk", {
          params: { path: { conversation: conversationId } },
          body: input,
        }),
      ),
    onSuccess: (now) => {
      queries.setQueryData(deskOf(conversationId).queryKey, now);
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(there ? "genesys.handOver" : "genesys.takeBack")}
      closeButtonProps={{ "aria-label": t("form.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const note = String(form.get("note") ?? "").trim();
          const integrationId = String(form.get("integration") ?? found[0]?.id ?? "");
          hand.mutate(
            there ? { desk: to, integrationId, ...(note ? { note } : {}) } : { desk: to },
          );
        }}
      >
        <Stack>
          <Text size="sm">{t(there ? "genesys.handOverHint" : "genesys.takeBackHint")}</Text>
          {several && (
            <NativeSelect
              key={usual?.integrationId}
              name="integration"
              label={t("genesys.where")}
              defaultValue={usual?.integrationId ?? found[0]?.id}
              data={found.map((one) => ({ value: one.id, label: one.name }))}
            />
          )}
          {there && (
            <Textarea
              name="note"
              label={t("genesys.note")}
              description={t("genesys.noteHint")}
              maxLength={MOST}
              autosize
              minRows={3}
              maxRows={8}
              data-autofocus
            />
          )}
          {hand.error && (
            <Alert color="red" role="alert" p="xs">
              {says(hand.error, t)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("form.cancel")}
            </Button>
            <Button type="submit" loading={hand.isPending}>
              {t(there ? "genesys.handOver" : "genesys.takeBack")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
