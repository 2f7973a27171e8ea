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

/** What only the administration says. */
const adminTexts: typeof texts = {
  en: () => import("./admin/en.json"),
  pt: () => import("./admin/pt.json"),
  es: () => import("./admin/es.json"),
};

const sources = [texts];
const loaded = new Set<string>();

async function load(code: string): Promise<void> {
  for (const [index, source] of sources.entries()) {
    const from = source[code];
    if (from && !loaded.has(`${index}.${code}`)) {
      const { default: words } = await from();
      i18n.addResourceBundle(code, "translation", words, true);
      loaded.add(`${index}.${code}`);
    }
  }
}

/** Brings the texts of the administration, now and in languages that are chosen later. */
export async function withAdminTexts(): Promise<void> {
  if (!sources.includes(adminTexts)) {
    sources.push(adminTexts);
  }
  await load(i18n.language);
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
    // A text that is missing is a fault: tests look for this line.
    saveMissing: true,
    missingKeyHandler: (_languages, _namespace, key) => console.error(`a text is missing: ${key}`),
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
