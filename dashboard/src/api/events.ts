// Server-sent events with the session's token, which `EventSource` cannot send. A connection that breaks is made
// again, a little later each time; whoever listens ends it by the signal.
import { ApiError } from "./problem";
import { authorized } from "./session";

export type ServerEvent = { name: string; text: string };

const AGAIN_MS = 500;
const AGAIN_MS_MAX = 15_000;

/** Calls `on` for each event until it answers `"end"` or the signal is raised. A refusal (4xx) is thrown. */
export async function listen(path: string, signal: AbortSignal, on: (event: ServerEvent) => "end" | void): Promise<void> {
  let wait = AGAIN_MS;
  while (!signal.aborted) {
    try {
      const response = await authorized(new Request(path, { headers: { accept: "text/event-stream" }, signal }));
      if (response.status >= 400 && response.status < 500) throw new ApiError(await response.json());
      if (response.ok && response.body) {
        wait = AGAIN_MS;
        for await (const event of eventsOf(response.body)) if (on(event) === "end") return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status >= 400) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(AGAIN_MS_MAX, wait * 2);
  }
}

/** The events of a stream, as the HTML standard cuts them: by lines, ended by an empty one. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = "";
  let name = "message";
  let lines: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const all = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = all.pop() ?? "";
      for (const line of all) {
        if (line === "") {
          if (lines.length > 0) yield { name, text: lines.join("\n") };
          [name, lines] = ["message", []];
        } else if (line.startsWith("event:")) name = line.slice(6).trim();
        else if (line.startsWith("data:")) lines.push(line.slice(5).replace(/^ /, ""));
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
