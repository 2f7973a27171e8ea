import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { session } from "../api/session";
import { genesysHealth, type Integration } from "../inbox/genesys";
import { State, useOpen, When } from "./Form";
import { GenesysDetails } from "./GenesysDetails";
import { GenesysSetup } from "./GenesysSetup";
import { Frame, List } from "./List";

/** The connections with Genesys Cloud, where agents answer in another desktop. */
export default function Genesys() {
  const { t } = useTranslation();
  const [open, setOpen] = useOpen<Integration>();
  const close = () => setOpen(null);
  const health = useQuery(genesysHealth).data;
  return (
    <Frame
      title={t("sections.genesys")}
      hint={t("admin.genesys.hint")}
      actions={
        session.may("channels:manage") && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ act: "new" })}>
            {t("admin.genesys.new")}
          </Button>
        )
      }
    >
      <List<Integration>
        queryKey={["genesys", "list"]}
        load={(after) =>
          body(
            api.GET("/api/v1/genesys/integrations", { params: { query: { limit: 50, after } } }),
          )
        }
        idOf={(one) => one.id}
        onOpen={(one) => setOpen({ act: "show", of: one })}
        empty={t("admin.genesys.empty")}
        columns={[
          { name: t("channel.name"), cell: (one) => one.name },
          { name: t("genesysSetup.region"), cell: (one) => one.region },
          {
            name: t("user.state"),
            cell: (one) => {
              const seen = health?.desks.find((desk) => desk.integrationId === one.id);
              const state = seen?.state ?? "unknown";
              return <State of={state} name={t(`genesysDesk.states.${state}`)} />;
            },
          },
          {
            name: t("genesysDesk.detail"),
            cell: (one) => health?.desks.find((desk) => desk.integrationId === one.id)?.detail,
          },
          { name: t("genesysDesk.lastWebhook"), cell: (one) => <When at={one.lastWebhookAt} /> },
        ]}
      />
      {open?.act === "new" && <GenesysSetup onClose={close} />}
      {open?.act === "show" && open.of && (
        <GenesysDetails
          integration={open.of}
          onSetUp={() => setOpen({ act: "go-on", of: open.of as Integration })}
          onClose={close}
        />
      )}
      {open?.act === "go-on" && open.of && <GenesysSetup begun={open.of} onClose={close} />}
    </Frame>
  );
}
