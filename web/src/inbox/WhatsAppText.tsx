import { Anchor, Code } from "@mantine/core";
import type { ReactNode } from "react";

const MARKS =
  /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])|\*(\S(?:[^*\n]*\S)?)\*|_(\S(?:[^_\n]*\S)?)_|~(\S(?:[^~\n]*\S)?)~|```([\s\S]+?)```|`([^`\n]+)`/g;

/** Text with WhatsApp's marks and links. Everything becomes text nodes; nothing of it is ever taken for markup. */
export function WhatsAppText({ text }: { text: string }) {
  return <>{parse(text)}</>;
}

function parse(text: string): ReactNode[] {
  const nodes: ReactNode[] = [];
  let last = 0;
  for (const match of text.matchAll(MARKS)) {
    const [whole, url, bold, italic, struck, block, code] = match;
    const before = text[match.index - 1];
    const after = text[match.index + whole.length];
    // A mark inside a word, as in snake_case_names, is none.
    if (!url && ((before && /\w/.test(before)) || (after && /\w/.test(after)))) {
      continue;
    }
    nodes.push(text.slice(last, match.index));
    const key = match.index;
    if (url) {
      nodes.push(
        <Anchor key={key} href={url} target="_blank" rel="noopener noreferrer nofollow" inherit>
          {url}
        </Anchor>,
      );
    } else if (bold) {
      nodes.push(<strong key={key}>{parse(bold)}</strong>);
    } else if (italic) {
      nodes.push(<em key={key}>{parse(italic)}</em>);
    } else if (struck) {
      nodes.push(<s key={key}>{parse(struck)}</s>);
    } else {
      nodes.push(
        <Code key={key} block={!!block}>
          {block ?? code}
        </Code>,
      );
    }
    last = match.index + whole.length;
  }
  nodes.push(text.slice(last));
  return nodes;
}
