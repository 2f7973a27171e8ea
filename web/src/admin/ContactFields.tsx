import { Button, NativeSelect, TagsInput, TextInput } from "@mantine/core";
import { IconForms } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Editor, entered, useOpen } from "./Form";
import { Frame, List } from "./List";

type Field = components["schemas"]["ContactField"];
const LISTS = ["contact-fields", "contact"];
const TYPES = ["text", "number", "date", "boolean", "choice"] as const;

/** What the tenant wants to know of its contacts. */
export default function ContactFields() {
  const { t } = useTranslation();
  const [open, setOpen] = useOpen<Field>();
  return (
    <Frame
      title={t("sections.contact-fields")}
      hint={t("admin.contact-fields.hint")}
      actions={
        <Button leftSection={<IconForms size={16} />} onClick={() => setOpen({ act: "edit" })}>
          {t("admin.contact-fields.new")}
        </Button>
      }
    >
      <List<Field>
        queryKey={["contact-fields", "list"]}
        load={(after) =>
          body(api.GET("/api/v1/contact-fields", { params: { query: { limit: 50, after } } }))
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "edit", of: one })}
        empty={t("admin.contact-fields.empty")}
        columns={[
          { name: t("tenant.name"), cell: (one) => one.name },
          { name: t("field.key"), cell: (one) => one.key },
          { name: t("field.type"), cell: (one) => t(`field.types.${one.type}`) },
          { name: t("field.choices"), cell: (one) => one.choices.join(", ") },
        ]}
      />
      {open && <FieldForm field={open.of} onClose={() => setOpen(null)} />}
    </Frame>
  );
}

function FieldForm({
  field,
  onClose,
}: {
  field?: Field | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [type, setType] = useState<Field["type"]>(field?.type ?? "text");
  const [choices, setChoices] = useState<string[]>(field?.choices ?? []);
  const path = { params: { path: { id: field?.id ?? "" } } };
  return (
    <Editor
      title={field?.name ?? t("admin.contact-fields.new")}
      lists={LISTS}
      save={(form) => {
        const name = entered(form, "name");
        const chosen = type === "choice" ? { choices } : {};
        return field
          ? api.PATCH("/api/v1/contact-fields/{id}", { ...path, body: { name, ...chosen } })
          : api.POST("/api/v1/contact-fields", {
              body: { key: entered(form, "key"), name, type, ...chosen },
            });
      }}
      remove={field && (() => api.DELETE("/api/v1/contact-fields/{id}", path))}
      sure={t("field.deleteSure", { name: field?.name })}
      onClose={onClose}
    >
      <TextInput
        name="name"
        label={t("tenant.name")}
        defaultValue={field?.name ?? ""}
        required
        maxLength={60}
        data-autofocus
      />
      {!field && (
        <>
          <TextInput
            name="key"
            label={t("field.key")}
            description={t("field.keyHint")}
            required
            pattern="[a-z][a-z0-9_]{0,39}"
            maxLength={40}
          />
          <NativeSelect
            label={t("field.type")}
            description={t("field.typeHint")}
            value={type}
            onChange={(event) => setType(event.currentTarget.value as Field["type"])}
            data={TYPES.map((one) => ({ value: one, label: t(`field.types.${one}`) }))}
          />
        </>
      )}
      {type === "choice" && (
        <TagsInput
          label={t("field.choices")}
          description={t("field.choicesHint")}
          value={choices}
          onChange={setChoices}
          maxTags={100}
          acceptValueOnBlur
        />
      )}
    </Editor>
  );
}
