import { CloseButton, Group, Image, Text } from "@mantine/core";
import { IconFile, IconMusic, IconVideo } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Inbox.module.css";
import type { Upload } from "./upload";

/** The files that go with the next message. */
export function Attachments({
  files,
  onChange,
}: {
  files: Upload[];
  onChange: (files: Upload[]) => void;
}) {
  const { t } = useTranslation();
  if (files.length === 0) {
    return null;
  }
  return (
    <Group
      gap="xs"
      mb="xs"
      component="ul"
      className={classes.attachments}
      aria-label={t("composer.files")}
    >
      {files.map((file, index) => (
        <li key={`${index}.${file.name}`} className={classes.attachment}>
          <Preview file={file} />
          <Text size="xs" truncate maw={120}>
            {file.name}
          </Text>
          <CloseButton
            size="sm"
            onClick={() => onChange(files.filter((other) => other !== file))}
            aria-label={t("composer.removeFile", { name: file.name })}
          />
        </li>
      ))}
    </Group>
  );
}

function Preview({ file }: { file: Upload }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file.blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  if (file.kind === "image") {
    return <Image src={url} w={36} h={36} radius="sm" alt="" />;
  }
  const Icon = file.kind === "video" ? IconVideo : file.kind === "audio" ? IconMusic : IconFile;
  return <Icon size={22} aria-hidden />;
}
