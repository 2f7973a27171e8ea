import { Alert, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import classes from "./Admin.module.css";
import { State } from "./Form";

type Check = components["schemas"]["ChannelCheck"] | components["schemas"]["GenesysCheck"];

const STATES: Record<string, string> = {
  ok: "ok",
  warning: "degraded",
  failed: "down",
  unknown: "unknown",
};

/** What was found about each part of a set-up, and what to do about it. */
export function CheckCards({ checks, of = "check" }: { checks: Check[]; of?: string }) {
  const { t } = useTranslation();
  return checks.map((check) => (
    <section key={check.name} className={classes.card} data-state={STATES[check.state]}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={600}>
          {t(`${of}.${check.name}`, { defaultValue: check.name })}
        </Text>
        <State of={STATES[check.state] ?? ""} name={t(`check.states.${check.state}`)} />
      </Group>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {check.detail}
      </Text>
      {check.mend && (
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {check.mend}
        </Text>
      )}
    </section>
  ));
}

/** All of them in a word. */
export function Verdict({ checks }: { checks: Check[] }) {
  const { t } = useTranslation();
  const states = checks.map((check) => check.state);
  const verdict = states.includes("failed")
    ? "worksNot"
    : states.includes("unknown")
      ? "worksPerhaps"
      : "works";
  return (
    <Alert color={COLORS[verdict]} role="status" p="xs">
      {t(`channel.${verdict}`)}
    </Alert>
  );
}

const COLORS = { works: "teal", worksPerhaps: "yellow", worksNot: "red" };
