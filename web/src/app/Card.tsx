import { Center, Group, Image, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { LanguageMenu, SchemeButton } from "./Preferences";

/** A page of one small form, for those who have not signed in. */
export function Card({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={380}>
        <Group justify="center" gap="sm">
          <Image src="/icon.svg" w={36} h={36} alt="" />
          <Title order={1} size="h2">
            Parley
          </Title>
        </Group>
        <Paper withBorder p="lg" shadow="sm">
          {title && (
            <Title order={2} size="h4" mb="md">
              {title}
            </Title>
          )}
          {children}
        </Paper>
        <Group justify="center">
          <LanguageMenu />
          <SchemeButton />
        </Group>
      </Stack>
    </Center>
  );
}
