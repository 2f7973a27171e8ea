import { Alert, Box, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Broken } from "../app/Broken";
import classes from "./Admin.module.css";
import { Facts, State, When } from "./Form";
import { Frame } from "./List";

type Item = components["schemas"]["HealthItem"];
const AGAIN_MS = 10_000;

/** How everything is, and what to do about what is not well. */
export default function Health() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["health"],
    refetchInterval: AGAIN_MS,
    queryFn: () => body(api.GET("/api/v1/health")),
  });
  const page = query.data;
  return (
    <Frame
      title={t("sections.health")}
      hint={t("admin.health.hint")}
      actions={
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={query.isFetching && !query.isPending}
          onClick={() => void query.refetch()}
        >
          {t("health.again")}
        </Button>
      }
    >
      {query.isPending ? (
        <Stack aria-busy="true">
          <Skeleton height={60} />
          <Skeleton height={120} />
        </Stack>
      ) : !page ? (
        <Broken error={query.error} reset={() => void query.refetch()} />
      ) : (
        <Stack gap="lg">
          {query.isError && <Alert color="red">{t("list.stale")}</Alert>}
          <Alert
            color={page.state === "ok" ? "teal" : page.state === "degraded" ? "yellow" : "red"}
            icon={page.state === "ok" ? <IconCircleCheck /> : <IconAlertTriangle />}
            title={t(`health.all.${page.state}`)}
          >
            {t("health.checked")} <When at={page.checkedAt} />
          </Alert>
          <div className={classes.cards}>
            {page.items.map((item) => (
              <One key={`${item.kind}.${item.name}`} item={item} />
            ))}
          </div>
          {(page.nodes ?? []).map((node) => (
            <Box key={node.id}>
              <Group gap="xs" mb="xs">
                <Title order={2} size="h5">
                  {node.place}
                </Title>
                <State of={node.state} name={t(`health.states.${node.state}`)} />
              </Group>
              <Facts
                of={[
                  [t("health.version"), node.version],
                  [t("health.roles"), node.roles.join(", ")],
                  [t("health.up"), <When key="u" at={node.startedAt} />],
                  [t("health.seen"), <When key="s" at={node.seenAt} />],
                ]}
              />
              <div className={classes.cards} style={{ marginTop: "0.6rem" }}>
                {node.items.map((item) => (
                  <One key={`${item.kind}.${item.name}`} item={item} />
                ))}
              </div>
            </Box>
          ))}
        </Stack>
      )}
    </Frame>
  );
}

function One({ item }: { item: Item }) {
  const { t } = useTranslation();
  const facts = (item.facts ?? {}) as Record<string, unknown>;
  return (
    <section className={classes.card} data-state={item.state} aria-label={item.name}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text fw={600} size="sm" style={{ overflowWrap: "anywhere" }}>
          {item.name}
        </Text>
        <State of={item.state} name={t(`health.states.${item.state}`)} />
      </Group>
      <Text size="xs" c="dimmed">
        {t(`health.kinds.${item.kind}`, { defaultValue: item.kind })} · {item.tookMillis} ms
      </Text>
      {item.detail && <Text size="sm">{item.detail}</Text>}
      {item.mend && (
        <Text size="sm" fw={600}>
          {item.mend}
        </Text>
      )}
      <Facts
        of={Object.entries(facts)
          // What it is stands above; ids say nothing to people.
          .filter(([name]) => !name.endsWith("Id"))
          .map(([name, value]): [string, ReactNode] => [words(name), shown(value)])}
      />
    </section>
  );
}

/** The name of a figure as people write it: `lastInboundAt` is "Last inbound at". */
function words(name: string): string {
  const plain = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function shown(value: unknown): ReactNode {
  if (typeof value === "string") {
    return /^\d{4}-\d\d-\d\dT/.test(value) ? <When at={value} /> : value;
  }
  return typeof value === "number"
    ? String(Math.round(value * 100) / 100)
    : JSON.stringify(value);
}
