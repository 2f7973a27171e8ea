import { Avatar, createTheme } from "@mantine/core";

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
    // Only colours whose letters app.css makes dark enough: names are not to decide who can read.
    Avatar: Avatar.extend({
      defaultProps: {
        allowedInitialsColors: ["blue", "grape", "orange", "pink", "red", "teal", "yellow"],
      },
    }),
  },
});
