import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Inbox.module.css";
import type { Upload } from "./upload";

const LONGEST_S = 15 * 60;
const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

/** Records a voice note; answers it, or nothing when it was thrown away. The microphone is let go in either case. */
export default function VoiceRecorder({ onDone }: { onDone: (voice: Upload | null) => void }) {
  const { t } = useTranslation();
  const [seconds, setSeconds] = useState(0);
  const [refused, setRefused] = useState(false);
  const recorder = useRef<MediaRecorder | null>(null);
  const done = useRef(onDone);
  done.current = onDone;

  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    let stream: MediaStream | undefined;
    let gone = false;
    navigator.mediaDevices
      ?.getUserMedia({ audio: true })
      .then((microphone) => {
        stream = microphone;
        if (gone) {
          microphone.getTracks().forEach((track) => track.stop());
          return;
        }
        const type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
        const parts: Blob[] = [];
        const made = new MediaRecorder(microphone, type ? { mimeType: type } : {});
        recorder.current = made;
        made.ondataavailable = (event) => parts.push(event.data);
        made.onstop = () => {
          const plain = (made.mimeType || "audio/webm").split(";")[0]!;
          const blob = new Blob(parts, { type: plain });
          done.current(
            blob.size > 0 ? { blob, name: `voice.${plain.split("/")[1]}`, kind: "voice" } : null,
          );
        };
        made.start(1000);
        timer = setInterval(() => setSeconds((was) => was + 1), 1000);
      })
      .catch(() => setRefused(true)) ?? setRefused(true);
    return () => {
      gone = true;
      clearInterval(timer);
      if (recorder.current?.state === "recording") {
        recorder.current.onstop = null;
        recorder.current.stop();
      }
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);

  useEffect(() => {
    if (seconds >= LONGEST_S) {
      recorder.current?.stop();
    }
  }, [seconds]);

  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <Group justify="space-between" wrap="nowrap" mih={44}>
      <Group gap="xs" wrap="nowrap" role="status">
        {!refused && <span className={classes.recording} aria-hidden />}
        <Text size="sm">
          {refused ? t("composer.noMicrophone") : t("composer.recording", { clock })}
        </Text>
      </Group>
      <Group gap={4} wrap="nowrap">
        <Tooltip label={t("composer.discard")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            onClick={() => onDone(null)}
            aria-label={t("composer.discard")}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Tooltip>
        {!refused && (
          <Tooltip label={t("composer.sendVoice")}>
            <ActionIcon
              size="lg"
              onClick={() => recorder.current?.stop()}
              disabled={seconds < 1}
              aria-label={t("composer.sendVoice")}
            >
              <IconCheck size={18} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </Group>
  );
}
