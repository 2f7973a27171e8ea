import { Button, Checkbox, NativeSelect, SimpleGrid, Stack, TextInput, Group } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { session } from "../api/session";
import { Copyable, Details, Facts, FormModal, State, Sure, useAct, useOpen, When } from "./Form";
import { CsvButton, Frame, List } from "./List";

type ApiKey = components["schemas"]["ApiKey"];
const DAYS = [30, 90, 365];

const stateOf = (key: ApiKey) =>
  key.revokedAt
    ? "revoked"
    : key.expiresAt && Date.parse(key.expiresAt) < Date.now()
      ? "expired"
      : "active";

/** Keys by which programs come in. */
export default function ApiKeys() {
  const { t } = useTranslation();
  const [open, setOpen] = useOpen<ApiKey>();
  const close = () => setOpen(null);
  const path = { params: { path: { id: open?.of?.id ?? "" } } };
  const revoke = useAct(() => api.DELETE("/api/v1/api-keys/{id}", path), ["api-keys"], close);
  return (
    <Frame
      title={t("sections.api-keys")}
      hint={t("admin.api-keys.hint")}
      actions={
        <Group gap="xs">
          <CsvButton path="/api/v1/api-keys" name="api-keys" />
          <Button leftSection={<IconKey size={16} />} onClick={() => setOpen({ act: "new" })}>
            {t("admin.api-keys.new")}
          </Button>
        </Group>
      }
    >
      <List<ApiKey>
        queryKey={["api-keys"]}
        load={(after) =>
          body(api.GET("/api/v1/api-keys", { params: { query: { limit: 50, after } } }))
        }
        idOf={(key) => key.id}
        onOpen={(key) => setOpen({ act: "show", of: key })}
        empty={t("admin.api-keys.empty")}
        columns={[
          { name: t("key.name"), cell: (key) => key.name },
          { name: t("key.prefix"), cell: (key) => <code>{key.prefix}…</code> },
          {
            name: t("user.state"),
            cell: (key) => <State of={stateOf(key)} name={t(`key.states.${stateOf(key)}`)} />,
          },
          { name: t("key.lastUsed"), cell: (key) => <When at={key.lastUsedAt} /> },
          { name: t("key.expires"), cell: (key) => <When at={key.expiresAt} /> },
        ]}
      />
      {open?.act === "new" && <NewKey onClose={close} />}
      {open?.act === "show" && open.of && (
        <Details title={open.of.name} onClose={close}>
          <Facts
            of={[
              [t("key.prefix"), <code key="p">{open.of.prefix}…</code>],
              [t("key.scopes"), open.of.scopes.join(", ")],
              [t("key.made"), <When key="c" at={open.of.createdAt} />],
              [t("key.lastUsed"), <When key="l" at={open.of.lastUsedAt} />],
              [t("key.expires"), open.of.expiresAt && <When key="e" at={open.of.expiresAt} />],
              [t("key.revoked"), open.of.revokedAt && <When key="r" at={open.of.revokedAt} />],
            ]}
          />
          {stateOf(open.of) === "active" && (
            <Button variant="light" color="red" onClick={() => setOpen({ ...open, act: "revoke" })}>
              {t("key.revoke")}
            </Button>
          )}
        </Details>
      )}
      {open?.act === "revoke" && open.of && (
        <Sure
          text={t("key.revokeSure", { name: open.of.name })}
          act={t("key.revoke")}
          busy={revoke.isPending}
          error={revoke.error}
          onYes={() => revoke.mutate()}
          onClose={close}
        />
      )}
    </Frame>
  );
}

function NewKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<string | null>(null);
  const [scopes, setScopes] = useState<string[]>([]);
  const make = useAct(
    (input: components["schemas"]["NewApiKey"]) =>
      body(api.POST("/api/v1/api-keys", { body: input })),
    ["api-keys"],
    (key) => setSecret(key.secret ?? null),
  );
  // A key can do no more than whoever gives it, and is nobody who signs in.
  const all = (session.me()?.permissions ?? [])
    .filter((scope) => !["self", "chat", "tenants:manage"].includes(scope))
    .sort();
  if (secret) {
    return (
      <Details title={t("admin.api-keys.made")} onClose={onClose}>
        <Copyable label={t("key.secret")} description={t("key.secretOnce")} value={secret} />
      </Details>
    );
  }
  return (
    <FormModal
      title={t("admin.api-keys.new")}
      submit={t("form.create")}
      busy={make.isPending}
      error={make.error}
      onClose={onClose}
      onSubmit={(form) => {
        const days = Number(form.get("days"));
        make.mutate({
          name: String(form.get("name")).trim(),
          scopes,
          ...(days ? { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() } : {}),
        });
      }}
    >
      <TextInput
        name="name"
        label={t("key.name")}
        description={t("key.nameHint")}
        required
        maxLength={100}
        data-autofocus
      />
      <NativeSelect
        name="days"
        label={t("key.expires")}
        data={[
          ...DAYS.map((days) => ({ value: String(days), label: t("key.inDays", { count: days }) })),
          { value: "", label: t("key.never") },
        ]}
      />
      <Checkbox.Group label={t("key.scopes")} value={scopes} onChange={setScopes} required>
        <Stack gap={4} mt="xs">
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing={6}>
            {all.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={t(`permission.${scope.replace(":", "-")}`, { defaultValue: scope })}
                description={scope}
              />
            ))}
          </SimpleGrid>
        </Stack>
      </Checkbox.Group>
    </FormModal>
  );
}
