import { Button, NativeSelect, TagsInput, TextInput } from "@mantine/core";
import { IconForms } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { FormModal, Sure, useAct, useOpen } from "./Form";
import { Frame, List } from "./List";

type Field = components["schemas"]["ContactField"];
const LISTS = ["contact-fields", "contact"];
const TYPES = ["text", "number", "date", "boolean", "choice"] as const;

/** What the tenant wants to know of its contacts. */
export default function ContactFields() {
  const { t } = useTranslation();
  const [open, setOpen] = useOpen<Field>();
  const close = () => setOpen(null);
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
      {open?.act === "edit" && (
        <FieldForm
          field={open.of}
          onClose={close}
          onDelete={() => setOpen({ ...open, act: "delete" })}
        />
      )}
      {open?.act === "delete" && open.of && <Deleting field={open.of} onClose={close} />}
    </Frame>
  );
}

function FieldForm({
  field,
  onClose,
  onDelete,
}: {
  field?: Field | undefined;
  onClose: () => void;
  onDelete: () => void;
}) {
  const { t } = useTranslation();
  const [type, setType] = useState<Field["type"]>(field?.type ?? "text");
  const [choices, setChoices] = useState<string[]>(field?.choices ?? []);
  const save = useAct(
    async ({ name, key }: { name: string; key: string }) => {
      const chosen = type === "choice" ? { choices } : {};
      return field
        ? body(
            api.PATCH("/api/v1/contact-fields/{id}", {
              params: { path: { id: field.id } },
              body: { name, ...chosen },
            }),
          )
        : body(api.POST("/api/v1/contact-fields", { body: { key, name, type, ...chosen } }));
    },
    LISTS,
    onClose,
  );
  return (
    <FormModal
      title={field?.name ?? t("admin.contact-fields.new")}
      submit={t("form.save")}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={(form) =>
        save.mutate({
          name: String(form.get("name")).trim(),
          key: String(form.get("key") ?? "").trim(),
        })
      }
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
      {field && (
        <Button variant="light" color="red" onClick={onDelete} style={{ alignSelf: "flex-start" }}>
          {t("form.delete")}
        </Button>
      )}
    </FormModal>
  );
}

function Deleting({ field, onClose }: { field: Field; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useAct(
    () => api.DELETE("/api/v1/contact-fields/{id}", { params: { path: { id: field.id } } }),
    LISTS,
    onClose,
  );
  return (
    <Sure
      text={t("field.deleteSure", { name: field.name })}
      act={t("form.delete")}
      busy={remove.isPending}
      error={remove.error}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
