import { Alert, Button, Stack } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { Facts, Trouble, useAct } from "./Form";

/** Asks the provider whether the channel works, and says what it answered. */
export function ChannelHealth({ channelId }: { channelId: string }) {
  const { t } = useTranslation();
  const test = useAct(
    () => body(api.POST("/api/v1/channels/{id}/test", { params: { path: { id: channelId } } })),
    ["channels-admin"],
  );
  const found = test.data;
  return (
    <Stack gap="xs">
      <Button
        variant="default"
        loading={test.isPending}
        onClick={() => test.mutate()}
        style={{ alignSelf: "flex-start" }}
      >
        {t("channel.test")}
      </Button>
      <Trouble error={test.error} />
      {found && (
        <Alert
          color={found.ok ? "teal" : "red"}
          icon={found.ok ? <IconCircleCheck /> : <IconAlertTriangle />}
          role="status"
          title={t(found.ok ? "channel.works" : "channel.worksNot")}
        >
          <Stack gap={6}>
            {found.detail}
            {found.facts !== null && typeof found.facts === "object" && (
              <Facts
                of={Object.entries(found.facts as Record<string, unknown>).map(([name, value]) => [
                  name,
                  typeof value === "object" ? JSON.stringify(value) : String(value),
                ])}
              />
            )}
          </Stack>
        </Alert>
      )}
    </Stack>
  );
}
