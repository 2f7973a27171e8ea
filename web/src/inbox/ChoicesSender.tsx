import {
  ActionIcon,
  Box,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Content } from "../api/client";
import classes from "./Inbox.module.css";
import { MessageContent } from "./MessageContent";

type Kind = "buttons" | "list";
type Choice = { title: string; description: string };

/** What WhatsApp takes, in UTF-16 units, which is what `maxLength` counts too. */
const LIMITS = {
  buttons: { body: 1024, choices: 3, title: 20 },
  list: { body: 4096, choices: 10, title: 24 },
};
const LABEL = 20;
const SHORT = 60;
const DESCRIPTION = 72;
const EMPTY: Choice = { title: "", description: "" };

/** Asks the customer to choose: a text with up to three buttons, or with a list of up to ten rows. */
export default function ChoicesSender({
  text,
  onSend,
  onClose,
}: {
  /** What stands in the composer: the question, most likely. */
  text: string;
  onSend: (content: Content) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  const [kind, setKind] = useState<Kind>("buttons");
  const [body, setBody] = useState(text);
  const [header, setHeader] = useState("");
  const [footer, setFooter] = useState("");
  const [label, setLabel] = useState("");
  const [choices, setChoices] = useState<Choice[]>([EMPTY, EMPTY]);
  const limits = LIMITS[kind];
  // Another kind takes fewer and shorter ones; what is too much stays until somebody comes back to the first kind.
  const used = choices.slice(0, limits.choices);
  const given = used.filter((one) => one.title.trim());
  const twice = (at: number) =>
    kind === "buttons" &&
    used.some(
      (one, other) =>
        other < at && one.title.trim() !== "" && one.title.trim() === used[at]?.title.trim(),
    );
  const fits =
    body.length <= limits.body &&
    used.every((one, at) => one.title.length <= limits.title && !twice(at));
  const content = contentOf(kind, { body, header, footer, label, choices: given });
  const change = (at: number, with_: Partial<Choice>) =>
    setChoices((was) => was.map((one, index) => (index === at ? { ...one, ...with_ } : one)));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (given.length > 0 && fits) {
      onSend(content);
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      fullScreen={narrow}
      title={t("choices.title")}
      closeButtonProps={{ "aria-label": t("form.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <SegmentedControl
            value={kind}
            onChange={(value) => setKind(value as Kind)}
            aria-label={t("choices.kind")}
            data={[
              { value: "buttons", label: t("content.buttons") },
              { value: "list", label: t("content.list") },
            ]}
          />
          <Textarea
            label={t("choices.body")}
            value={body}
            required
            autosize
            minRows={2}
            maxRows={6}
            maxLength={limits.body}
            data-autofocus
            description={t("choices.length", { used: body.length, most: limits.body })}
            onChange={(event) => setBody(event.currentTarget.value)}
            error={body.length > limits.body && t("choices.tooLong", { most: limits.body })}
          />
          {kind === "list" && (
            <Counted
              label={t("choices.label")}
              value={label}
              most={LABEL}
              required
              onChange={setLabel}
            />
          )}
          <Stack gap="xs" role="group" aria-label={t("choices.choices")}>
            {used.map((one, at) => (
              <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
                <Stack gap={4} flex={1} miw={0}>
                  <Counted
                    label={t(`choices.${kind}`, { number: at + 1 })}
                    value={one.title}
                    most={limits.title}
                    required={at === 0}
                    error={twice(at) && t("choices.twice")}
                    onChange={(title) => change(at, { title })}
                  />
                  {kind === "list" && (
                    <Counted
                      label={t("choices.description", { number: at + 1 })}
                      value={one.description}
                      most={DESCRIPTION}
                      onChange={(description) => change(at, { description })}
                    />
                  )}
                </Stack>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  mt={24}
                  disabled={used.length === 1}
                  onClick={() => setChoices((was) => was.filter((_, index) => index !== at))}
                  aria-label={t("choices.remove", { number: at + 1 })}
                >
                  <IconTrash size={17} />
                </ActionIcon>
              </Group>
            ))}
            <Group justify="space-between">
              <Button
                variant="default"
                size="xs"
                leftSection={<IconPlus size={15} />}
                disabled={used.length >= limits.choices}
                onClick={() => setChoices((was) => [...was, EMPTY])}
              >
                {t("choices.add")}
              </Button>
              <Text size="xs" c="dimmed" role="status">
                {t("choices.count", { used: used.length, most: limits.choices })}
              </Text>
            </Group>
          </Stack>
          <Group grow align="flex-start">
            <Counted
              label={t("choices.header")}
              value={header}
              most={SHORT}
              onChange={setHeader}
            />
            <Counted
              label={t("choices.footer")}
              value={footer}
              most={SHORT}
              onChange={setFooter}
            />
          </Group>
          <section aria-label={t("choices.preview")} className={classes.preview}>
            <Box className={classes.bubble}>
              <MessageContent content={content} />
            </Box>
          </section>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("form.cancel")}
            </Button>
            <Button type="submit">{t("composer.send")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** A field that tells how much of its room is used. */
function Counted({
  label,
  value,
  most,
  required = false,
  error,
  onChange,
}: {
  label: string;
  value: string;
  most: number;
  required?: boolean;
  error?: string | false;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const long = value.length > most && t("choices.tooLong", { most });
  return (
    <TextInput
      label={label}
      value={value}
      required={required}
      error={long || error}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(value.length > most ? {} : { maxLength: most })}
      rightSectionWidth={58}
      rightSection={
        <Text size="xs" c="dimmed" span className={classes.countdown} aria-hidden>
          {value.length}/{most}
        </Text>
      }
    />
  );
}

function contentOf(
  kind: Kind,
  parts: { body: string; header: string; footer: string; label: string; choices: Choice[] },
): Content {
  const frame = {
    body: parts.body.trim(),
    ...(parts.header.trim() ? { header: { text: parts.header.trim() } } : {}),
    ...(parts.footer.trim() ? { footer: parts.footer.trim() } : {}),
  };
  const rows = parts.choices.map((one, at) => ({
    id: String(at + 1),
    title: one.title.trim(),
    ...(one.description.trim() ? { description: one.description.trim() } : {}),
  }));
  return (
    kind === "buttons"
      ? { type: "buttons", ...frame, buttons: rows.map(({ id, title }) => ({ id, title })) }
      : { type: "list", ...frame, button: parts.label.trim(), sections: [{ rows }] }
  ) as Content;
}
