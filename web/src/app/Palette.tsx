import {
  Modal,
  ScrollArea,
  Text,
  TextInput,
  UnstyledButton,
  useMantineColorScheme,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCommand, IconSearch, IconSettings, IconUser } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type ComponentType, type KeyboardEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { adminSections } from "../admin/sections";
import { api, body } from "../api/client";
import { session } from "../api/session";
import { conversationsWith } from "../inbox/queries";
import { LANGUAGES, setLanguage } from "../i18n/language";
import classes from "./Shell.module.css";

type Act = { id: string; name: string; Icon: ComponentType<{ size: number }>; run: () => void };

/** Everything by name: pages, settings, and the customers that are known. */
export default function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryClient();
  const { toggleColorScheme } = useMantineColorScheme();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const [q] = useDebouncedValue(words.trim(), 200);
  const list = useId();
  const found = useQuery({
    queryKey: ["search", "contacts", q],
    enabled: q.length > 1 && session.may("contacts:read"),
    queryFn: () => body(api.GET("/api/v1/search/contacts", { params: { query: { q, limit: 5 } } })),
  }).data;

  const acts = useMemo<Act[]>(() => {
    const fixed: Act[] = [
      ...(session.may("conversations:read")
        ? [
            {
              id: "inbox",
              name: t("shell.inbox"),
              Icon: IconCommand,
              run: () => void router.navigate({ to: "/inbox" }),
            },
          ]
        : []),
      ...adminSections().map((section) => ({
        id: section.path,
        name: `${t("shell.admin")}: ${t(`sections.${section.path}`)}`,
        Icon: IconSettings,
        run: () => void router.navigate({ to: `/admin/${section.path}` }),
      })),
      { id: "scheme", name: t("palette.scheme"), Icon: IconCommand, run: toggleColorScheme },
      ...Object.entries(LANGUAGES).map(([code, name]) => ({
        id: `language.${code}`,
        name: `${t("preferences.language")}: ${name}`,
        Icon: IconCommand,
        run: () => void setLanguage(code),
      })),
      { id: "help", name: t("help.title"), Icon: IconCommand, run: onHelp },
    ];
    const wanted = plain(words);
    const people = (found?.items ?? []).map(({ contact }) => ({
      id: contact.id,
      name: contact.name ?? contact.identities[0]?.value ?? t("contact.nameless"),
      Icon: IconUser,
      run: () =>
        void queries.fetchQuery(conversationsWith(contact.id)).then(([newest]) => {
          if (newest) {
            void router.navigate({
              to: "/inbox/$conversation",
              params: { conversation: newest.id },
            });
          }
        }),
    }));
    return [...fixed.filter((act) => plain(act.name).includes(wanted)), ...(words ? people : [])];
  }, [t, router, queries, toggleColorScheme, words, found, onHelp]);

  const chosen = Math.min(at, acts.length - 1);
  function run(act: Act | undefined) {
    if (act) {
      onClose();
      act.run();
    }
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt(
        (chosen + (event.key === "ArrowDown" ? 1 : -1) + acts.length) % Math.max(acts.length, 1),
      );
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(acts[chosen]);
    }
  }
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      title={undefined}
      aria-label={t("palette.title")}
    >
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        px="md"
        py="xs"
        value={words}
        maxLength={100}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        leftSection={<IconSearch size={18} />}
        placeholder={t("palette.hint")}
        aria-label={t("palette.hint")}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={acts[chosen] && `${list}.${chosen}`}
      />
      <ScrollArea.Autosize mah={360}>
        <div role="listbox" id={list} aria-label={t("palette.title")} className={classes.acts}>
          {acts.map((act, index) => (
            <UnstyledButton
              key={act.id}
              id={`${list}.${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={classes.act}
              onClick={() => run(act)}
            >
              <act.Icon size={16} />
              <Text size="sm" truncate>
                {act.name}
              </Text>
            </UnstyledButton>
          ))}
          {acts.length === 0 && (
            <Text c="dimmed" size="sm" p="md">
              {t("search.nothing")}
            </Text>
          )}
        </div>
      </ScrollArea.Autosize>
    </Modal>
  );
}

/** Without case and accents. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
