import { Button, Group, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Details, Facts, Raw, useOpen, When } from "./Form";
import { Frame, List } from "./List";

type Event = components["schemas"]["StoredEvent"];

/** What has happened, in the order of the log. */
export default function Events() {
  const { t } = useTranslation();
  const [type, setType] = useState("");
  const [conversation, setConversation] = useState("");
  const [fromNow, setFromNow] = useState(false);
  const [filter] = useDebouncedValue({ type: type.trim(), conversation: conversation.trim() }, 300);
  const [open, setOpen] = useOpen<Event>();
  return (
    <Frame
      title={t("sections.events")}
      hint={t("admin.events.hint")}
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
          <Switch
            label={t("event.fromNow")}
            checked={fromNow}
            pb={8}
            onChange={(event) => setFromNow(event.currentTarget.checked)}
          />
        </>
      }
    >
      <List<Event>
        queryKey={["events", filter, fromNow]}
        refetchMs={fromNow ? 3000 : undefined}
        load={async (after) => {
          const page = await body(
            api.GET("/api/v1/events", {
              params: {
                query: {
                  limit: 50,
                  ...(after ? { after } : fromNow ? { after: await startOf(filter) } : {}),
                  ...(filter.type ? { type: filter.type } : {}),
                  ...(filter.conversation ? { conversationId: filter.conversation } : {}),
                },
              },
            }),
          );
          // The log always has a place to go on from; a list ends where nothing more came.
          return page.items.length < 50 ? { items: page.items } : page;
        }}
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.events.empty")}
        filtered={filter.type !== "" || filter.conversation !== ""}
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

/** The places from which "from now on" was asked for, by filter: they stay while the page is asked for again. */
const starts = new Map<string, string>();

async function startOf(filter: object): Promise<string> {
  const key = JSON.stringify(filter);
  const known = starts.get(key);
  if (known) {
    return known;
  }
  const page = await body(
    api.GET("/api/v1/events", { params: { query: { from: "now", limit: 1 } } }),
  );
  starts.set(key, page.next);
  return page.next;
}
