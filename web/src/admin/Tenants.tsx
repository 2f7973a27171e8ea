import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { IconBuildingPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import {
  Copyable,
  Details,
  Facts,
  FormModal,
  State,
  Sure,
  Trouble,
  useAct,
  useOpen,
  When,
} from "./Form";
import { CsvButton, Frame, List } from "./List";

type Tenant = components["schemas"]["Tenant"];
type Created = components["schemas"]["CreatedTenant"];

/** The organisations of this installation; for operators. */
export default function Tenants() {
  const { t } = useTranslation();
  const [state, setState] = useState("");
  const [open, setOpen] = useOpen<Tenant>();
  const [made, setMade] = useState<Created | null>(null);
  const close = () => setOpen(null);
  const make = useAct(
    (input: components["schemas"]["NewTenant"]) =>
      body(api.POST("/api/v1/tenants", { body: input })),
    ["tenants"],
    (created) => {
      close();
      setMade(created as Created);
    },
  );
  return (
    <Frame
      title={t("sections.tenants")}
      hint={t("admin.tenants.hint")}
      actions={
        <Group gap="xs">
          <CsvButton
            path={`/api/v1/tenants?${new URLSearchParams(state ? { state } : {})}`}
            name="tenants"
          />
          <Button
            leftSection={<IconBuildingPlus size={16} />}
            onClick={() => {
              make.reset();
              setOpen({ act: "new" });
            }}
          >
            {t("admin.tenants.new")}
          </Button>
        </Group>
      }
      tools={
        <NativeSelect
          label={t("user.state")}
          value={state}
          onChange={(event) => setState(event.currentTarget.value)}
          data={[
            { value: "", label: t("list.any") },
            ...["active", "suspended", "deleting"].map((one) => ({
              value: one,
              label: t(`tenant.states.${one}`),
            })),
          ]}
        />
      }
    >
      <List<Tenant>
        queryKey={["tenants", state]}
        load={(after) =>
          body(
            api.GET("/api/v1/tenants", {
              params: { query: { limit: 50, after, ...(state ? { state } : {}) } },
            }),
          )
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.tenants.empty")}
        filtered={state !== ""}
        columns={[
          { name: t("tenant.name"), cell: (one) => one.name },
          { name: t("tenant.slug"), cell: (one) => one.slug },
          {
            name: t("user.state"),
            cell: (one) => <State of={one.state} name={t(`tenant.states.${one.state}`)} />,
          },
          { name: t("tenant.since"), cell: (one) => <When at={one.createdAt} /> },
        ]}
      />
      {open?.act === "new" && (
        <FormModal
          title={t("admin.tenants.new")}
          submit={t("form.create")}
          busy={make.isPending}
          error={make.error}
          onClose={close}
          onSubmit={(form) =>
            make.mutate({
              name: String(form.get("name")).trim(),
              slug: String(form.get("slug")).trim(),
              admin: {
                name: String(form.get("adminName")).trim(),
                email: String(form.get("adminEmail")).trim(),
              },
            })
          }
        >
          <TextInput name="name" label={t("tenant.name")} required maxLength={200} data-autofocus />
          <TextInput
            name="slug"
            label={t("tenant.slug")}
            description={t("tenant.slugHint")}
            pattern="[a-z0-9][a-z0-9\-]*"
            required
            maxLength={63}
          />
          <TextInput name="adminName" label={t("tenant.adminName")} required maxLength={200} />
          <TextInput
            name="adminEmail"
            type="email"
            label={t("tenant.adminEmail")}
            required
            maxLength={254}
          />
        </FormModal>
      )}
      {made && (
        <Details title={made.tenant.name} onClose={() => setMade(null)}>
          <Facts of={[[t("user.email"), made.admin?.email]]} />
          {made.admin?.password && (
            <Copyable
              label={t("user.password")}
              description={t("user.passwordOnce")}
              value={made.admin.password}
            />
          )}
        </Details>
      )}
      {open?.act === "show" && open.of && <One tenant={open.of} onClose={close} />}
    </Frame>
  );
}

function One({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const { t } = useTranslation();
  const [deleting, setDeleting] = useState(false);
  const path = { params: { path: { id: tenant.id } } };
  const suspend = useAct(
    () => body(api.POST("/api/v1/tenants/{id}/suspend", path)),
    ["tenants"],
    onClose,
  );
  const resume = useAct(
    () => body(api.POST("/api/v1/tenants/{id}/resume", path)),
    ["tenants"],
    onClose,
  );
  const remove = useAct(() => body(api.DELETE("/api/v1/tenants/{id}", path)), ["tenants"], onClose);
  if (deleting) {
    return (
      <Sure
        text={t("tenant.deleteSure", { name: tenant.name })}
        act={t("form.delete")}
        busy={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => setDeleting(false)}
      />
    );
  }
  return (
    <Details title={tenant.name} onClose={onClose}>
      <Facts
        of={[
          [t("tenant.slug"), tenant.slug],
          [t("tenant.id"), tenant.id],
          [
            t("user.state"),
            <State key="s" of={tenant.state} name={t(`tenant.states.${tenant.state}`)} />,
          ],
          [t("tenant.since"), <When key="c" at={tenant.createdAt} />],
        ]}
      />
      <Trouble error={suspend.error ?? resume.error} />
      {tenant.state !== "deleting" && (
        <Group>
          {tenant.state === "active" ? (
            <Button variant="default" loading={suspend.isPending} onClick={() => suspend.mutate()}>
              {t("tenant.suspend")}
            </Button>
          ) : (
            <Button variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
              {t("tenant.resume")}
            </Button>
          )}
          <Button variant="light" color="red" onClick={() => setDeleting(true)}>
            {t("form.delete")}
          </Button>
        </Group>
      )}
    </Details>
  );
}
