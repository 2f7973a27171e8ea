import { Alert, Button, Group, Skeleton, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Broken, says } from "../app/Broken";
import shared from "../inbox/Inbox.module.css";
import { type Filled, TemplateBubble } from "../inbox/TemplateBubble";
import { filled, partsOf, variablesOf } from "../inbox/templateParts";
import { api, body, type Message, type Template } from "./client";
import classes from "./Widget.module.css";

/** Chooses a template that WhatsApp has approved, fills it in, shows what the customer will see, and sends it. */
export function Templates({ onSent }: { onSent: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [name] = useDebouncedValue(words.trim(), 250);
  const [chosen, setChosen] = useState<Template | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["templates", name],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      body(
        api.GET("/api/v1/genesys/widget/templates", {
          params: { query: { limit: 50, after: pageParam, ...(name ? { name } : {}) } },
        }),
      ) as Promise<{ items: Template[]; next?: string }>,
    getNextPageParam: (page) => page.next,
  });
  const found = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (chosen) {
    return (
      <div className={classes.scroll}>
        <Fill template={chosen} onBack={() => setChosen(null)} onSent={onSent} />
      </div>
    );
  }
  return (
    <Stack p="sm" gap="sm" className={classes.scroll}>
      <TextInput
        value={words}
        maxLength={100}
        placeholder={t("templates.find")}
        aria-label={t("templates.find")}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {query.isError && <Broken error={query.error} reset={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={72} aria-busy="true" />}
      <div>
        {found.map((one) => (
          <UnstyledButton key={one.id} className={shared.suggestion} onClick={() => setChosen(one)}>
            <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
              {one.name} · {one.language}
            </Text>
            <Text size="xs" c="dimmed" lineClamp={2}>
              {partsOf(one).find((part) => part.type?.toUpperCase() === "BODY")?.text}
            </Text>
          </UnstyledButton>
        ))}
      </div>
      {query.hasNextPage && (
        <Button variant="subtle" size="xs" onClick={() => void query.fetchNextPage()}>
          {t("search.more")}
        </Button>
      )}
      {!query.isPending && !query.isError && found.length === 0 && (
        <Text size="sm" c="dimmed">
          {t(name ? "templates.none" : "widget.templates.none")}
        </Text>
      )}
    </Stack>
  );
}

const preview = (template: Template) => (components: Filled[]) =>
  body(
    api.POST("/api/v1/genesys/widget/templates/{id}/preview", {
      params: { path: { id: template.id } },
      body: { components: components as never },
    }),
  );

function Fill({
  template,
  onBack,
  onSent,
}: {
  template: Template;
  onBack: () => void;
  onSent: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const variables = variablesOf(template);
  const [values, setValues] = useState<string[]>(() => variables.map(() => ""));
  const components = filled(template, values);
  const [shown] = useDebouncedValue(components, 250);
  // The same for every try of the same message.
  const key = useRef(newKey());
  const send = useMutation({
    mutationFn: () =>
      body(
        api.POST("/api/v1/genesys/widget/messages", {
          params: { header: { "Idempotency-Key": key.current } },
          body: { templateId: template.id, components: components as never },
        }),
      ) as Promise<Message>,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["messages"] });
      onSent();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack p="sm" gap="sm">
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
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
              key.current = newKey();
              setValues((was) => was.map((one, at) => (at === index ? value : one)));
            }}
          />
        ))}
        <TemplateBubble
          template={template}
          components={shown.every((part) => part.parameters.every((one) => one.text)) ? shown : []}
          preview={preview(template)}
        />
        {send.isError && (
          <Alert color="red" p="xs" role="alert">
            {says(send.error, t)}
          </Alert>
        )}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {t("templates.back")}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {t("composer.send")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) =>
    b.toString(16).padStart(2, "0"),
  ).join("");
}
