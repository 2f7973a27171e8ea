import { Alert, Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { session } from "../api/session";
import type { Integration } from "../inbox/genesys";
import { Copyable, Details, Facts, FormModal, State, Sure, Trouble, useAct, When } from "./Form";
import { Behaviour, Client } from "./GenesysForms";
import { GenesysHealth } from "./GenesysHealth";

type Asking = "delete" | "client" | "behaviour" | "rotate";

/** One connection: how it is, what can be changed of it, and whether it works. */
export function GenesysDetails({
  integration,
  onSetUp,
  onClose,
}: {
  integration: Integration;
  onSetUp: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Asking | null>(null);
  const path = { params: { path: { id: integration.id } } };
  const now =
    useQuery({
      queryKey: ["genesys", "one", integration.id],
      queryFn: () => body(api.GET("/api/v1/genesys/integrations/{id}", path)),
    }).data ?? integration;
  const change = useAct(
    (input: components["schemas"]["GenesysIntegrationInput"]) =>
      body(api.PATCH("/api/v1/genesys/integrations/{id}", { ...path, body: input })),
    ["genesys"],
    () => setAsking(null),
  );
  const rotate = useAct(
    () => body(api.POST("/api/v1/genesys/integrations/{id}/webhook-secret", path)),
    ["genesys"],
    () => setAsking(null),
  );
  const remove = useAct(
    () => api.DELETE("/api/v1/genesys/integrations/{id}", path),
    ["genesys", "channel-desk", "conversation-desk"],
    onClose,
  );
  const form = {
    busy: change.isPending,
    error: change.error,
    integration: now,
    onSave: change.mutate,
    onClose: () => {
      change.reset();
      setAsking(null);
    },
  };
  if (asking === "client") {
    return <Client {...form} />;
  }
  if (asking === "behaviour") {
    return <Behaviour {...form} />;
  }
  if (asking === "delete") {
    return (
      <Sure
        text={t("genesysDesk.deleteSure", { name: now.name })}
        act={t("form.delete")}
        busy={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(null)}
      />
    );
  }
  if (asking === "rotate") {
    return (
      <FormModal
        title={t("genesysDesk.rotate")}
        submit={t("genesysDesk.rotate")}
        busy={rotate.isPending}
        error={rotate.error}
        onClose={() => setAsking(null)}
        onSubmit={() => rotate.mutate()}
      >
        <Text size="sm">{t("genesysDesk.rotateSure")}</Text>
      </FormModal>
    );
  }
  const created = now.createStatus;
  return (
    <Details title={now.name} onClose={onClose}>
      {now.createError && (
        <Alert color="red" title={t("genesysSetup.status.error")}>
          {now.createError}
        </Alert>
      )}
      {now.lastError && (
        <Alert color="red" title={t("channel.lastError")}>
          {now.lastError} <When at={now.lastErrorAt} />
        </Alert>
      )}
      {rotate.isSuccess && (
        <Alert color="teal" role="status" p="xs">
          {t("genesysDesk.rotated")}
        </Alert>
      )}
      <Facts
        of={[
          [
            t("genesysDesk.sends"),
            <State key="s" of={now.state} name={t(`channel.states.${now.state}`)} />,
          ],
          [t("genesysSetup.region"), now.region],
          [t("genesysSetup.clientId"), now.clientId],
          [t("genesysSetup.genesysId"), now.genesysId],
          [t("genesysSetup.integration"), created && t(`genesysSetup.status.${created}`)],
          [
            t("genesysDesk.lastWebhook"),
            now.lastWebhookAt && <When key="w" at={now.lastWebhookAt} />,
          ],
          [
            t("genesysDesk.lastUnsigned"),
            now.lastUnsignedAt && <When key="u" at={now.lastUnsignedAt} />,
          ],
          [t("channel.since"), <When key="c" at={now.createdAt} />],
        ]}
      />
      <Copyable label={t("genesysSetup.webhookUrl")} value={now.webhookUrl} />
      <GenesysHealth id={now.id} />
      {session.may("channels:manage") && (
        <>
          <Trouble error={change.error} />
          <Group gap="xs">
            <Button
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate({ state: now.state === "active" ? "paused" : "active" })}
            >
              {t(now.state === "active" ? "channel.pause" : "channel.resume")}
            </Button>
            <Button variant="default" onClick={() => setAsking("client")}>
              {t("genesysDesk.client")}
            </Button>
            <Button variant="default" onClick={() => setAsking("behaviour")}>
              {t("genesysDesk.behaviour")}
            </Button>
            <Button variant="default" onClick={onSetUp}>
              {t(now.genesysId ? "genesysSetup.update" : "genesysSetup.createNow")}
            </Button>
            <Button
              variant="default"
              disabled={!now.genesysId}
              onClick={() => {
                rotate.reset();
                setAsking("rotate");
              }}
            >
              {t("genesysDesk.rotate")}
            </Button>
            <Button variant="light" color="red" onClick={() => setAsking("delete")}>
              {t("form.delete")}
            </Button>
          </Group>
        </>
      )}
    </Details>
  );
}
