import {
  ActionIcon,
  Avatar,
  Box,
  Image,
  Menu,
  Stack,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { IconInbox, IconKeyboard, IconLogout, IconSettings } from "@tabler/icons-react";
import { Link, Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { adminSections } from "../admin/sections";
import { api } from "../api/client";
import { session } from "../api/session";
import { NoticeItems } from "./NoticeItems";
import { LanguageMenu, SchemeButton } from "./Preferences";
import { useShortcuts } from "./shortcuts";
import classes from "./Shell.module.css";

const Palette = lazy(() => import("./Palette"));
const Help = lazy(() => import("./Help"));

/** The frame around every page: where to go, and who I am. A row at the bottom on phones, a rail at the left else. */
export function Shell() {
  const { t } = useTranslation();
  const router = useRouter();
  const me = useSyncExternalStore(session.subscribe, session.me);
  const [above, setAbove] = useState<"palette" | "help" | null>(null);
  useShortcuts({
    "?": () => setAbove("help"),
    "mod+k": () => setAbove("palette"),
  });

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
          {session.may("conversations:read") && (
            <Place to="/inbox" label={t("shell.inbox")} Icon={IconInbox} />
          )}
          {adminSections().length > 0 && (
            <Place to="/admin" label={t("shell.admin")} Icon={IconSettings} />
          )}
        </Stack>
        <Box className={classes.own}>
          <LanguageMenu />
          <SchemeButton />
          <Menu position="right-end" width={260}>
            <Menu.Target>
              <UnstyledButton aria-label={t("shell.account", { name: me?.email ?? "" })}>
                <Avatar size={34} name={me?.email ?? ""} color="initials" />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label style={{ overflowWrap: "anywhere" }}>{me?.email}</Menu.Label>
              <NoticeItems />
              <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => setAbove("help")}>
                {t("help.title")}
              </Menu.Item>
              <Menu.Divider />
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
      <Suspense>
        {above === "palette" && (
          <Palette onClose={() => setAbove(null)} onHelp={() => setAbove("help")} />
        )}
        {above === "help" && <Help onClose={() => setAbove(null)} />}
      </Suspense>
    </Box>
  );
}

function Place({
  to,
  label,
  Icon,
}: {
  to: "/inbox" | "/admin";
  label: string;
  Icon: ComponentType<{ size: number }>;
}) {
  const here = useRouterState({ select: (state) => state.location.pathname.startsWith(to) });
  return (
    <Tooltip label={label} position="right">
      <ActionIcon
        component={Link}
        to={to}
        size="xl"
        variant={here ? "light" : "subtle"}
        color={here ? undefined : "gray"}
        aria-label={label}
        aria-current={here ? "page" : undefined}
      >
        <Icon size={22} />
      </ActionIcon>
    </Tooltip>
  );
}
