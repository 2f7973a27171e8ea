import { ActionIcon, Avatar, Box, Image, Menu, Stack, Tooltip, UnstyledButton } from "@mantine/core";
import { IconInbox, IconLogout } from "@tabler/icons-react";
import { Link, Outlet, useRouter } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { session } from "../api/session";
import { LanguageMenu, SchemeButton } from "./Preferences";
import classes from "./Shell.module.css";

/** The frame around every page: where to go, and who I am. A row at the bottom on phones, a rail at the left else. */
export function Shell() {
  const { t } = useTranslation();
  const router = useRouter();
  const me = useSyncExternalStore(session.subscribe, session.me);

  async function signOut() {
    try {
      await api.POST("/api/v1/auth/logout");
    } finally {
      session.end();
      await router.navigate({ to: "/sign-in" });
    }
  }

  return (
    <Box className={classes.shell}>
      <Box component="nav" className={classes.rail} aria-label={t("shell.navigation")}>
        <Image src="/icon.svg" w={28} h={28} alt="Parley" className={classes.mark} />
        <Stack className={classes.pages} gap={4}>
          <Tooltip label={t("shell.inbox")} position="right">
            <ActionIcon
              component={Link}
              to="/inbox"
              size="xl"
              variant="light"
              aria-label={t("shell.inbox")}
              aria-current="page"
            >
              <IconInbox size={22} />
            </ActionIcon>
          </Tooltip>
        </Stack>
        <Box className={classes.own}>
          <LanguageMenu />
          <SchemeButton />
          <Menu position="right-end" width={240}>
            <Menu.Target>
              <UnstyledButton aria-label={t("shell.account", { name: me?.email ?? "" })}>
                <Avatar size={34} name={me?.email ?? ""} color="initials" />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{me?.email}</Menu.Label>
              <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
                {t("shell.signOut")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Box>
      </Box>
      <Box component="main" className={classes.page}>
        <Outlet />
      </Box>
    </Box>
  );
}
