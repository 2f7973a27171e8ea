import {
  Alert,
  Button,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { session } from "../api/session";
import { says } from "../app/Broken";
import { contactFields } from "./queries";

type Contact = components["schemas"]["Contact"];
type Field = components["schemas"]["ContactField"];

/** What the tenant's own fields say of a contact, and saying it. Nothing where there are no fields. */
export function ContactFields({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const fields = useQuery(contactFields).data ?? [];
  const [editing, setEditing] = useState(false);
  if (fields.length === 0) {
    return null;
  }
  return (
    <Stack gap="sm">
      <dl style={{ margin: 0 }}>
        {fields.map((field) => (
          <FieldValue key={field.id} field={field} value={contact.fields[field.key]} />
        ))}
      </dl>
      {session.may("contacts:write") && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPencil size={14} />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => setEditing(true)}
        >
          {t("fields.edit")}
        </Button>
      )}
      {editing && <Editor contact={contact} fields={fields} onClose={() => setEditing(false)} />}
    </Stack>
  );
}

function FieldValue({ field, value }: { field: Field; value: unknown }) {
  const { t, i18n } = useTranslation();
  let shown = "—";
  if (typeof value === "boolean") {
    shown = t(value ? "fields.yes" : "fields.no");
  } else if (typeof value === "number") {
    shown = value.toLocaleString(i18n.language);
  } else if (field.type === "date" && typeof value === "string") {
    shown = new Date(`${value}T00:00:00`).toLocaleDateString(i18n.language, { dateStyle: "medium" });
  } else if (value !== undefined) {
    shown = String(value);
  }
  return (
    <div style={{ marginBottom: 12 }}>
      <Text component="dt" size="xs" c="dimmed">
        {field.name}
      </Text>
      <Text component="dd" m={0} size="sm" style={{ overflowWrap: "anywhere" }}>
        {shown}
      </Text>
    </div>
  );
}

function Editor({
  contact,
  fields,
  onClose,
}: {
  contact: Contact;
  fields: Field[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (said: Record<string, unknown>) =>
      body(
        api.PATCH("/api/v1/contacts/{id}", {
          params: { path: { id: contact.id } },
          body: { fields: said },
        }),
      ),
    onSuccess: (now) => {
      queries.setQueryData(["contact", contact.id], now);
      onClose();
    },
  });
  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const said: Record<string, unknown> = {};
    for (const field of fields) {
      const value = read(field, String(form.get(field.key) ?? "").trim());
      // What was not touched is not sent: somebody else may be changing it.
      if (value !== (contact.fields[field.key] ?? null)) {
        said[field.key] = value;
      }
    }
    save.mutate(said);
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("fields.edit")}
      closeButtonProps={{ "aria-label": t("contact.close") }}
    >
      <form onSubmit={send}>
        <Stack>
          {fields.map((field) => (
            <FieldInput key={field.id} field={field} value={contact.fields[field.key]} />
          ))}
          {save.error && (
            <Alert color="red" role="alert" p="xs">
              {says(save.error, t)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("fields.cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("fields.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function read(field: Field, text: string): unknown {
  if (text === "") {
    return null;
  }
  return field.type === "number"
    ? Number(text)
    : field.type === "boolean"
      ? text === "true"
      : text;
}

function FieldInput({ field, value }: { field: Field; value: unknown }) {
  const { t } = useTranslation();
  const known = value === undefined ? "" : String(value);
  const common = { name: field.key, label: field.name, defaultValue: known };
  switch (field.type) {
    case "number":
      return <NumberInput {...common} min={-1e15} max={1e15} hideControls />;
    case "date":
      return <TextInput {...common} type="date" max="9999-12-31" />;
    case "boolean":
      return (
        <NativeSelect
          {...common}
          data={[
            { value: "", label: "—" },
            { value: "true", label: t("fields.yes") },
            { value: "false", label: t("fields.no") },
          ]}
        />
      );
    case "choice": {
      // A value that is no choice any more stays as long as nobody chooses anew.
      const gone = known !== "" && !field.choices.includes(known) ? [known] : [];
      return (
        <NativeSelect
          {...common}
          data={[{ value: "", label: "—" }, ...field.choices, ...gone]}
        />
      );
    }
    default:
      return <TextInput {...common} maxLength={1000} />;
  }
}
