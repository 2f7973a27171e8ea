import { Button, Group, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { session } from "../api/session";
import { genesysHealth } from "../inbox/genesys";
import { CheckCards, Verdict } from "./CheckCards";
import { Facts, State, Trouble, useAct, When } from "./Form";

/** How a connection is, and what the last look at each part of its set-up has found. */
export function GenesysHealth({ id }: { id: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const path = { params: { path: { id } } };
  const key = ["genesys", "checks", id];
  const health = useQuery(genesysHealth).data;
  const desk = health?.desks.find((one) => one.integrationId === id);
  const checks =
    useQuery({
      queryKey: key,
      queryFn: () => body(api.GET("/api/v1/genesys/integrations/{id}/checks", path)),
    }).data ?? [];
  const look = useAct(
    () => body(api.POST("/api/v1/genesys/integrations/{id}/checks", path)),
    ["genesys"],
    (found) => queries.setQueryData(key, found),
  );
  return (
    <Stack gap="xs">
      {desk && (
        <Facts
          of={[
            [
              t("user.state"),
              <Group key="s" gap="xs">
                <State of={desk.state} name={t(`genesysDesk.states.${desk.state}`)} />
                {desk.detail}
              </Group>,
            ],
            [t("genesysDesk.waiting"), String(health?.waiting ?? 0)],
            [
              t("genesysDesk.budget"),
              t("genesysDesk.budgetLeft", {
                left: desk.budget.left,
                most: desk.budget.perMinute,
              }),
            ],
            [
              t("genesysDesk.blocked"),
              desk.budget.blockedUntil && <When key="b" at={desk.budget.blockedUntil} />,
            ],
          ]}
        />
      )}
      {session.may("channels:manage") && (
        <>
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
        </>
      )}
      <CheckCards checks={checks} of="genesysCheck" />
    </Stack>
  );
}
