import { Button, Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import {
  IconClock,
  IconCloudOff,
  IconDoorExit,
  IconLock,
  IconMessageCircle,
  IconPhoneRinging,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Out } from "./Widget";

type Kind = Out | "start" | "wrong" | "none" | "lost" | "blocked" | "signingIn" | "ringing";

const ICONS: Record<Kind, typeof IconLock> = {
  start: IconMessageCircle,
  signingIn: IconClock,
  blocked: IconLock,
  wrong: IconPlugConnectedX,
  none: IconPlugConnectedX,
  lost: IconPlugConnectedX,
  ringing: IconPhoneRinging,
  refused: IconLock,
  left: IconDoorExit,
  expired: IconClock,
  unknown: IconPlugConnectedX,
  denied: IconLock,
  away: IconCloudOff,
  signedOut: IconDoorExit,
};

/** A page that says one thing, why it is so, and what can be done. */
export function Notice({
  kind,
  busy,
  action,
  other,
}: {
  kind: Kind;
  busy?: boolean;
  action?: (() => void) | undefined;
  other?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const Icon = ICONS[kind];
  const does =
    kind === "signingIn" ? "cancel" : kind === "start" ? "signIn" : kind === "away" ? "retry" : "again";
  return (
    <Center component="main" mih="100%" p="md">
      <Stack align="center" gap="sm" maw={360}>
        <ThemeIcon size={48} radius="xl" variant="light" aria-hidden>
          <Icon size={26} />
        </ThemeIcon>
        <Title order={1} size="h4" ta="center">
          {t(`widget.${kind}.title`)}
        </Title>
        <Text size="sm" ta="center" role={kind === "start" ? undefined : "status"}>
          {t(`widget.${kind}.text`)}
        </Text>
        {action && (
          <Button
            onClick={action}
            loading={busy}
            variant={kind === "signingIn" ? "default" : "filled"}
            fullWidth
          >
            {t(`widget.${does}`)}
          </Button>
        )}
        {other && (
          <Button onClick={other} variant="default" fullWidth>
            {t("widget.here")}
          </Button>
        )}
      </Stack>
    </Center>
  );
}
