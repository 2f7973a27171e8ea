import { ActionIcon, ScrollArea, Text, TextInput, Tooltip } from "@mantine/core";
import { IconUserCheck, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../api/client";
import type { components } from "../api/schema";
import { session } from "../api/session";
import { colleagues, teams } from "./people";
import { Pick, Picker } from "./Picker";

type Assignment = components["schemas"]["AssignmentInput"];

/** In whose hands the conversation is, and to whom it can be given. */
export function AssignMenu({
  conversation,
  give,
  busy,
}: {
  conversation: Conversation;
  give: (input: Assignment) => void;
  busy: boolean;
}) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [words, setWords] = useState("");
  const users = useQuery({ ...colleagues, enabled: opened }).data;
  const groups = useQuery({ ...teams, enabled: opened }).data ?? [];
  const wanted = words.trim().toLowerCase();
  const own = session.me()?.id;
  const mine = conversation.assigneeId === own;
  const found = [...(users?.values() ?? [])]
    .filter((one) => one.id !== own && one.name.toLowerCase().includes(wanted))
    .slice(0, 30);
  const name = conversation.assignee?.name ?? conversation.team?.name;
  const label = name ? t("desk.assignedTo", { name }) : t("desk.unassigned");
  const to = (input: Assignment) => {
    setOpened(false);
    give(input);
  };
  return (
    <Picker
      opened={opened}
      onChange={setOpened}
      width={260}
      target={
        <Tooltip label={label}>
          <ActionIcon
            variant={mine ? "light" : "subtle"}
            color={mine ? undefined : "gray"}
            size="lg"
            loading={busy}
            onClick={() => setOpened(!opened)}
            aria-label={label}
          >
            {conversation.assigneeId ? <IconUserCheck size={19} /> : <IconUserPlus size={19} />}
          </ActionIcon>
        </Tooltip>
      }
    >
      <Text size="xs" c="dimmed" px="xs" py={4}>
        {label}
      </Text>
      {!mine && <Pick onClick={() => to({ assigneeId: "me" })}>{t("desk.toMe")}</Pick>}
      {conversation.assigneeId && (
        <Pick onClick={() => to({ assigneeId: "" })}>{t("desk.toNobody")}</Pick>
      )}
      <TextInput
        size="xs"
        m={4}
        value={words}
        maxLength={100}
        placeholder={t("desk.findColleague")}
        aria-label={t("desk.findColleague")}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <ScrollArea.Autosize mah={240}>
        {found.map((one) => (
          <Pick key={one.id} onClick={() => to({ assigneeId: one.id })}>
            {one.name}
          </Pick>
        ))}
        {groups
          .filter((team) => team.name.toLowerCase().includes(wanted))
          .map((team) => (
            <Pick
              key={team.id}
              icon={<IconUsers size={16} aria-hidden />}
              onClick={() => to({ teamId: team.id, assigneeId: "" })}
            >
              {team.name}
            </Pick>
          ))}
      </ScrollArea.Autosize>
    </Picker>
  );
}
