import { Alert, Button, Center, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "../api/client";

/** What went wrong, in words, and a way to try again. */
export function Broken({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useTranslation();
  return (
    <Center p="md" mih={160}>
      <Stack maw={480} w="100%">
        <Alert color="red" icon={<IconAlertTriangle />} title={t("broken.title")}>
          {says(error, t)}
        </Alert>
        {reset && (
          <Button variant="default" onClick={reset}>
            {t("broken.again")}
          </Button>
        )}
      </Stack>
    </Center>
  );
}

/** One sentence for people: the server's own where it gave one. */
export function says(error: unknown, t: (key: string) => string): string {
  if (error instanceof ProblemError) {
    const fields = error.errors.map((e) => `${e.field}: ${e.detail}`).join("; ");
    if (error.status === 403) {
      return t("broken.forbidden");
    }
    return fields || error.message || t("broken.unknown");
  }
  return navigator.onLine ? t("broken.unreachable") : t("broken.offline");
}
