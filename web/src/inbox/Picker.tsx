import { Popover, type PopoverProps, UnstyledButton } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";
import classes from "./Inbox.module.css";

/** Things to choose from, with a field to find them: not a menu, in which no field may stand. */
export function Picker({
  target,
  opened,
  onChange,
  width = 240,
  position = "bottom-end",
  children,
}: {
  /** What opens it; it must change `opened` itself. */
  target: ReactElement;
  opened: boolean;
  onChange: (opened: boolean) => void;
  width?: number;
  position?: NonNullable<PopoverProps["position"]>;
  children: ReactNode;
}) {
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      width={width}
      position={position}
      trapFocus
      returnFocus
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown p={4}>{children}</Popover.Dropdown>
    </Popover>
  );
}

/** One of them. */
export function Pick({
  icon,
  onClick,
  children,
}: {
  icon?: ReactNode;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <UnstyledButton className={classes.pick} onClick={onClick}>
      {icon}
      <span>{children}</span>
    </UnstyledButton>
  );
}
