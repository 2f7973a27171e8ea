import {
  Alert,
  Badge,
  Button,
  Code,
  CopyButton,
  Drawer,
  Group,
  Modal,
  Stack,
  Stepper,
  Text,
  TextInput,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { says } from "../app/Broken";
import { moment } from "../inbox/time";
import classes from "./Admin.module.css";

/** An act on the server; lists of these names are asked for anew afterwards. */
export function useAct<I, O>(
  run: (input: I) => Promise<O>,
  lists: string[],
  done?: (output: O) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (output) => {
      await Promise.all(lists.map((name) => queries.invalidateQueries({ queryKey: [name] })));
      done?.(output);
    },
  });
}

/** What the server said against it. */
export function Trouble({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return error ? (
    <Alert color="red" role="alert" p="xs">
      {says(error, t)}
    </Alert>
  ) : null;
}

/** A form in a window of its own. */
export function FormModal({
  title,
  submit,
  busy,
  error,
  onSubmit,
  onClose,
  children,
  danger = false,
}: {
  title: string;
  submit: string;
  busy: boolean;
  error: unknown;
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  children: ReactNode;
  danger?: boolean;
}) {
  const { t } = useTranslation();
  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("form.close") }}
    >
      <form onSubmit={send}>
        <Stack>
          {children}
          <Trouble error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("form.cancel")}
            </Button>
            <Button type="submit" loading={busy} {...(danger ? { color: "red" } : {})}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Asks before something that cannot be taken back. */
export function Sure({
  text,
  act,
  busy,
  error,
  onYes,
  onClose,
}: {
  text: string;
  act: string;
  busy: boolean;
  error: unknown;
  onYes: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <FormModal
      title={t("form.sure")}
      submit={act}
      busy={busy}
      error={error}
      onSubmit={onYes}
      onClose={onClose}
      danger
    >
      <Text size="sm">{text}</Text>
    </FormModal>
  );
}

/** A form for something new, or for one thing that is there and can be deleted, with a question before. */
export function Editor({
  title,
  lists,
  save,
  remove,
  sure,
  onClose,
  children,
}: {
  title: string;
  /** The lists in which it is. */
  lists: string[];
  save: (form: FormData) => Promise<unknown>;
  /** Absent for something new. */
  remove?: (() => Promise<unknown>) | undefined;
  /** What deleting means. */
  sure: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [deleting, setDeleting] = useState(false);
  const saving = useAct(save, lists, onClose);
  const removing = useAct(async () => remove?.(), lists, onClose);
  if (deleting) {
    return (
      <Sure
        text={sure}
        act={t("form.delete")}
        busy={removing.isPending}
        error={removing.error}
        onYes={() => removing.mutate()}
        onClose={onClose}
      />
    );
  }
  return (
    <FormModal
      title={title}
      submit={t("form.save")}
      busy={saving.isPending}
      error={saving.error}
      onClose={onClose}
      onSubmit={saving.mutate}
    >
      {children}
      {remove && (
        <Button
          variant="light"
          color="red"
          onClick={() => setDeleting(true)}
          style={{ alignSelf: "flex-start" }}
        >
          {t("form.delete")}
        </Button>
      )}
    </FormModal>
  );
}

/** What somebody has entered under a name, without blanks around it. */
export function entered(form: FormData, name: string): string {
  return String(form.get(name) ?? "").trim();
}

/** One thing in full, beside its list. */
export function Details({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={title}
      closeButtonProps={{ "aria-label": t("form.close") }}
    >
      <Stack>{children}</Stack>
    </Drawer>
  );
}

/** Names and values. */
export function Facts({ of }: { of: [string, ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {of
        .filter(([, value]) => value !== undefined && value !== null && value !== "")
        .map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
    </dl>
  );
}

function FactRow({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** JSON, or any text, as it is. */
export function Raw({ value }: { value: unknown }) {
  return (
    <Code block className={classes.raw} tabIndex={0}>
      {typeof value === "string" ? pretty(value) : JSON.stringify(value, null, 2)}
    </Code>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Something to take along, such as a key that is shown once. */
export function Copyable({
  label,
  value,
  description,
}: {
  label: string;
  value: string;
  description?: string;
}) {
  const { t } = useTranslation();
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput label={label} description={description} value={value} readOnly flex={1} miw={0} />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy} color={copied ? "teal" : undefined}>
            {t(copied ? "form.copied" : "form.copy")}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}

const COLORS: Record<string, string> = {
  active: "teal",
  open: "teal",
  ok: "teal",
  APPROVED: "teal",
  accepted: "blue",
  error: "red",
  failed: "red",
  down: "red",
  REJECTED: "red",
  suspended: "orange",
  disabled: "gray",
  revoked: "gray",
  paused: "orange",
  degraded: "yellow",
  PAUSED: "orange",
  PENDING: "yellow",
};

/** A state in a word and a colour. */
export function State({ of, name }: { of: string; name: string }) {
  return (
    <Badge variant="light" color={COLORS[of] ?? "gray"} tt="none" fw={600} radius="sm">
      {name}
    </Badge>
  );
}

/** A moment in the reader's language; nothing where there is none. */
export function When({ at }: { at: string | null | undefined }) {
  const { i18n } = useTranslation();
  return at ? <time dateTime={at}>{moment(at, i18n.language)}</time> : null;
}

/** What is open above a page: nothing, something new, or one thing. */
export function useOpen<T>() {
  return useState<{ act: string; of?: T } | null>(null);
}

/** How far somebody is in a set-up of several steps; on a phone in one line. */
export function Steps({ at, names }: { at: number; names: string[] }) {
  const { t } = useTranslation();
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  return narrow ? (
    <Text size="sm" mb="sm">
      <Text span inherit c="dimmed">
        {t("setup.step", { step: at + 1, of: names.length })}
      </Text>{" "}
      <b>{names[at]}</b>
    </Text>
  ) : (
    <Stepper active={at} size="sm" mb="md" allowNextStepsSelect={false}>
      {names.map((name) => (
        <Stepper.Step key={name} label={name} />
      ))}
    </Stepper>
  );
}
