import { Alert, Button, NativeSelect, Skeleton, Stack, TagsInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Broken } from "../app/Broken";
import { LANGUAGES } from "../i18n/language";
import { Trouble, useAct } from "./Form";
import { Frame } from "./List";
import { Retention } from "./Retention";

type Tenant = components["schemas"]["Tenant"];
type Known = {
  locale?: string;
  registration?: { mode?: string; domains?: string[]; role?: string };
  realtime?: { origins?: string[] };
};

/** What the organisation has decided for itself. */
export default function Settings() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["tenant"], queryFn: () => body(api.GET("/api/v1/tenant")) });
  return (
    <Frame title={t("sections.settings")} hint={t("admin.settings.hint")}>
      {query.isPending ? (
        <Stack maw={520} aria-busy="true">
          <Skeleton height={56} />
          <Skeleton height={56} />
          <Skeleton height={56} />
        </Stack>
      ) : query.isError ? (
        <Broken error={query.error} reset={() => void query.refetch()} />
      ) : (
        <>
          <Form tenant={query.data} />
          <Retention />
        </>
      )}
    </Frame>
  );
}

function Form({ tenant }: { tenant: Tenant }) {
  const { t } = useTranslation();
  const known = tenant.settings as Known;
  const [name, setName] = useState(tenant.name);
  const [locale, setLocale] = useState(known.locale ?? "");
  const [mode, setMode] = useState(known.registration?.mode ?? "closed");
  const [domains, setDomains] = useState(known.registration?.domains ?? []);
  const [role, setRole] = useState(known.registration?.role ?? "read-only");
  const [origins, setOrigins] = useState(known.realtime?.origins ?? []);
  const save = useAct(
    () =>
      body(
        api.PATCH("/api/v1/tenant", {
          body: {
            name: name.trim(),
            // Merged into what is there (RFC 7396): null takes away.
            settings: {
              locale: locale || null,
              registration: { mode, domains: domains.length > 0 ? domains : null, role },
              realtime: { origins: origins.length > 0 ? origins : null },
            } as never,
          },
        }),
      ),
    ["tenant"],
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack maw={520}>
        <TextInput
          label={t("tenant.name")}
          value={name}
          required
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("settings.locale")}
          description={t("settings.localeHint")}
          value={locale}
          onChange={(event) => setLocale(event.currentTarget.value)}
          data={[
            { value: "", label: t("settings.noLocale") },
            ...Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })),
          ]}
        />
        <NativeSelect
          label={t("settings.registration")}
          description={t("settings.registrationHint")}
          value={mode}
          onChange={(event) => setMode(event.currentTarget.value)}
          data={["closed", "invited", "open"].map((value) => ({
            value,
            label: t(`settings.modes.${value}`),
          }))}
        />
        {mode === "open" && (
          <>
            <TagsInput
              label={t("settings.domains")}
              description={t("settings.domainsHint")}
              value={domains}
              onChange={setDomains}
              clearable
              maxTags={50}
            />
            <NativeSelect
              label={t("settings.registeredRole")}
              value={role}
              onChange={(event) => setRole(event.currentTarget.value)}
              data={["agent", "read-only", "member"].map((value) => ({ value, label: t(`role.${value}`) }))}
            />
          </>
        )}
        <TagsInput
          label={t("settings.origins")}
          description={t("settings.originsHint")}
          value={origins}
          onChange={setOrigins}
          clearable
          maxTags={50}
        />
        <Trouble error={save.error} />
        {save.isSuccess && (
          <Alert color="teal" role="status" p="xs">
            {t("form.saved")}
          </Alert>
        )}
        <Button type="submit" loading={save.isPending} style={{ alignSelf: "flex-start" }}>
          {t("form.save")}
        </Button>
      </Stack>
    </form>
  );
}
