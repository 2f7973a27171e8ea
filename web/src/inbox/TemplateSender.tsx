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
import { type Filled, TemplateBubble } from "./TemplateBubble";

type Template = components["schemas"]["MessageTemplate"];
type Part = { type?: string; format?: string; text?: string };

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
                  {parts(one).find((part) => part.type?.toUpperCase() === "BODY")?.text}
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

function parts(template: Template): Part[] {
  return (template.components ?? []) as unknown as Part[];
}

/** The variables of a template, in the order in which they are filled in. */
function variablesOf(template: Template): { component: string; name: string }[] {
  return parts(template)
    .filter((part) => ["HEADER", "BODY"].includes(part.type?.toUpperCase() ?? "") && part.text)
    .flatMap((part) => {
      const names = [
        ...new Set([...part.text!.matchAll(/\{\{\s*([\w]+)\s*\}\}/g)].map((found) => found[1]!)),
      ];
      return (
        template.parameterFormat === "named" ? names : names.sort((a, b) => Number(a) - Number(b))
      ).map((name) => ({ component: part.type!.toLowerCase(), name }));
    });
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
  const named = template.parameterFormat === "named";
  const filled: Filled[] = ["header", "body"].flatMap((component) => {
    const parameters = variables.flatMap((variable, index) =>
      variable.component === component
        ? [
            {
              type: "text",
              text: values[index] ?? "",
              ...(named ? { parameter_name: variable.name } : {}),
            },
          ]
        : [],
    );
    return parameters.length > 0 ? [{ type: component, parameters }] : [];
  });
  const [shown] = useDebouncedValue(filled, 250);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSend({
          type: "template",
          name: template.name,
          language: template.language,
          components: filled,
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
          channel={channel}
          template={template}
          components={shown.every((part) => part.parameters.every((one) => one.text)) ? shown : []}
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
