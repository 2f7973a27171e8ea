/** What the server says when it refuses: RFC 9457, with a stable code. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly errors: { field?: string; detail?: string }[] = [],
    readonly retryAfterMs: number | null = null,
  ) {
    super(detail);
    this.name = "ProblemError";
  }
}

/** What an answer says that is a refusal. */
export async function problem(response: Response): Promise<ProblemError> {
  const seconds = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
  try {
    const body = await response.clone().json();
    return new ProblemError(
      response.status,
      body.code ?? "unknown",
      body.detail ?? body.title ?? "",
      body.errors ?? [],
      retryAfter,
    );
  } catch {
    return new ProblemError(response.status, "unknown", "", [], retryAfter);
  }
}
