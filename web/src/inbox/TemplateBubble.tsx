import { Alert, Badge, Box, Group, Skeleton, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { says } from "../app/Broken";
import classes from "./Inbox.module.css";
import { WhatsAppText } from "./WhatsAppText";

type Template = components["schemas"]["MessageTemplate"];
export type Filled = {
  type: string;
  sub_type?: string;
  index?: string;
  parameters: { type: string; text: string }[];
};

type Shown = components["schemas"]["MessageTemplatePreview"];

/** Asks how a template of a channel looks with values. */
export const previewOf =
  (channel: string, id: string) =>
  (values: Filled[]): Promise<Shown> =>
    body(
      api.POST("/api/v1/channels/{channel}/templates/{id}/preview", {
        params: { path: { channel, id } },
        body: { components: values as never },
      }),
    );

/** A template as the customer will see it with these values. */
export function TemplateBubble({
  template,
  components: values,
  preview,
}: {
  template: Template;
  components: Filled[];
  preview: (values: Filled[]) => Promise<Shown>;
}) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["template-preview", template.id, values],
    placeholderData: keepPreviousData,
    queryFn: () => preview(values),
  });
  const shown = query.data;
  if (query.isError) {
    return (
      <Alert color="red" p="xs" role="alert">
        {says(query.error, t)}
      </Alert>
    );
  }
  if (!shown) {
    return <Skeleton height={80} />;
  }
  return (
    <Box
      component="section"
      className={classes.bubble}
      maw="100%"
      aria-label={t("content.template")}
    >
      <Stack gap={6}>
        {shown.header && (
          <Text size="sm" fw={700}>
            {shown.header}
          </Text>
        )}
        <Text
          size="sm"
          component="div"
          style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
        >
          <WhatsAppText text={shown.body} />
        </Text>
        {shown.footer && (
          <Text size="xs" c="dimmed">
            {shown.footer}
          </Text>
        )}
        {shown.buttons.length > 0 && (
          <Group gap={4}>
            {shown.buttons.map((label, index) => (
              <Badge key={`${index}.${label}`} variant="default" tt="none" fw={500}>
                {label}
              </Badge>
            ))}
          </Group>
        )}
      </Stack>
    </Box>
  );
}
