import type { components } from "../api/schema";
import type { Filled } from "./TemplateBubble";

type Template = components["schemas"]["MessageTemplate"];
export type Part = { type?: string; format?: string; text?: string };

export function partsOf(template: Template): Part[] {
  return (template.components ?? []) as unknown as Part[];
}

/** The variables of a template, in the order in which they are filled in. */
export function variablesOf(template: Template): { component: string; name: string }[] {
  return partsOf(template)
    .filter((part) => ["HEADER", "BODY"].includes(part.type?.toUpperCase() ?? "") && part.text)
    .flatMap((part) => {
      const names = [
        ...new Set([...part.text!.matchAll(/\{\{\s*([\w]+)\s*\}\}/g)].map((found) => found[1]!)),
      ];
      return (
        template.parameterFormat === "named" ? names : names.sort((a, b) => Number(a) - Number(b))
      ).map((name) => ({ component: part.type!.toLowerCase(), name }));
    });
}

/** The components of a message with these values, one for each of [variablesOf]. */
export function filled(template: Template, values: string[]): Filled[] {
  const named = template.parameterFormat === "named";
  return ["header", "body"].flatMap((component) => {
    const parameters = variablesOf(template).flatMap((variable, index) =>
      variable.component === component
        ? [
            {
              type: "text",
              text: values[index] ?? "",
              ...(named ? { parameter_name: variable.name } : {}),
            },
          ]
        : [],
    );
    return parameters.length > 0 ? [{ type: component, parameters }] : [];
  });
}
