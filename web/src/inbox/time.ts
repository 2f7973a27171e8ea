/** Today the hour, this week the day, else the date; short. */
export function ago(at: string, language: string, now = new Date()): string {
  const then = new Date(at);
  if (then.toDateString() === now.toDateString()) {
    return then.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  }
  if (now.getTime() - then.getTime() < 6 * 86_400_000) {
    return then.toLocaleDateString(language, { weekday: "short" });
  }
  return then.toLocaleDateString(language, { day: "numeric", month: "short" });
}

/** The line between days. */
export function day(at: string, language: string): string {
  return new Date(at).toLocaleDateString(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: new Date(at).getFullYear() === new Date().getFullYear() ? undefined : "numeric",
  });
}

export function hour(at: string, language: string): string {
  return new Date(at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

export function moment(at: string, language: string): string {
  return new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "medium" });
}

/** What is left until a time as hours and minutes; null when it has passed. */
export function left(until: string, now = Date.now()): { hours: number; minutes: number } | null {
  const minutes = Math.floor((Date.parse(until) - now) / 60_000);
  return minutes < 0 ? null : { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}
