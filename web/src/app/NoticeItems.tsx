import { Menu } from "@mantine/core";
import { IconBell, IconBellOff, IconVolume, IconVolumeOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNotice } from "../inbox/notices";

/** Whether this device shows and sounds a notice when a customer writes. */
export function NoticeItems() {
  const { t } = useTranslation();
  const [desktop, setDesktop] = useNotice("desktop");
  const [sound, setSound] = useNotice("sound");
  return (
    <>
      <Menu.Item
        role="menuitemcheckbox"
        aria-checked={desktop}
        closeMenuOnClick={false}
        leftSection={desktop ? <IconBell size={16} /> : <IconBellOff size={16} />}
        onClick={() => void setDesktop(!desktop)}
      >
        {t(desktop ? "preferences.desktopOn" : "preferences.desktopOff")}
      </Menu.Item>
      <Menu.Item
        role="menuitemcheckbox"
        aria-checked={sound}
        closeMenuOnClick={false}
        leftSection={sound ? <IconVolume size={16} /> : <IconVolumeOff size={16} />}
        onClick={() => void setSound(!sound)}
      >
        {t(sound ? "preferences.soundOn" : "preferences.soundOff")}
      </Menu.Item>
    </>
  );
}
