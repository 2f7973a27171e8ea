import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SHORTCUTS } from "./shortcuts";

/** What the keys do. */
export default function Help({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : t("help.ctrl");
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("help.title")}
      closeButtonProps={{ "aria-label": t("help.close") }}
    >
      <Stack gap="xs">
        {SHORTCUTS.map(([keys, does]) => (
          <Group key={does} justify="space-between" wrap="nowrap">
            <Text size="sm">{t(`help.${does}`)}</Text>
            <Group gap={4} wrap="nowrap">
              {keys.split("+").map((key) => (
                <Kbd key={key}>{key === "mod" ? mod : key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
