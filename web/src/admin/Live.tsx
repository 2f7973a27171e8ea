import { useLive } from "../inbox/live";

/** Keeps what others change up to date, and hears of it when we may do something else. */
export default function Live() {
  useLive();
  return null;
}
