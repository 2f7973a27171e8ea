import { ActionIcon, Group, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import classes from "./Inbox.module.css";
import { own } from "./MessageContent";

const BARS = 40;
type Known = { waveform?: number[]; durationMs?: number };

/** A voice note or another sound: its loudness as a picture, in which one can go to a moment. */
export function Sound({
  fileId,
  link,
  name,
}: {
  fileId: string | undefined;
  link: string;
  name: string;
}) {
  const { t } = useTranslation();
  const sound = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [broken, setBroken] = useState(false);
  const file = useQuery({
    queryKey: ["file", fileId],
    enabled: fileId !== undefined,
    staleTime: 10 * 60_000,
    retry: false,
    queryFn: () => body(api.GET("/api/v1/files/{id}", { params: { path: { id: fileId! } } })),
  }).data;
  const known = (file?.metadata ?? {}) as unknown as Known;
  const playable = file?.renditions?.find((one) => one.name === "playable")?.url;
  const seconds = known.durationMs ? known.durationMs / 1000 : length;
  const done = seconds > 0 ? at / seconds : 0;

  function toggle() {
    if (playing) {
      sound.current?.pause();
    } else {
      void sound.current?.play().catch(() => setBroken(true));
    }
  }
  function seek(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    if (sound.current && seconds > 0) {
      sound.current.currentTime = ((event.clientX - box.left) / box.width) * seconds;
    }
  }
  return (
    <Group gap="xs" wrap="nowrap" role="group" aria-label={name} className={classes.sound}>
      <audio
        ref={sound}
        preload="none"
        src={own(playable) ?? link}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) =>
          setLength(
            Number.isFinite(event.currentTarget.duration) ? event.currentTarget.duration : 0,
          )
        }
        onError={() => setBroken(true)}
      />
      <ActionIcon
        radius="xl"
        size="lg"
        onClick={toggle}
        aria-label={t(playing ? "content.pause" : "content.play")}
      >
        {playing ? <IconPlayerPause size={18} /> : <IconPlayerPlay size={18} />}
      </ActionIcon>
      <div className={classes.wave} onPointerDown={seek} aria-hidden>
        {bars(known.waveform).map((height, index) => (
          <span
            key={index}
            style={{ height: `${height}%` }}
            data-played={index / BARS < done || undefined}
          />
        ))}
      </div>
      <Text size="xs" c="dimmed" className={classes.clock}>
        {broken ? t("content.notPlayable") : clock(at > 0 ? at : seconds)}
      </Text>
    </Group>
  );
}

function bars(waveform: number[] | undefined): number[] {
  return Array.from({ length: BARS }, (_, index) => {
    const peak = waveform?.[Math.floor((index / BARS) * waveform.length)] ?? 40;
    return 12 + (88 * Math.min(peak, 255)) / 255;
  });
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
