import {
  ActionIcon,
  Alert,
  Box,
  Button,
  CloseButton,
  Group,
  SegmentedControl,
  Text,
  Textarea,
  Tooltip,
} from "@mantine/core";
import { IconClockExclamation, IconSend } from "@tabler/icons-react";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  lazy,
  Suspense,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
  type Ref,
} from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { type Conversation, type Message } from "../api/client";
import { session } from "../api/session";
import { Attachments } from "./Attachments";
import { ComposerTools } from "./ComposerTools";
import classes from "./Inbox.module.css";
import { tell } from "./live";
import { outbox } from "./outbox";
import { preview } from "./preview";
import { useCanned, useChoice } from "./suggesting";
import { left } from "./time";
import { kindOf, type Upload } from "./upload";

const VoiceRecorder = lazy(() => import("./VoiceRecorder"));
const ChoicesSender = lazy(() => import("./ChoicesSender"));
const TemplateSender = lazy(() => import("./TemplateSender"));
const TextTools = lazy(() => import("./TextTools"));
const NoteBox = lazy(() => import("./NoteBox"));
const Suggestions = lazy(async () => ({ default: (await import("./Suggestions")).Suggestions }));

const LONGEST = 4096;
/** WhatsApp takes no larger file of any kind. */
const LARGEST = 100 * 1024 * 1024;
const MOST = 10;
const TYPING_MS = 4000;
const draftKey = (id: string) => `parley.draft.${session.me()?.id}.${id}`;

export type ComposerHandle = {
  focus: () => void;
  drop: (files: Iterable<globalThis.File>) => void;
};

/** Writes the next message. What is written stays on this device until it is sent. */
export function Composer({
  conversation,
  replyTo,
  onReplied,
  ref,
}: {
  conversation: Conversation;
  replyTo: Message | null;
  onReplied: () => void;
  ref: Ref<ComposerHandle>;
}) {
  const { t } = useTranslation();
  const input = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => localStorage.getItem(draftKey(conversation.id)) ?? "");
  const [files, setFiles] = useState<Upload[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [recording, setRecording] = useState(false);
  const [noting, setNoting] = useState(false);
  const [asking, setAsking] = useState<"template" | "choices" | null>(null);
  const told = useRef(0);
  const list = useId();
  const canned = useCanned(conversation.id, text);
  const choice = useChoice(canned, (one) => setText(one.text));
  const open = useWindow(conversation.window);

  useEffect(() => {
    if (text) {
      localStorage.setItem(draftKey(conversation.id), text);
    } else {
      localStorage.removeItem(draftKey(conversation.id));
    }
  }, [text, conversation.id]);

  useEffect(() => {
    if (replyTo) {
      input.current?.focus();
    }
  }, [replyTo]);

  function take(chosen: Iterable<globalThis.File>) {
    setTrouble(null);
    const fresh: Upload[] = [];
    for (const file of chosen) {
      if (file.size > LARGEST) {
        setTrouble(t("composer.tooLarge", { name: file.name }));
      } else if (file.size === 0) {
        setTrouble(t("composer.emptyFile", { name: file.name }));
      } else {
        fresh.push({ blob: file, name: file.name || "file", kind: kindOf(file.type) });
      }
    }
    setFiles((was) => {
      if (was.length + fresh.length > MOST) {
        setTrouble(t("composer.tooMany", { count: MOST }));
      }
      return [...was, ...fresh].slice(0, MOST);
    });
    input.current?.focus();
  }

  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus(), drop: take }));

  function submit() {
    const said = text.trim();
    if (!said && files.length === 0) {
      return;
    }
    const reply = replyTo?.id ?? null;
    const [first, ...others] = files;
    const captioned = first && first.kind !== "audio" && said.length <= 1024;
    if (first) {
      outbox.addFile(conversation.id, first, captioned ? said : "", reply);
      others.forEach((file) => outbox.addFile(conversation.id, file, "", null));
    }
    if (said && !captioned) {
      outbox.add(conversation.id, { type: "text", body: said }, first ? null : reply);
    }
    setText("");
    setFiles([]);
    tell("typing.stop", { conversationId: conversation.id });
    told.current = 0;
    onReplied();
    input.current?.focus();
  }

  function write(value: string) {
    setText(value);
    if (value && Date.now() - told.current > TYPING_MS) {
      told.current = Date.now();
      tell("typing.start", { conversationId: conversation.id });
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (choice.key(event)) {
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape") {
      if (replyTo) {
        onReplied();
      } else {
        input.current?.blur();
      }
    }
  }

  function onPaste(event: ClipboardEvent) {
    if (event.clipboardData.files.length > 0) {
      event.preventDefault();
      take(event.clipboardData.files);
    }
  }

  /** Puts a text where the cursor is, or marks around what is selected. */
  function insert(before: string, after = "") {
    const box = input.current;
    const start = box?.selectionStart ?? text.length;
    const end = box?.selectionEnd ?? text.length;
    const chosen = text.slice(start, end);
    // At once: what is typed before the next frame would stand on the wrong side of the cursor.
    flushSync(() =>
      setText((text.slice(0, start) + before + chosen + after + text.slice(end)).slice(0, LONGEST)),
    );
    box?.focus();
    const at = start + before.length + (after ? chosen.length : 0);
    box?.setSelectionRange(at, at);
  }

  if (!session.may("conversations:write")) {
    return (
      <Box className={classes.composer}>
        <Text size="sm" c="dimmed">
          {t("composer.readOnly")}
        </Text>
      </Box>
    );
  }
  return (
    <Box className={classes.composer} data-note={noting || undefined}>
      <SegmentedControl
        size="xs"
        mb={6}
        value={noting ? "note" : "reply"}
        onChange={(value) => setNoting(value === "note")}
        aria-label={t("composer.mode")}
        data={[
          { value: "reply", label: t("composer.reply") },
          { value: "note", label: t("composer.note") },
        ]}
      />
      {replyTo && (
        <Group className={classes.quote} wrap="nowrap" justify="space-between">
          <Text size="xs" lineClamp={1}>
            {preview(replyTo)}
          </Text>
          <CloseButton size="xs" onClick={onReplied} aria-label={t("composer.noReply")} />
        </Group>
      )}
      {trouble && (
        <Alert
          color="red"
          mb="xs"
          role="alert"
          p="xs"
          withCloseButton
          closeButtonLabel={t("composer.close")}
          onClose={() => setTrouble(null)}
        >
          {trouble}
        </Alert>
      )}
      {noting ? (
        <Suspense>
          <NoteBox conversationId={conversation.id} />
        </Suspense>
      ) : open === "closed" ? (
        <Alert color="yellow" icon={<IconClockExclamation />} p="xs">
          {t("composer.closed")}
          <Button size="xs" mt="xs" display="block" onClick={() => setAsking("template")}>
            {t("templates.choose")}
          </Button>
        </Alert>
      ) : recording ? (
        <Suspense>
          <VoiceRecorder
            onDone={(voice) => {
              setRecording(false);
              if (voice) {
                outbox.addFile(conversation.id, voice, "", replyTo?.id ?? null);
                onReplied();
              }
            }}
          />
        </Suspense>
      ) : (
        <>
          {choice.open && (
            <Suspense>
              <Suggestions
                id={list}
                of={canned}
                at={choice.at}
                onChoose={(one) => setText(one.text)}
              />
            </Suspense>
          )}
          <Attachments files={files} onChange={setFiles} />
          <Textarea
            ref={input}
            autosize
            minRows={1}
            maxRows={8}
            maxLength={LONGEST}
            value={text}
            onChange={(event) => write(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            placeholder={t("composer.write")}
            aria-label={t("composer.write")}
            aria-controls={choice.open ? list : undefined}
            aria-activedescendant={choice.open ? `${list}.${choice.at}` : undefined}
          />
          <Group justify="space-between" mt={6} wrap="nowrap" gap={4}>
            <Group gap={2} wrap="nowrap">
              <ComposerTools
                onFiles={take}
                onRecord={() => setRecording(true)}
                onAsk={setAsking}
              />
              <Suspense>
                <TextTools onInsert={insert} />
              </Suspense>
            </Group>
            <Group gap="xs" wrap="nowrap">
              {typeof open === "object" && open.hours < 4 && (
                <Text size="xs" c="dimmed" role="status" className={classes.countdown}>
                  {t("composer.left", open)}
                </Text>
              )}
              <Tooltip label={t("composer.send")}>
                <ActionIcon
                  size="lg"
                  onClick={submit}
                  disabled={!text.trim() && files.length === 0}
                  aria-label={t("composer.send")}
                >
                  <IconSend size={18} />
                </ActionIcon>
              </Tooltip>
            </Group>
          </Group>
        </>
      )}
      <Suspense>
        {asking === "template" && (
          <TemplateSender conversation={conversation} onClose={() => setAsking(null)} />
        )}
        {asking === "choices" && (
          <ChoicesSender
            text={text.trim()}
            onClose={() => setAsking(null)}
            onSend={(content) => {
              outbox.add(conversation.id, content, replyTo?.id ?? null);
              setAsking(null);
              setText("");
              onReplied();
            }}
          />
        )}
      </Suspense>
    </Box>
  );
}

/** What is left of the 24 hours, told anew each minute; `free` where the channel has no such rule. */
function useWindow(until: string | undefined) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return until ? (left(until, now) ?? "closed") : "free";
}
