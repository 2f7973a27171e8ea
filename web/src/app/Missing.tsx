import { Anchor, Center, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** There is no such page. */
export function Missing() {
  const { t } = useTranslation();
  return (
    <Center h="100dvh" p="md">
      <Stack align="center" gap="xs">
        <Title order={2}>{t("missing.title")}</Title>
        <Text c="dimmed">{t("missing.text")}</Text>
        <Anchor component={Link} to="/">
          {t("missing.back")}
        </Anchor>
      </Stack>
    </Center>
  );
}
