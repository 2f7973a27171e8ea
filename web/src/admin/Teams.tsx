import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconUsersPlus, IconX } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { colleagues } from "../inbox/people";
import { Details, FormModal, Sure, Trouble, useAct, useOpen, When } from "./Form";
import { Frame, List } from "./List";

type Team = components["schemas"]["Team"];
const LISTS = ["teams-admin", "teams", "team-members"];

/** Groups of people whose conversations can be. */
export default function Teams() {
  const { t } = useTranslation();
  const [open, setOpen] = useOpen<Team>();
  const close = () => setOpen(null);
  const make = useAct(
    (input: components["schemas"]["TeamInput"]) => body(api.POST("/api/v1/teams", { body: input })),
    LISTS,
    (team) => setOpen({ act: "show", of: team as Team }),
  );
  return (
    <Frame
      title={t("sections.teams")}
      hint={t("admin.teams.hint")}
      actions={
        <Button
          leftSection={<IconUsersPlus size={16} />}
          onClick={() => {
            make.reset();
            setOpen({ act: "new" });
          }}
        >
          {t("admin.teams.new")}
        </Button>
      }
    >
      <List<Team>
        queryKey={["teams-admin"]}
        load={(after) =>
          body(api.GET("/api/v1/teams", { params: { query: { limit: 50, after } } }))
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.teams.empty")}
        columns={[
          { name: t("tenant.name"), cell: (one) => one.name },
          { name: t("team.description"), cell: (one) => one.description },
          { name: t("team.members"), cell: (one) => one.members },
          { name: t("tenant.since"), cell: (one) => <When at={one.createdAt} /> },
        ]}
      />
      {open?.act === "new" && (
        <FormModal
          title={t("admin.teams.new")}
          submit={t("form.create")}
          busy={make.isPending}
          error={make.error}
          onClose={close}
          onSubmit={(form) =>
            make.mutate({
              name: String(form.get("name")).trim(),
              description: String(form.get("description")).trim(),
            })
          }
        >
          <TextInput name="name" label={t("tenant.name")} required maxLength={60} data-autofocus />
          <TextInput name="description" label={t("team.description")} maxLength={200} />
        </FormModal>
      )}
      {open?.act === "show" && open.of && <One team={open.of} onClose={close} />}
    </Frame>
  );
}

function One({ team, onClose }: { team: Team; onClose: () => void }) {
  const { t } = useTranslation();
  const [deleting, setDeleting] = useState(false);
  const id = team.id;
  const members = useInfiniteQuery({
    queryKey: ["team-members", id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/teams/{id}/members", {
          params: { path: { id }, query: { limit: 100, after: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
  const inside = members.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const known = useQuery(colleagues).data;
  const others = [...(known?.values() ?? [])].filter(
    (one) => !inside.some((member) => member.userId === one.id),
  );
  const add = useAct(
    (userId: string) =>
      body(
        api.POST("/api/v1/teams/{id}/members", {
          params: { path: { id } },
          body: { userIds: [userId] },
        }),
      ),
    LISTS,
  );
  const take = useAct(
    (userId: string) =>
      api.DELETE("/api/v1/teams/{id}/members/{userId}", { params: { path: { id, userId } } }),
    LISTS,
  );
  const remove = useAct(
    () => api.DELETE("/api/v1/teams/{id}", { params: { path: { id } } }),
    LISTS,
    onClose,
  );
  if (deleting) {
    return (
      <Sure
        text={t("team.deleteSure", { name: team.name })}
        act={t("form.delete")}
        busy={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => setDeleting(false)}
      />
    );
  }
  return (
    <Details title={team.name} onClose={onClose}>
      {team.description && <Text size="sm">{team.description}</Text>}
      <NativeSelect
        label={t("team.addMember")}
        value=""
        disabled={add.isPending}
        onChange={(event) => add.mutate(event.currentTarget.value)}
        data={[
          { value: "", label: "" },
          ...others.map((one) => ({ value: one.id, label: `${one.name} (${one.email})` })),
        ]}
      />
      <Trouble error={add.error ?? take.error} />
      {members.isSuccess && inside.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("team.nobody")}
        </Text>
      )}
      <Stack gap={4}>
        {inside.map((member) => (
          <Group key={member.userId} justify="space-between" wrap="nowrap">
            <Text size="sm" truncate>
              {member.name} · {member.email}
            </Text>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={() => take.mutate(member.userId)}
              aria-label={t("team.removeMember", { name: member.name })}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
      {members.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void members.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
      <Button
        variant="light"
        color="red"
        onClick={() => setDeleting(true)}
        style={{ alignSelf: "flex-start" }}
      >
        {t("form.delete")}
      </Button>
    </Details>
  );
}
