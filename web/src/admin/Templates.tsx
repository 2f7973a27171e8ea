import { Alert, Button, Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { session } from "../api/session";
import { previewOf, TemplateBubble } from "../inbox/TemplateBubble";
import { channels } from "../inbox/queries";
import { Details, Facts, FormModal, State, Sure, Trouble, useAct, useOpen, When } from "./Form";
import { CsvButton, Frame, List, type ListPage, Nothing } from "./List";

type Template = components["schemas"]["MessageTemplate"];
const LISTS = ["templates-admin", "templates"];
const CATEGORIES = ["utility", "marketing", "authentication"] as const;

/** The messages that may be sent when the 24 hours are over. */
export default function Templates() {
  const { t } = useTranslation();
  const known = useQuery(channels).data ?? [];
  const [chosen, setChosen] = useState("");
  const channel = chosen || known[0]?.id || "";
  const [status, setStatus] = useState("");
  const [words, setWords] = useState("");
  const [name] = useDebouncedValue(words.trim(), 300);
  const [open, setOpen] = useOpen<Template>();
  const close = () => setOpen(null);
  const path = { channel };
  const may = session.may("templates:manage");
  const sync = useAct(
    () => body(api.POST("/api/v1/channels/{channel}/templates/sync", { params: { path } })),
    LISTS,
  );
  const query = { ...(status ? { status } : {}), ...(name ? { name } : {}) };
  return (
    <Frame
      title={t("sections.templates")}
      hint={t("admin.templates.hint")}
      actions={
        <Group gap="xs">
          {channel && (
            <CsvButton
              path={`/api/v1/channels/${channel}/templates?${new URLSearchParams(query)}`}
              name="templates"
            />
          )}
          {may && channel && (
            <>
              <Button
                variant="default"
                leftSection={<IconRefresh size={16} />}
                loading={sync.isPending}
                onClick={() => sync.mutate()}
              >
                {t("template.sync")}
              </Button>
              <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ act: "new" })}>
                {t("template.new")}
              </Button>
            </>
          )}
        </Group>
      }
      tools={
        channel && (
        <>
          <NativeSelect
            label={t("template.channel")}
            value={channel}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={known.map((one) => ({ value: one.id, label: one.name }))}
          />
          <NativeSelect
            label={t("user.state")}
            value={status}
            onChange={(event) => setStatus(event.currentTarget.value)}
            data={["", "approved", "pending", "rejected", "paused", "disabled"].map((value) => ({
              value,
              label: value ? t(`template.states.${value}`) : t("list.any"),
            }))}
          />
          <TextInput
            label={t("template.name")}
            value={words}
            maxLength={100}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        </>
        )
      }
    >
      {sync.isSuccess && (
        <Alert color="teal" role="status" mb="sm" p="xs">
          {t("template.synced", sync.data)}
        </Alert>
      )}
      <Trouble error={sync.error} />
      {channel ? (
        <List<Template>
          queryKey={["templates-admin", channel, query]}
          load={(after) =>
            body(
              api.GET("/api/v1/channels/{channel}/templates", {
                params: { path, query: { limit: 50, after, ...query } },
              }),
            ) as Promise<ListPage<Template>>
          }
          idOf={(one) => one.id}
          onOpen={(one) => setOpen({ act: "show", of: one })}
          empty={t("admin.templates.empty")}
          filtered={Object.keys(query).length > 0}
          columns={[
            { name: t("template.name"), cell: (one) => one.name },
            { name: t("template.language"), cell: (one) => one.language },
            {
              name: t("template.category"),
              cell: (one) =>
                t(`template.categories.${one.category}`, { defaultValue: one.category }),
            },
            {
              name: t("user.state"),
              cell: (one) => (
                <State
                  of={one.status.toUpperCase()}
                  name={t(`template.states.${one.status}`, { defaultValue: one.status })}
                />
              ),
            },
            { name: t("template.updated"), cell: (one) => <When at={one.updatedAt} /> },
          ]}
        />
      ) : (
        <Nothing text={t("admin.channels.empty")} />
      )}
      {open?.act === "new" && <NewTemplate channel={channel} onClose={close} />}
      {open?.act === "show" && open.of && (
        <Details title={open.of.name} onClose={close}>
          <Facts
            of={[
              [t("template.language"), open.of.language],
              [
                t("template.category"),
                t(`template.categories.${open.of.category}`, { defaultValue: open.of.category }),
              ],
              [
                t("user.state"),
                t(`template.states.${open.of.status}`, { defaultValue: open.of.status }),
              ],
              [t("template.reason"), open.of.reason],
              [t("template.quality"), open.of.quality],
              [t("template.updated"), <When key="u" at={open.of.updatedAt} />],
            ]}
          />
          <TemplateBubble
            template={open.of}
            components={[]}
            preview={previewOf(channel, open.of.id)}
          />
          {may && (
            <Button
              variant="light"
              color="red"
              style={{ alignSelf: "flex-start" }}
              onClick={() => setOpen({ ...open, act: "delete" })}
            >
              {t("form.delete")}
            </Button>
          )}
        </Details>
      )}
      {open?.act === "delete" && open.of && (
        <Deleting channel={channel} template={open.of} onClose={close} />
      )}
    </Frame>
  );
}

function Deleting({
  channel,
  template,
  onClose,
}: {
  channel: string;
  template: Template;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const remove = useAct(
    () =>
      api.DELETE("/api/v1/channels/{channel}/templates/{id}", {
        params: { path: { channel, id: template.id } },
      }),
    LISTS,
    onClose,
  );
  return (
    <Sure
      text={t("template.deleteSure", { name: template.name, language: template.language })}
      act={t("form.delete")}
      busy={remove.isPending}
      error={remove.error}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  );
}

function NewTemplate({ channel, onClose }: { channel: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const numbers = [
    ...new Set([...text.matchAll(/\{\{(\d+)\}\}/g)].map((found) => Number(found[1]))),
  ].sort((a, b) => a - b);
  const make = useAct(
    (input: components["schemas"]["MessageTemplateInput"]) =>
      body(
        api.POST("/api/v1/channels/{channel}/templates", {
          params: { path: { channel } },
          body: input,
        }),
      ),
    LISTS,
    onClose,
  );
  return (
    <FormModal
      title={t("template.new")}
      submit={t("template.handIn")}
      busy={make.isPending}
      error={make.error}
      onClose={onClose}
      onSubmit={(form) => {
        const value = (field: string) => String(form.get(field) ?? "").trim();
        const examples = numbers.map((number) => value(`example.${number}`));
        make.mutate({
          name: value("name"),
          language: value("language"),
          category: value("category") as (typeof CATEGORIES)[number],
          components: [
            ...(value("header") ? [{ type: "HEADER", format: "TEXT", text: value("header") }] : []),
            {
              type: "BODY",
              text: value("body"),
              ...(examples.length > 0 ? { example: { body_text: [examples] } } : {}),
            },
            ...(value("footer") ? [{ type: "FOOTER", text: value("footer") }] : []),
          ] as never,
        });
      }}
    >
      <TextInput
        name="name"
        label={t("template.name")}
        description={t("template.nameHint")}
        pattern="[a-z0-9_]+"
        required
        maxLength={512}
        data-autofocus
      />
      <Group grow>
        <TextInput
          name="language"
          label={t("template.language")}
          defaultValue="en_US"
          required
          maxLength={20}
        />
        <NativeSelect
          name="category"
          label={t("template.category")}
          data={CATEGORIES.map((value) => ({ value, label: t(`template.categories.${value}`) }))}
        />
      </Group>
      <TextInput name="header" label={t("template.header")} maxLength={60} />
      <Textarea
        name="body"
        label={t("template.body")}
        description={t("template.bodyHint", { example: "{{1}}" })}
        required
        autosize
        minRows={3}
        maxRows={10}
        maxLength={1024}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {numbers.map((number) => (
        <TextInput
          key={number}
          name={`example.${number}`}
          label={t("template.example", { variable: `{{${number}}}` })}
          required
          maxLength={200}
        />
      ))}
      <TextInput name="footer" label={t("template.footer")} maxLength={60} />
    </FormModal>
  );
}
