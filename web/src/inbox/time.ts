const STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  hour: { hour: "2-digit", minute: "2-digit" },
  weekday: { weekday: "short" },
  date: { day: "numeric", month: "short" },
  day: { weekday: "long", day: "numeric", month: "long" },
  dayOfYear: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  moment: { dateStyle: "medium", timeStyle: "medium" },
};

// Making one takes longer than drawing what it writes.
const made = new Map<string, Intl.DateTimeFormat>();

function written(at: Date, language: string, style: keyof typeof STYLES): string {
  const key = `${language} ${style}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, STYLES[style]);
    made.set(key, format);
  }
  return format.format(at);
}

/** Today the hour, this week the day, else the date; short. */
export function ago(at: string, language: string, now = new Date()): string {
  const then = new Date(at);
  if (then.toDateString() === now.toDateString()) {
    return written(then, language, "hour");
  }
  const days = (now.getTime() - then.getTime()) / 86_400_000;
  return written(then, language, days < 6 ? "weekday" : "date");
}

/** The line between days. */
export function day(at: string, language: string): string {
  const then = new Date(at);
  const thisYear = then.getFullYear() === new Date().getFullYear();
  return written(then, language, thisYear ? "day" : "dayOfYear");
}

export function hour(at: string, language: string): string {
  return written(new Date(at), language, "hour");
}

export function moment(at: string, language: string): string {
  return written(new Date(at), language, "moment");
}

/** What is left until a time as hours and minutes; null when it has passed. */
export function left(until: string, now = Date.now()): { hours: number; minutes: number } | null {
  const minutes = Math.floor((Date.parse(until) - now) / 60_000);
  return minutes < 0 ? null : { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}
