import { ActionIcon, FileButton, Tooltip } from "@mantine/core";
import { IconListDetails, IconMicrophone, IconPaperclip, IconTemplate } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { session } from "../api/session";

/** What can be sent besides text. */
export function ComposerTools({
  onFiles,
  onRecord,
  onAsk,
}: {
  onFiles: (files: globalThis.File[]) => void;
  onRecord: () => void;
  onAsk: (what: "template" | "choices") => void;
}) {
  const { t } = useTranslation();
  const files = session.may("files:write");
  return (
    <>
      {files && (
        <FileButton multiple onChange={onFiles}>
          {(props) => (
            <Tool name={t("composer.attach")} Icon={IconPaperclip} onClick={props.onClick} />
          )}
        </FileButton>
      )}
      {files && "MediaRecorder" in window && (
        <Tool name={t("composer.record")} Icon={IconMicrophone} onClick={onRecord} />
      )}
      <Tool
        name={t("templates.choose")}
        Icon={IconTemplate}
        onClick={() => onAsk("template")}
      />
      <Tool name={t("choices.title")} Icon={IconListDetails} onClick={() => onAsk("choices")} />
    </>
  );
}

function Tool({
  name,
  Icon,
  onClick,
}: {
  name: string;
  Icon: ComponentType<{ size: number }>;
  onClick: () => void;
}) {
  return (
    <Tooltip label={name}>
      <ActionIcon variant="subtle" color="gray" size="lg" onClick={onClick} aria-label={name}>
        <Icon size={19} />
      </ActionIcon>
    </Tooltip>
  );
}
