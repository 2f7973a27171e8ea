import i18n from "i18next";
import { initReactI18next } from "react-i18next";

const texts: Record<string, () => Promise<{ default: object }[]>> = {
  en: () => Promise.all([import("../i18n/en.json"), import("../i18n/widget/en.json")]),
  pt: () => Promise.all([import("../i18n/pt.json"), import("../i18n/widget/pt.json")]),
  es: () => Promise.all([import("../i18n/es.json"), import("../i18n/widget/es.json")]),
};

/** Starts in the language that the desktop names, else the browser's, else English. Nothing is remembered. */
export async function begin(wanted: string): Promise<void> {
  const language =
    [wanted, ...navigator.languages]
      .map((code) => code.slice(0, 2).toLowerCase())
      .find((code) => code in texts) ?? "en";
  await i18n.use(initReactI18next).init({
    lng: language,
    resources: {},
    interpolation: { escapeValue: false },
    saveMissing: true,
    missingKeyHandler: (_languages, _namespace, key) => console.error(`a text is missing: ${key}`),
  });
  for (const { default: words } of await texts[language]!()) {
    i18n.addResourceBundle(language, "translation", words, true);
  }
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
}
