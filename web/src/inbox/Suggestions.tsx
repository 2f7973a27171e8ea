import { Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./Inbox.module.css";

export type Suggestion = { id: string; name: string; hint?: string; text: string };

/** What could stand where somebody writes; chosen by the keyboard of the field or by a click. */
export function Suggestions({
  id,
  of,
  at,
  onChoose,
}: {
  id: string;
  of: Suggestion[];
  at: number;
  onChoose: (one: Suggestion) => void;
}) {
  const { t } = useTranslation();
  return (
    <div
      className={classes.suggestions}
      role="listbox"
      id={id}
      aria-label={t("composer.suggestions")}
    >
      {of.map((one, index) => (
        <UnstyledButton
          key={one.id}
          id={`${id}.${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className={classes.suggestion}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(one)}
        >
          <Text size="sm" fw={600} span>
            {one.name}
          </Text>
          {one.hint && (
            <Text size="xs" c="dimmed" truncate>
              {one.hint}
            </Text>
          )}
        </UnstyledButton>
      ))}
    </div>
  );
}
