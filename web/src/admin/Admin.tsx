import { Box, Center, NavLink, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link, Navigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { session } from "../api/session";
import { Missing } from "../app/Missing";
import classes from "./Admin.module.css";
import { PAGES } from "./pages";
import { SectionIcon } from "./SectionIcon";
import { adminSections, SECTIONS } from "./sections";

const Live = lazy(() => import("./Live"));
const GROUPS = ["setup", "answers", "watch", "installation"] as const;

/** The administration: what there is to set up and to watch at the left, one of it at the right. */
export function Admin() {
  const { t } = useTranslation();
  const { section: path } = useParams({ strict: false });
  const mine = adminSections();
  const [first] = mine;
  const menu = useRef<HTMLElement>(null);
  // On a phone the menu is a row that is longer than the screen.
  useEffect(() => {
    menu.current
      ?.querySelector("[aria-current=page]")
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  if (!path) {
    return first ? (
      <Navigate to="/admin/$section" params={{ section: first.path }} replace />
    ) : (
      <Forbidden />
    );
  }
  const section = SECTIONS.find((one) => one.path === path);
  const Page = section && PAGES[section.path];
  return (
    <Box className={classes.admin}>
      {/* An operator outside any tenant has no events. */}
      {session.me()?.tenantId && session.may("conversations:read") && (
        <Suspense>
          <Live />
        </Suspense>
      )}
      <Box component="nav" ref={menu} className={classes.menu} aria-label={t("shell.admin")}>
        {GROUPS.map((group) => {
          const those = mine.filter((one) => one.group === group);
          return (
            those.length > 0 && (
              <Box key={group} className={classes.group}>
                <Text size="xs" fw={700} c="dimmed" className={classes.groupName}>
                  {t(`admin.group.${group}`)}
                </Text>
                {those.map((one) => (
                  <NavLink
                    key={one.path}
                    component={Link}
                    to={`/admin/${one.path}`}
                    className={classes.link}
                    active={one.path === path}
                    aria-current={one.path === path ? "page" : undefined}
                    label={t(`sections.${one.path}`)}
                    leftSection={<SectionIcon path={one.path} />}
                  />
                ))}
              </Box>
            )
          );
        })}
      </Box>
      <Box className={classes.page} key={path}>
        {!section || !Page ? (
          <Missing />
        ) : mine.includes(section) ? (
          <Suspense>
            <Page />
          </Suspense>
        ) : (
          <Forbidden />
        )}
      </Box>
    </Box>
  );
}

function Forbidden() {
  const { t } = useTranslation();
  return (
    <Center h="100%" p="md">
      <Stack align="center" gap="xs" role="alert">
        <ThemeIcon size={56} variant="light" color="gray" radius="xl">
          <IconLock size={28} />
        </ThemeIcon>
        <Text fw={600}>{t("admin.forbidden")}</Text>
        <Text size="sm" c="dimmed" ta="center">
          {t("admin.forbiddenHint")}
        </Text>
      </Stack>
    </Center>
  );
}
