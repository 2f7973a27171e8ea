import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { IconMailPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { Details, Facts, FormModal, State, Trouble, useAct, useOpen, When } from "./Form";
import { CsvButton, Frame, List } from "./List";
import { RoleSelect } from "./Users";

type Invitation = components["schemas"]["Invitation"];

/** Who was asked to join by mail. */
export default function Invitations() {
  const { t } = useTranslation();
  const [state, setState] = useState("");
  const [open, setOpen] = useOpen<Invitation>();
  const close = () => setOpen(null);
  const invite = useAct(
    (input: components["schemas"]["NewInvitation"]) =>
      body(api.POST("/api/v1/invitations", { body: input })),
    ["invitations"],
    close,
  );
  return (
    <Frame
      title={t("sections.invitations")}
      hint={t("admin.invitations.hint")}
      actions={
        <Group gap="xs">
          <CsvButton
            path={`/api/v1/invitations?${new URLSearchParams(state ? { state } : {})}`}
            name="invitations"
          />
          <Button
            leftSection={<IconMailPlus size={16} />}
            onClick={() => {
              invite.reset();
              setOpen({ act: "new" });
            }}
          >
            {t("admin.invitations.new")}
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
            ...["open", "accepted", "revoked"].map((one) => ({
              value: one,
              label: t(`invitation.${one}`),
            })),
          ]}
        />
      }
    >
      <List<Invitation>
        queryKey={["invitations", state]}
        load={(after) =>
          body(
            api.GET("/api/v1/invitations", {
              params: { query: { limit: 50, after, ...(state ? { state } : {}) } },
            }),
          )
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.invitations.empty")}
        filtered={state !== ""}
        columns={[
          { name: t("user.email"), cell: (one) => one.email },
          { name: t("user.role"), cell: (one) => t(`role.${one.role}`) },
          {
            name: t("user.state"),
            cell: (one) => <State of={one.state} name={t(`invitation.${one.state}`)} />,
          },
          { name: t("invitation.by"), cell: (one) => one.invitedByName },
          { name: t("invitation.until"), cell: (one) => <When at={one.expiresAt} /> },
        ]}
      />
      {open?.act === "new" && (
        <FormModal
          title={t("admin.invitations.new")}
          submit={t("invitation.send")}
          busy={invite.isPending}
          error={invite.error}
          onClose={close}
          onSubmit={(form) =>
            invite.mutate({
              email: String(form.get("email")).trim(),
              role: String(form.get("role")) as Invitation["role"],
            })
          }
        >
          <TextInput
            name="email"
            type="email"
            label={t("user.email")}
            required
            maxLength={254}
            data-autofocus
          />
          <RoleSelect />
        </FormModal>
      )}
      {open?.act === "show" && open.of && <One invitation={open.of} onClose={close} />}
    </Frame>
  );
}

function One({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const { t } = useTranslation();
  const path = { params: { path: { id: invitation.id } } };
  const again = useAct(
    () => body(api.POST("/api/v1/invitations/{id}/resend", path)),
    ["invitations"],
    onClose,
  );
  const revoke = useAct(
    () => api.DELETE("/api/v1/invitations/{id}", path),
    ["invitations"],
    onClose,
  );
  return (
    <Details title={invitation.email} onClose={onClose}>
      <Facts
        of={[
          [t("user.role"), t(`role.${invitation.role}`)],
          [t("user.state"), t(`invitation.${invitation.state}`)],
          [t("invitation.by"), invitation.invitedByName],
          [t("invitation.sent"), <When key="s" at={invitation.sentAt} />],
          [t("invitation.until"), <When key="u" at={invitation.expiresAt} />],
          [t("invitation.ended"), invitation.endedAt && <When key="e" at={invitation.endedAt} />],
        ]}
      />
      <Trouble error={again.error ?? revoke.error} />
      {invitation.state === "open" && (
        <Group>
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
            {t("invitation.again")}
          </Button>
          <Button
            variant="light"
            color="red"
            loading={revoke.isPending}
            onClick={() => revoke.mutate()}
          >
            {t("invitation.revoke")}
          </Button>
        </Group>
      )}
    </Details>
  );
}
