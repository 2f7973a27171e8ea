import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Menu,
  Modal,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from "@mantine/core";
import {
  IconCheck,
  IconChevronDown,
  IconClockPause,
  IconHeadset,
  IconHourglass,
  IconRotate,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Conversation, ProblemError } from "../api/client";
import type { components } from "../api/schema";
import { says } from "../app/Broken";
import { useShortcuts } from "../app/shortcuts";
import { AssignMenu } from "./AssignMenu";
import { deskOf, integrations, takes } from "./genesys";
import { PRIORITIES, PRIORITY_ICONS } from "./priority";
import { place } from "./queries";
import { moment } from "./time";

const Handover = lazy(() => import("./Handover"));

type Change = components["schemas"]["ConversationChange"];
type Assignment = components["schemas"]["AssignmentInput"];

/** How the conversation stands, how urgent it is, and in whose hands it is. */
export default function DeskControls({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [snoozing, setSnoozing] = useState(false);
  const [handing, setHanding] = useState(false);
  const [takeOver, setTakeOver] = useState<Assignment | null>(null);
  const path = { params: { path: { id: conversation.id } } };
  const done = (now: unknown) => place(queries, [now as Conversation]);
  const change = useMutation({
    mutationFn: (input: Change) =>
      body(api.PATCH("/api/v1/conversations/{id}", { ...path, body: input })),
    onSuccess: done,
  });
  const assign = useMutation({
    mutationFn: (input: Assignment) =>
      body(api.PUT("/api/v1/conversations/{id}/assignment", { ...path, body: input })),
    onSuccess: (now) => {
      setTakeOver(null);
      done(now);
    },
    onError: (error, input) => {
      // Somebody else has it: taken from them only when it is really meant.
      if (error instanceof ProblemError && error.status === 409 && conversation.assigneeId) {
        setTakeOver({ ...input, from: conversation.assigneeId });
      }
    },
  });
  const elsewhere = (useQuery(integrations).data ?? []).some(takes);
  const desk = useQuery({ ...deskOf(conversation.id), enabled: elsewhere }).data?.desk;
  const { status } = conversation;
  const resolve = () => change.mutate({ status: status === "resolved" ? "open" : "resolved" });
  const give = (input: Assignment) =>
    assign.mutate({ ...input, from: conversation.assigneeId ?? "" });
  useShortcuts({ e: resolve, a: () => give({ assigneeId: "me" }) });
  const failed = change.error ?? (takeOver ? null : assign.error);
  const Urgency = PRIORITY_ICONS[conversation.priority];
  return (
    <>
      <Group gap={4} wrap="nowrap">
        <AssignMenu conversation={conversation} give={give} busy={assign.isPending} />
        <Menu position="bottom-end">
          <Menu.Target>
            <Tooltip
              label={t("desk.priorityIs", { priority: t(`priority.${conversation.priority}`) })}
            >
              <ActionIcon
                variant="subtle"
                size="lg"
                color={conversation.priority === "urgent" ? "red" : "gray"}
                aria-label={t("desk.priorityIs", {
                  priority: t(`priority.${conversation.priority}`),
                })}
              >
                <Urgency size={19} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            {PRIORITIES.map((priority) => {
              const Icon = PRIORITY_ICONS[priority];
              return (
                <Menu.Item
                  key={priority}
                  leftSection={<Icon size={16} />}
                  rightSection={priority === conversation.priority && <IconCheck size={14} />}
                  onClick={() => change.mutate({ priority })}
                >
                  {t(`priority.${priority}`)}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
        <Group gap={1} wrap="nowrap">
          <Button
            size="xs"
            variant={status === "resolved" ? "default" : "filled"}
            loading={change.isPending}
            onClick={resolve}
            visibleFrom="xs"
            leftSection={status === "resolved" ? <IconRotate size={15} /> : <IconCheck size={15} />}
          >
            {t(status === "resolved" ? "desk.reopen" : "desk.resolve")}
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon
                size={30}
                variant={status === "resolved" ? "default" : "filled"}
                aria-label={t("desk.moreStatus")}
              >
                <IconChevronDown size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{t("desk.statusIs", { status: t(`status.${status}`) })}</Menu.Label>
              {status !== "open" && (
                <Menu.Item
                  leftSection={<IconRotate size={16} />}
                  onClick={() => change.mutate({ status: "open" })}
                >
                  {t("desk.reopen")}
                </Menu.Item>
              )}
              {status !== "resolved" && (
                <Menu.Item
                  leftSection={<IconCheck size={16} />}
                  onClick={() => change.mutate({ status: "resolved" })}
                >
                  {t("desk.resolve")}
                </Menu.Item>
              )}
              {status !== "pending" && (
                <Menu.Item
                  leftSection={<IconHourglass size={16} />}
                  onClick={() => change.mutate({ status: "pending" })}
                >
                  {t("desk.pending")}
                </Menu.Item>
              )}
              <Menu.Divider />
              <Menu.Label>{t("desk.snooze")}</Menu.Label>
              {moments().map(([name, at]) => (
                <Menu.Item
                  key={name}
                  leftSection={<IconClockPause size={16} />}
                  onClick={() =>
                    change.mutate({ status: "snoozed", snoozedUntil: at.toISOString() })
                  }
                >
                  {t(`desk.until.${name}`)}
                </Menu.Item>
              ))}
              <Menu.Item
                leftSection={<IconClockPause size={16} />}
                onClick={() => setSnoozing(true)}
              >
                {t("desk.until.other")}
              </Menu.Item>
              {desk === "inbox" && (
                <>
                  <Menu.Divider />
                  <Menu.Item
                    leftSection={<IconHeadset size={16} />}
                    onClick={() => setHanding(true)}
                  >
                    {t("genesys.handOver")}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {failed && (
        <Modal
          opened
          onClose={() => (change.reset(), assign.reset())}
          title={t("broken.title")}
          closeButtonProps={{ "aria-label": t("form.close") }}
        >
          <Alert color="red" role="alert">
            {says(failed, t)}
          </Alert>
        </Modal>
      )}
      {handing && (
        <Suspense>
          <Handover
            conversationId={conversation.id}
            to="genesys"
            onClose={() => setHanding(false)}
          />
        </Suspense>
      )}
      {snoozing && (
        <Modal
          opened
          onClose={() => setSnoozing(false)}
          title={t("desk.snooze")}
          closeButtonProps={{ "aria-label": t("form.close") }}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const at = new Date(String(new FormData(event.currentTarget).get("at")));
              change.mutate({ status: "snoozed", snoozedUntil: at.toISOString() });
              setSnoozing(false);
            }}
          >
            <Stack>
              <TextInput
                name="at"
                type="datetime-local"
                label={t("desk.snoozeUntil")}
                required
                data-autofocus
              />
              <Group justify="flex-end">
                <Button type="submit">{t("desk.snooze")}</Button>
              </Group>
            </Stack>
          </form>
        </Modal>
      )}
      {takeOver && (
        <Modal
          opened
          onClose={() => setTakeOver(null)}
          title={t("desk.takeOver")}
          closeButtonProps={{ "aria-label": t("form.close") }}
        >
          <Stack>
            <Text size="sm">
              {t("desk.hasIt", {
                name: conversation.assignee?.name ?? conversation.assignee?.address ?? "",
              })}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setTakeOver(null)}>
                {t("form.cancel")}
              </Button>
              <Button loading={assign.isPending} onClick={() => assign.mutate(takeOver)}>
                {t("desk.takeOver")}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
      {status === "snoozed" && conversation.snoozedUntil && (
        <span className="sr-only">{moment(conversation.snoozedUntil, i18n.language)}</span>
      )}
    </>
  );
}

/** Moments to which conversations are often put off; in the agent's own time. */
function moments(): [string, Date][] {
  const now = new Date();
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    ["hour", new Date(now.getTime() + 3_600_000)],
    ["threeHours", new Date(now.getTime() + 3 * 3_600_000)],
    ["tomorrow", at(1, 9)],
    ["monday", at(toMonday, 9)],
  ];
}
