import {
  ActionIcon,
  Anchor,
  Checkbox,
  Group,
  NativeSelect,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconBookmark, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { session } from "../api/session";
import { says } from "../app/Broken";
import classes from "./Inbox.module.css";
import { tags, teams } from "./people";
import { Pick, Picker } from "./Picker";
import { PRIORITIES } from "./priority";
import { channels, type Filter } from "./queries";

/** Everything by which the list can be narrowed, and lists that somebody comes back to. */
export default function Filters({
  filter,
  onChange,
}: {
  filter: Filter;
  onChange: (filter: Filter) => void;
}) {
  const { t } = useTranslation();
  const any = { value: "", label: t("filter.any") };
  const named = (all: { id: string; name: string }[] | undefined) =>
    (all ?? []).map((one) => ({ value: one.id, label: one.name }));
  const knownChannels = useQuery(channels).data;
  const knownTeams = useQuery(teams).data;
  const knownTags = useQuery(tags).data;
  const set = (change: Filter) => onChange({ ...filter, ...change });
  return (
    <Stack gap={6}>
      <Group gap={6} grow>
        <NativeSelect
          size="xs"
          label={t("contact.channel")}
          value={filter.channelId ?? ""}
          onChange={(event) => set({ channelId: event.currentTarget.value })}
          data={[any, ...named(knownChannels)]}
        />
        <NativeSelect
          size="xs"
          label={t("filter.team")}
          value={filter.team ?? ""}
          onChange={(event) => set({ team: event.currentTarget.value })}
          data={[any, { value: "none", label: t("filter.noTeam") }, ...named(knownTeams)]}
        />
      </Group>
      <Group gap={6} grow>
        <NativeSelect
          size="xs"
          label={t("filter.tag")}
          value={filter.tagId ?? ""}
          onChange={(event) => set({ tagId: event.currentTarget.value })}
          data={[any, ...named(knownTags)]}
        />
        <NativeSelect
          size="xs"
          label={t("filter.priority")}
          value={filter.priority ?? ""}
          onChange={(event) => set({ priority: event.currentTarget.value })}
          data={[any, ...PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))]}
        />
      </Group>
      <Group gap={6} grow align="flex-end">
        <NativeSelect
          size="xs"
          label={t("filter.sort")}
          value={filter.sort ?? "newest"}
          onChange={(event) =>
            set({
              sort: event.currentTarget.value === "newest" ? undefined : event.currentTarget.value,
            })
          }
          data={["newest", "waiting", "priority"].map((value) => ({
            value,
            label: t(`filter.by.${value}`),
          }))}
        />
        <Checkbox
          size="xs"
          pb={8}
          label={t("inbox.unread")}
          checked={filter.unread === true}
          onChange={(event) => set({ unread: event.currentTarget.checked || undefined })}
        />
      </Group>
      <Saved filter={filter} onChange={onChange} />
    </Stack>
  );
}

function Saved({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [naming, setNaming] = useState(false);
  const saved = useQuery({
    queryKey: ["saved-filters"],
    queryFn: async () =>
      (await body(api.GET("/api/v1/saved-filters", { params: { query: { limit: 100 } } }))).items ??
      [],
  }).data;
  const again = () => queries.invalidateQueries({ queryKey: ["saved-filters"] });
  const keep = useMutation({
    mutationFn: (input: { name: string; shared: boolean }) =>
      body(api.POST("/api/v1/saved-filters", { body: { ...input, query: filter } })),
    onSuccess: () => {
      setNaming(false);
      return again();
    },
  });
  const drop = useMutation({
    mutationFn: (id: string) =>
      api.DELETE("/api/v1/saved-filters/{id}", { params: { path: { id } } }),
    onSuccess: again,
  });
  return (
    <>
      <Group justify="space-between">
        <Picker
          opened={opened}
          onChange={setOpened}
          position="bottom-start"
          target={
            <Anchor component="button" type="button" size="xs" onClick={() => setOpened(!opened)}>
              <Group gap={4} component="span">
                <IconBookmark size={14} aria-hidden />
                {t("filter.saved")}
              </Group>
            </Anchor>
          }
        >
          {(saved ?? []).map((one) => (
            <Group key={one.id} gap={0} wrap="nowrap">
              <Pick
                onClick={() => {
                  setOpened(false);
                  onChange(one.query as Filter);
                }}
              >
                {one.name}
              </Pick>
              {one.userId === session.me()?.id && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  onClick={() => drop.mutate(one.id)}
                  aria-label={t("filter.forget", { name: one.name })}
                >
                  <IconTrash size={15} />
                </ActionIcon>
              )}
            </Group>
          ))}
          {saved?.length === 0 && (
            <Text size="xs" c="dimmed" p="xs">
              {t("filter.noneSaved")}
            </Text>
          )}
          <Pick
            icon={<IconPlus size={15} aria-hidden />}
            onClick={() => {
              setOpened(false);
              setNaming(true);
            }}
          >
            {t("filter.keep")}
          </Pick>
        </Picker>
        <Anchor
          component="button"
          type="button"
          size="xs"
          onClick={() => onChange({ status: "open" })}
        >
          {t("filter.clear")}
        </Anchor>
      </Group>
      {naming && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            keep.mutate({
              name: String(form.get("name")).trim(),
              shared: form.get("shared") === "on",
            });
          }}
        >
          <Stack gap={6}>
            <TextInput
              size="xs"
              name="name"
              label={t("filter.name")}
              required
              maxLength={60}
              autoFocus
            />
            <Group justify="space-between">
              <Checkbox size="xs" name="shared" label={t("filter.shared")} />
              <Anchor component="button" type="submit" size="xs">
                {t("form.save")}
              </Anchor>
            </Group>
          </Stack>
        </form>
      )}
      {(keep.isError || drop.isError) && (
        <Text size="xs" className={classes.wrong} role="alert">
          {says(keep.error ?? drop.error, t)}
        </Text>
      )}
    </>
  );
}
