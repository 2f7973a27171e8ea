import { Alert, Checkbox, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import type { Integration } from "../inbox/genesys";
import { FormModal } from "./Form";

type Props = {
  integration: Integration;
  busy: boolean;
  error: unknown;
  onSave: (input: components["schemas"]["GenesysIntegrationInput"]) => void;
  onClose: () => void;
};

/** What it is called, and the client that we come in with. */
export function Client({ integration, busy, error, onSave, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <FormModal
      title={t("genesysDesk.client")}
      submit={t("form.save")}
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={(form) => {
        const value = (name: string) => String(form.get(name)).trim();
        onSave({
          name: value("name"),
          clientId: value("clientId"),
          // Saying the region anew makes the server ask again how the integration is.
          ...(value("region") === integration.region ? {} : { region: value("region") }),
          ...(value("clientSecret") ? { clientSecret: value("clientSecret") } : {}),
        });
      }}
    >
      <TextInput
        name="name"
        label={t("channel.name")}
        defaultValue={integration.name}
        required
        maxLength={100}
        data-autofocus
      />
      <TextInput
        name="region"
        label={t("genesysSetup.region")}
        description={t("genesysSetup.regionHint")}
        defaultValue={integration.region}
        required
        maxLength={200}
      />
      <TextInput
        name="clientId"
        label={t("genesysSetup.clientId")}
        defaultValue={integration.clientId}
        required
        maxLength={100}
        autoComplete="off"
      />
      <Alert color="gray" p="xs">
        {t("channel.credentialsHint")}
      </Alert>
      <PasswordInput
        name="clientSecret"
        label={t("genesysSetup.clientSecret")}
        maxLength={500}
        autoComplete="off"
      />
    </FormModal>
  );
}

/** What agents hear of, and what becomes of what they write too late. */
export function Behaviour({ integration, busy, error, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const { settings } = integration;
  const [outside, setOutside] = useState<"reject" | "template">(settings.outsideWindow ?? "reject");
  return (
    <FormModal
      title={t("genesysDesk.behaviour")}
      submit={t("form.save")}
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={(form) => {
        const value = (name: string) => String(form.get(name) ?? "").trim();
        onSave({
          // Settings are replaced as a whole: what is not asked here stays.
          settings: {
            ...settings,
            outsideWindow: outside,
            ...(outside === "template"
              ? { template: { name: value("template"), language: value("language") } }
              : {}),
            reactions: form.has("reactions"),
            edits: form.has("edits"),
            sentReceipts: form.has("sentReceipts"),
          },
        });
      }}
    >
      <NativeSelect
        label={t("genesysDesk.outside")}
        description={t("genesysDesk.outsideHint")}
        value={outside}
        onChange={(event) => setOutside(event.currentTarget.value as typeof outside)}
        data={["reject", "template"].map((value) => ({
          value,
          label: t(`genesysDesk.outsideHow.${value}`),
        }))}
      />
      {outside === "template" && (
        <>
          <TextInput
            name="template"
            label={t("genesysDesk.template")}
            description={t("genesysDesk.templateHint")}
            defaultValue={settings.template?.name ?? ""}
            required
            maxLength={512}
          />
          <TextInput
            name="language"
            label={t("template.language")}
            placeholder="en_US"
            defaultValue={settings.template?.language ?? ""}
            required
            maxLength={20}
          />
        </>
      )}
      <Checkbox
        name="reactions"
        label={t("genesysDesk.reactions")}
        defaultChecked={settings.reactions ?? true}
      />
      <Checkbox
        name="edits"
        label={t("genesysDesk.edits")}
        defaultChecked={settings.edits ?? true}
      />
      <Checkbox
        name="sentReceipts"
        label={t("genesysDesk.sentReceipts")}
        defaultChecked={settings.sentReceipts ?? false}
      />
    </FormModal>
  );
}
