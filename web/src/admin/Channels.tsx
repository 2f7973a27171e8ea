import { Button, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import type { components } from "../api/schema";
import { session } from "../api/session";
import { ChannelDetails } from "./ChannelDetails";
import { ChannelSetup } from "./ChannelSetup";
import { State, useOpen, When } from "./Form";
import { CsvButton, Frame, List } from "./List";

type Channel = components["schemas"]["Channel"];

/** The accounts by which customers are reached. */
export default function Channels() {
  const { t } = useTranslation();
  const [open, setOpen] = useOpen<Channel>();
  const close = () => setOpen(null);
  return (
    <Frame
      title={t("sections.channels")}
      hint={t("admin.channels.hint")}
      actions={
        <Group gap="xs">
          <CsvButton path="/api/v1/channels" name="channels" />
          {session.may("channels:manage") && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ act: "new" })}>
              {t("admin.channels.new")}
            </Button>
          )}
        </Group>
      }
    >
      <List<Channel>
        queryKey={["channels-admin"]}
        load={(after) =>
          body(api.GET("/api/v1/channels", { params: { query: { limit: 50, after } } }))
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.channels.empty")}
        columns={[
          { name: t("channel.name"), cell: (one) => one.name },
          {
            name: t("channel.kind"),
            cell: (one) => t(`channel.kinds.${one.kind}`, { defaultValue: one.kind }),
          },
          {
            name: t("user.state"),
            cell: (one) => (
              <State
                of={one.lastError ? "error" : one.state}
                name={one.lastError ? t("channel.trouble") : t(`channel.states.${one.state}`)}
              />
            ),
          },
          { name: t("channel.lastError"), cell: (one) => one.lastError },
          { name: t("channel.since"), cell: (one) => <When at={one.createdAt} /> },
        ]}
      />
      {open?.act === "new" && <ChannelSetup onClose={close} />}
      {open?.act === "show" && open.of && <ChannelDetails channel={open.of} onClose={close} />}
    </Frame>
  );
}
