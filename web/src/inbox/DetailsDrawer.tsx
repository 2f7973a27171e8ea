import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ContactPanel } from "./ContactPanel";

/** Who the conversation is with, where there is no room beside it. */
export default function DetailsDrawer({
  conversationId,
  onClose,
}: {
  conversationId: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      title={t("contact.about")}
      closeButtonProps={{ "aria-label": t("contact.close") }}
    >
      <ContactPanel conversationId={conversationId} />
    </Drawer>
  );
}
