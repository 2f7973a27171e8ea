import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { session } from "../api/session";
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

type User = components["schemas"]["User"];
type Role = User["role"];
const ROLES: Role[] = ["admin", "manager", "agent", "read-only", "member"];
const LISTS = ["users", "user", "colleagues"];

/** Who works here, in which role. */
export default function Users() {
  const { t } = useTranslation();
  const [role, setRole] = useState("");
  const [open, setOpen] = useOpen<User>();
  const close = () => setOpen(null);
  return (
    <Frame
      title={t("sections.users")}
      hint={t("admin.users.hint")}
      actions={
        <Group gap="xs">
          <CsvButton
            path={`/api/v1/users?${new URLSearchParams(role ? { role } : {})}`}
            name="users"
          />
          <Button leftSection={<IconUserPlus size={16} />} onClick={() => setOpen({ act: "new" })}>
            {t("admin.users.new")}
          </Button>
        </Group>
      }
      tools={
        <NativeSelect
          label={t("user.role")}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value)}
          data={[
            { value: "", label: t("list.any") },
            ...ROLES.map((one) => ({ value: one, label: t(`role.${one}`) })),
          ]}
        />
      }
    >
      <List<User>
        queryKey={["users", role]}
        load={(after) =>
          body(
            api.GET("/api/v1/users", {
              params: { query: { limit: 50, after, ...(role ? { role } : {}) } },
            }),
          )
        }
        idOf={(user) => user.id}
        onOpen={(user) => setOpen({ act: "show", of: user })}
        empty={t("admin.users.empty")}
        filtered={role !== ""}
        columns={[
          { name: t("user.name"), cell: (user) => user.name },
          { name: t("user.email"), cell: (user) => user.email },
          { name: t("user.role"), cell: (user) => t(`role.${user.role}`) },
          {
            name: t("user.state"),
            cell: (user) => <State of={user.state} name={t(`user.states.${user.state}`)} />,
          },
          { name: t("user.lastSignIn"), cell: (user) => <When at={user.lastSignInAt} /> },
        ]}
      />
      {open?.act === "new" && <NewUser onClose={close} />}
      {open?.act === "show" && open.of && <OneUser user={open.of} onClose={close} />}
    </Frame>
  );
}

function NewUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<User | null>(null);
  const make = useAct(
    (input: { email: string; name: string; role: Role }) =>
      body(api.POST("/api/v1/users", { body: input })),
    LISTS,
    (user) => setMade(user as User),
  );
  if (made) {
    return (
      <Details title={t("admin.users.made", { name: made.name })} onClose={onClose}>
        {made.password && (
          <Copyable
            label={t("user.password")}
            description={t("user.passwordOnce")}
            value={made.password}
          />
        )}
      </Details>
    );
  }
  return (
    <FormModal
      title={t("admin.users.new")}
      submit={t("form.create")}
      busy={make.isPending}
      error={make.error}
      onClose={onClose}
      onSubmit={(form) =>
        make.mutate({
          email: String(form.get("email")).trim(),
          name: String(form.get("name")).trim(),
          role: String(form.get("role")) as Role,
        })
      }
    >
      <TextInput name="name" label={t("user.name")} required maxLength={200} data-autofocus />
      <TextInput name="email" type="email" label={t("user.email")} required maxLength={254} />
      <RoleSelect />
    </FormModal>
  );
}

/** A role to choose, the lowest at first. */
export function RoleSelect({ value }: { value?: Role }) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      name="role"
      label={t("user.role")}
      description={t("user.roleHint")}
      defaultValue={value ?? "agent"}
      data={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
    />
  );
}

function OneUser({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(user);
  const [asking, setAsking] = useState<"delete" | "disable" | null>(null);
  const [password, setPassword] = useState<string | null>(null);
  const own = session.me()?.id === user.id;
  const path = { params: { path: { id: user.id } } };
  const change = useAct(
    (input: components["schemas"]["UserChange"]) =>
      body(api.PATCH("/api/v1/users/{id}", { ...path, body: input })),
    LISTS,
    (changed) => {
      setNow(changed as User);
      setAsking(null);
    },
  );
  const reset = useAct(
    () => body(api.POST("/api/v1/users/{id}/reset-password", path)),
    LISTS,
    (fresh) => setPassword(fresh.password),
  );
  const remove = useAct(() => api.DELETE("/api/v1/users/{id}", path), LISTS, onClose);
  if (asking === "delete") {
    return (
      <Sure
        text={t("admin.users.deleteSure", { name: user.name })}
        act={t("form.delete")}
        busy={remove.isPending}
        error={remove.error}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(null)}
      />
    );
  }
  return (
    <Details title={now.name} onClose={onClose}>
      <Facts
        of={[
          [t("user.email"), now.email],
          [t("user.state"), <State key="s" of={now.state} name={t(`user.states.${now.state}`)} />],
          [t("user.since"), <When key="c" at={now.createdAt} />],
          [t("user.lastSignIn"), <When key="l" at={now.lastSignInAt} />],
        ]}
      />
      <NativeSelect
        label={t("user.role")}
        description={t("user.roleChange")}
        value={now.role}
        disabled={own || change.isPending}
        onChange={(event) => change.mutate({ role: event.currentTarget.value as Role })}
        data={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
      />
      <Trouble error={change.error ?? reset.error} />
      {password && (
        <Copyable
          label={t("user.password")}
          description={t("user.passwordOnce")}
          value={password}
        />
      )}
      {!own && (
        <Group>
          <Button variant="default" loading={reset.isPending} onClick={() => reset.mutate()}>
            {t("admin.users.reset")}
          </Button>
          <Button
            variant="default"
            loading={change.isPending}
            onClick={() => change.mutate({ state: now.state === "active" ? "disabled" : "active" })}
          >
            {t(now.state === "active" ? "admin.users.disable" : "admin.users.enable")}
          </Button>
          <Button variant="light" color="red" onClick={() => setAsking("delete")}>
            {t("form.delete")}
          </Button>
        </Group>
      )}
    </Details>
  );
}
