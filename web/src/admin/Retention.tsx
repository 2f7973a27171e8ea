import { Alert, Button, NumberInput, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Broken } from "../app/Broken";
import { Trouble, useAct } from "./Form";

type Rule = components["schemas"]["RetentionRule"];

/** How many days things are kept. */
export function Retention() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["retention"],
    queryFn: () => body(api.GET("/api/v1/retention")),
  });
  return (
    <Stack maw={520} mt="xl">
      <Title order={2} size="h4">
        {t("retention.title")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("retention.hint")}
      </Text>
      {query.isPending ? (
        <Skeleton height={200} aria-busy="true" />
      ) : query.isError ? (
        <Broken error={query.error} reset={() => void query.refetch()} />
      ) : (
        <Form rules={query.data} />
      )}
    </Stack>
  );
}

function Form({ rules }: { rules: Rule[] }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<Record<string, number | string>>(() =>
    Object.fromEntries(rules.map((rule) => [rule.name, rule.days ?? ""])),
  );
  const save = useAct(
    () =>
      body(
        api.PUT("/api/v1/retention", {
          body: Object.fromEntries(
            Object.entries(days).filter(([, value]) => typeof value === "number"),
          ),
        }),
      ),
    ["retention"],
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        {rules.map((rule) => (
          <NumberInput
            key={rule.name}
            label={t(`retention.${rule.name}`)}
            description={t("retention.bounds", { least: rule.leastDays, most: rule.mostDays })}
            placeholder={
              rule.defaultDays === undefined
                ? t("retention.forever")
                : t("retention.default", { count: rule.defaultDays })
            }
            min={rule.leastDays}
            max={rule.mostDays}
            allowDecimal={false}
            value={days[rule.name] ?? ""}
            onChange={(value) => setDays((was) => ({ ...was, [rule.name]: value }))}
          />
        ))}
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
