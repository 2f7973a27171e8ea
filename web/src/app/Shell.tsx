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
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import {
  type ComponentType,
  lazy,
  Suspense,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "react-i18next";
import { adminSections } from "../admin/sections";
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
  const queries = useQueryClient();
  const me = useSyncExternalStore(session.subscribe, session.me);
  const [above, setAbove] = useState<"palette" | "help" | null>(null);
  useShortcuts({
    "?": () => setAbove("help"),
    "mod+k": () => setAbove("palette"),
  });

  // What was read for one person is not kept for the next: both ways out load the page anew.
  const leaving = useRef(false);
  async function signOut() {
    leaving.current = true;
    await session.end().catch(() => undefined);
    window.location.assign("/sign-in");
  }
  useEffect(() => {
    if (!me && !leaving.current) {
      const to = new URLSearchParams({ to: router.state.location.href });
      window.location.assign(`/sign-in?${to}`);
    }
  }, [me, router]);

  const known = useRef(me?.permissions.join() ?? "");
  const rights = me?.permissions.join() ?? known.current;
  useEffect(() => {
    if (known.current !== rights) {
      void queries.invalidateQueries();
      if (!mayOpen(router.state.location.pathname)) {
        void router.navigate({ to: "/", replace: true });
      }
    }
    known.current = rights;
  }, [rights, queries, router]);

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
      {/* Pages ask once what they may do: with other rights they begin anew. */}
      <Box component="main" className={classes.page} key={rights}>
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

/** Whether the page at an address is for whoever is signed in. */
function mayOpen(path: string): boolean {
  const [, place, section] = path.split("/");
  if (place === "inbox") {
    return session.may("conversations:read");
  }
  return place !== "admin" || adminSections().some((one) => !section || one.path === section);
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
