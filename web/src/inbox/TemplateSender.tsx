import {
  Button,
  Group,
  Modal,
  ScrollArea,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, type Content, type Conversation } from "../api/client";
import type { components } from "../api/schema";
import { Broken } from "../app/Broken";
import classes from "./Inbox.module.css";
import { outbox } from "./outbox";
import { previewOf, TemplateBubble } from "./TemplateBubble";
import { filled, partsOf, variablesOf } from "./templateParts";

type Template = components["schemas"]["MessageTemplate"];

/** Chooses a template that WhatsApp has approved, fills it in, shows what the customer will see, and sends it. */
export default function TemplateSender({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [name] = useDebouncedValue(words.trim(), 250);
  const [chosen, setChosen] = useState<Template | null>(null);
  const channel = conversation.channelId;
  const query = useInfiniteQuery({
    queryKey: ["templates", channel, name],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/channels/{channel}/templates", {
          params: {
            path: { channel },
            query: { status: "approved", limit: 50, after: pageParam, ...(name ? { name } : {}) },
          },
        }),
      ) as Promise<{ items: Template[]; next?: string }>,
    getNextPageParam: (page) => page.next,
  });
  const found = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("templates.title")}
      closeButtonProps={{ "aria-label": t("form.close") }}
    >
      {chosen ? (
        <Fill
          template={chosen}
          channel={channel}
          onBack={() => setChosen(null)}
          onSend={(content) => {
            outbox.add(conversation.id, content, null);
            onClose();
          }}
        />
      ) : (
        <Stack>
          <TextInput
            value={words}
            maxLength={100}
            data-autofocus
            placeholder={t("templates.find")}
            aria-label={t("templates.find")}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          {query.isError && <Broken error={query.error} reset={() => void query.refetch()} />}
          <ScrollArea.Autosize mah={400} aria-busy={query.isPending}>
            {found.map((one) => (
              <UnstyledButton
                key={one.id}
                className={classes.suggestion}
                onClick={() => setChosen(one)}
              >
                <Text size="sm" fw={600}>
                  {one.name} · {one.language}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {partsOf(one).find((part) => part.type?.toUpperCase() === "BODY")?.text}
                </Text>
              </UnstyledButton>
            ))}
            {query.hasNextPage && (
              <Button variant="subtle" size="xs" onClick={() => void query.fetchNextPage()}>
                {t("search.more")}
              </Button>
            )}
            {!query.isPending && found.length === 0 && (
              <Text size="sm" c="dimmed">
                {t("templates.none")}
              </Text>
            )}
          </ScrollArea.Autosize>
        </Stack>
      )}
    </Modal>
  );
}

function Fill({
  template,
  channel,
  onBack,
  onSend,
}: {
  template: Template;
  channel: string;
  onBack: () => void;
  onSend: (content: Content) => void;
}) {
  const { t } = useTranslation();
  const variables = variablesOf(template);
  const [values, setValues] = useState<string[]>(() => variables.map(() => ""));
  const components = filled(template, values);
  const [shown] = useDebouncedValue(components, 250);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend({
          type: "template",
          name: template.name,
          language: template.language,
          components,
        } as Content);
      }}
    >
      <Stack>
        <Text fw={600}>
          {template.name} · {template.language}
        </Text>
        {variables.map((variable, index) => (
          <TextInput
            key={`${variable.component}.${variable.name}`}
            label={t("templates.value", { variable: `{{${variable.name}}}` })}
            value={values[index]}
            required
            maxLength={1024}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setValues((was) => was.map((one, at) => (at === index ? value : one)));
            }}
          />
        ))}
        <TemplateBubble
          template={template}
          components={shown.every((part) => part.parameters.every((one) => one.text)) ? shown : []}
          preview={previewOf(channel, template.id)}
        />
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {t("templates.back")}
          </Button>
          <Button type="submit">{t("composer.send")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
