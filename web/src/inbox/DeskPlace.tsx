import { Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconHeadset } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "../api/session";
import { type DeskHealth, deskOf, genesysHealth, integrations } from "./genesys";
import classes from "./Inbox.module.css";

const Handover = lazy(() => import("./Handover"));

/** Says that a conversation is answered in Genesys Cloud, and how it is there; takes it back. */
export default function DeskPlace({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const [taking, setTaking] = useState(false);
  const any = (useQuery(integrations).data?.length ?? 0) > 0;
  const desk = useQuery({ ...deskOf(conversationId), enabled: any }).data;
  const there = desk?.desk === "genesys";
  const health = useQuery({ ...genesysHealth, enabled: there }).data;
  if (!there) {
    return null;
  }
  const one = health?.desks.find((known) => known.integrationId === desk.integrationId);
  const wrong = one && trouble(one);
  const name = one?.name ?? "Genesys Cloud";
  return (
    <>
      <Group className={classes.desk} data-trouble={wrong || undefined} wrap="nowrap" gap="xs">
        {wrong ? (
          <IconAlertTriangle size={18} aria-hidden />
        ) : (
          <IconHeadset size={18} aria-hidden />
        )}
        <Text size="sm" flex={1} miw={0} role="status">
          <b>{t("genesys.answered", { name })}</b>{" "}
          {wrong ? (
            <>
              {t(`genesys.${wrong}`)}{" "}
              {(health?.waiting ?? 0) > 0 && t("genesys.waiting", { count: health?.waiting })}
            </>
          ) : (
            t("genesys.notSeen")
          )}
        </Text>
        {session.may("conversations:write") && (
          <Button size="xs" variant="default" onClick={() => setTaking(true)}>
            {t("genesys.takeBack")}
          </Button>
        )}
      </Group>
      {taking && (
        <Suspense>
          <Handover conversationId={conversationId} to="inbox" onClose={() => setTaking(false)} />
        </Suspense>
      )}
    </>
  );
}

/** What agents have to know of a desk's state: the name of a text, or nothing. */
export function trouble(one: DeskHealth): "away" | "stalled" | "limited" | undefined {
  if (one.state === "down" || one.holding) {
    return "away";
  }
  if (one.state === "degraded") {
    return "stalled";
  }
  return one.budget.blockedUntil || one.budget.left === 0 ? "limited" : undefined;
}
