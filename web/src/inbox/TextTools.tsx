import { ActionIcon, Popover, SimpleGrid, Tooltip } from "@mantine/core";
import {
  IconBold,
  IconCode,
  IconItalic,
  IconMoodSmile,
  IconStrikethrough,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Inbox.module.css";

const EMOJIS = [
  ..."😀😃😄😁😅😂🙂🙃😉😊😍😘😋😎🤔🤗🤩😐😏😬😴😷🤒😇🥳😢😭😤😡😱👍👎👌✌🤞👏🙌🙏💪👋🤝👀✅❌❗❓⚠⭐🔥🎉🎁💡💬📷📎📦📅⏰📍🚚💳🧾🏠🛒",
];

const MARKS = [
  ["bold", "*", IconBold],
  ["italic", "_", IconItalic],
  ["strike", "~", IconStrikethrough],
  ["code", "```", IconCode],
] as const;

/** Emojis, and the marks of text that WhatsApp knows. */
export default function TextTools({
  onInsert,
}: {
  onInsert: (before: string, after?: string) => void;
}) {
  const { t } = useTranslation();
  const [choosing, setChoosing] = useState(false);
  // Who has chosen one goes on writing; who has not is back at the button.
  const [chosen, setChosen] = useState(false);
  return (
    <>
      <Popover
        opened={choosing}
        onChange={setChoosing}
        position="top-start"
        trapFocus
        returnFocus={!chosen}
      >
        <Popover.Target>
          <Tooltip label={t("composer.emoji")}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              onClick={() => {
                setChosen(false);
                setChoosing(!choosing);
              }}
              aria-label={t("composer.emoji")}
            >
              <IconMoodSmile size={19} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown p={6}>
          <SimpleGrid cols={8} spacing={0} verticalSpacing={0}>
            {EMOJIS.map((emoji) => (
              <ActionIcon
                key={emoji}
                variant="subtle"
                color="gray"
                size={36}
                onClick={() => {
                  setChosen(true);
                  setChoosing(false);
                  onInsert(emoji);
                }}
                aria-label={emoji}
              >
                <span aria-hidden>{emoji}</span>
              </ActionIcon>
            ))}
          </SimpleGrid>
        </Popover.Dropdown>
      </Popover>
      {MARKS.map(([name, mark, Icon]) => (
        <Tooltip key={name} label={t(`composer.${name}`)}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            className={classes.mark}
            onClick={() => onInsert(mark, mark)}
            aria-label={t(`composer.${name}`)}
          >
            <Icon size={18} />
          </ActionIcon>
        </Tooltip>
      ))}
    </>
  );
}
