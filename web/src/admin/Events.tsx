import { Button, Group, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Details, Facts, Raw, useOpen, When } from "./Form";
import { CsvButton, Frame, List, type ListPage } from "./List";

type Event = components["schemas"]["StoredEvent"];

/** What has happened, in the order of the log. */
export default function Events() {
  const { t } = useTranslation();
  const [type, setType] = useState("");
  const [conversation, setConversation] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [filter] = useDebouncedValue({ type: type.trim(), conversation: conversation.trim() }, 300);
  const [open, setOpen] = useOpen<Event>();
  const query = {
    ...(filter.type ? { type: filter.type } : {}),
    ...(filter.conversation ? { conversationId: filter.conversation } : {}),
    ...(from ? { from: new Date(from).toISOString() } : {}),
    ...(to ? { to: new Date(to).toISOString() } : {}),
  };
  return (
    <Frame
      title={t("sections.events")}
      hint={t("admin.events.hint")}
      actions={<CsvButton path={`/api/v1/event-log?${new URLSearchParams(query)}`} name="events" />}
      tools={
        <>
          <TextInput
            label={t("event.type")}
            placeholder="message.received"
            value={type}
            maxLength={64}
            onChange={(event) => setType(event.currentTarget.value)}
          />
          <TextInput
            label={t("event.conversation")}
            value={conversation}
            maxLength={36}
            onChange={(event) => setConversation(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t("list.from")}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t("list.to")}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </>
      }
    >
      <List<Event>
        queryKey={["events", query]}
        load={(after) =>
          body(
            api.GET("/api/v1/event-log", { params: { query: { limit: 50, after, ...query } } }),
          ) as Promise<ListPage<Event>>
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.events.empty")}
        filtered={Object.keys(query).length > 0}
        columns={[
          { name: t("event.type"), cell: (one) => one.type },
          { name: t("event.time"), cell: (one) => <When at={one.time} /> },
          { name: t("event.place"), cell: (one) => `${one.lane} · ${one.seq}` },
          { name: t("event.correlation"), cell: (one) => one.correlationId },
        ]}
      />
      {open?.of && (
        <Details title={open.of.type} onClose={() => setOpen(null)}>
          <Facts
            of={[
              [t("event.time"), <When key="t" at={open.of.time} />],
              [t("event.id"), open.of.id],
              [t("event.conversation"), open.of.conversationId],
              [t("event.correlation"), open.of.correlationId],
              [t("event.cause"), open.of.causationId],
            ]}
          />
          <Raw value={open.of.data} />
          {open.of.conversationId && (
            <Group>
              <Button
                variant="default"
                onClick={() => {
                  setConversation(open.of?.conversationId ?? "");
                  setType("");
                  setOpen(null);
                }}
              >
                {t("event.ofConversation")}
              </Button>
            </Group>
          )}
        </Details>
      )}
    </Frame>
  );
}
