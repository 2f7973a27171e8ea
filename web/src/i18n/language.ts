import i18n from "i18next";
import { initReactI18next } from "react-i18next";

/** Every language of the screen, by its own name. */
export const LANGUAGES: Record<string, string> = { en: "English", pt: "Português", es: "Español" };
const KEY = "parley.language";

const texts: Record<string, () => Promise<{ default: object }>> = {
  en: () => import("./en.json"),
  pt: () => import("./pt.json"),
  es: () => import("./es.json"),
};

async function load(code: string): Promise<void> {
  const from = texts[code];
  if (from && !i18n.hasResourceBundle(code, "translation")) {
    i18n.addResourceBundle(code, "translation", (await from()).default);
  }
}

/** Starts with the language that was chosen here, else the browser's, else English. */
export async function beginLanguage(): Promise<void> {
  const wanted = [localStorage.getItem(KEY), ...navigator.languages]
    .map((code) => code?.slice(0, 2).toLowerCase() ?? "")
    .find((code) => code in LANGUAGES);
  await i18n.use(initReactI18next).init({
    lng: wanted ?? "en",
    resources: {},
    interpolation: { escapeValue: false },
  });
  await setLanguage(wanted ?? "en");
}

/** Changes the language and remembers it on this device. */
export async function setLanguage(code: string): Promise<void> {
  await load(code);
  await i18n.changeLanguage(code);
  document.documentElement.lang = code;
  localStorage.setItem(KEY, code);
}
