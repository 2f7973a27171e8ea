import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { trouble } from "./DeskPlace";
import { genesysHealth, integrations } from "./genesys";

/** Says above the list when conversations wait because Genesys Cloud does not take them. */
export default function DeskTrouble() {
  const { t } = useTranslation();
  const any = (useQuery(integrations).data?.length ?? 0) > 0;
  const health = useQuery({ ...genesysHealth, enabled: any }).data;
  // A moment without budget is nothing to tell those who look at other conversations.
  const wrong = health?.desks.filter((one) => !["limited", undefined].includes(trouble(one))) ?? [];
  return wrong.map((one) => (
    <Alert
      key={one.integrationId}
      color={one.state === "down" ? "red" : "yellow"}
      icon={<IconAlertTriangle size={16} />}
      title={one.name}
      role="status"
      p="xs"
    >
      {t(`genesys.${trouble(one)}`)}{" "}
      {(health?.waiting ?? 0) > 0 && t("genesys.waiting", { count: health?.waiting })}
    </Alert>
  ));
}
