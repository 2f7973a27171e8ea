import { Avatar, createTheme, Menu } from "@mantine/core";

const TITLE = { fontSize: "var(--mantine-font-size-lg)", fontWeight: 700, overflowWrap: "anywhere" } as const;

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 9,
  autoContrast: true,
  fontFamily:
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // A place for the focus that is no item is none that a menu may have.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    // By their names: most pages need neither when they are first shown.
    Modal: { styles: { title: TITLE } },
    Drawer: { styles: { title: TITLE } },
    // Only colours whose letters app.css makes dark enough: names are not to decide who can read.
    Avatar: Avatar.extend({
      defaultProps: {
        allowedInitialsColors: ["blue", "grape", "orange", "pink", "red", "teal", "yellow"],
      },
    }),
  },
});
