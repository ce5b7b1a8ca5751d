// The real binary, on a data directory of its own and a port that was free; and a browser to look at it with.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

const BINARY = process.env.TESSERA_BINARY ?? new URL("../../target/debug/tessera", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const START_MS_MAX = 30_000;

export class Server {
  private constructor(
    private readonly process: ChildProcess,
    private readonly data: string,
    /** What it prints on its first start. */
    readonly greeting: string,
    readonly url: string,
  ) {}

  /** `prepare` fills the data directory before the server starts. `settings` are `TESSERA_…` variables. */
  static async start(settings: Record<string, string> = {}, prepare?: (data: string) => void): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), "tessera-e2e-"));
    const data = join(folder, "data");
    prepare?.(data);
    const env = { ...process.env, ...settings };
    const child = spawn(BINARY, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { env, stdio: ["ignore", "pipe", "ignore"] });
    let said = "";
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server did not start:\n${said}`)), START_MS_MAX);
      child.on("exit", (code) => reject(new Error(`the server ended (${code}):\n${said}`)));
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const found = /API reference: (\S+)\/api-docs/.exec(said);
        if (!found) return;
        clearTimeout(timer);
        resolve(found[1]!);
      });
    });
    return new Server(child, folder, said, url);
  }

  get setupUrl(): string {
    return /(\S+\/setup\?token=\S+)/.exec(this.greeting)![1]!;
  }

  /** A call of the API. Anything but a success is an error with what the server said. */
  async call<T>(method: string, path: string, token: string, body?: unknown): Promise<T> {
    const headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), "content-type": "application/json" };
    const answer = await fetch(`${this.url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? null : await answer.json()) as T;
  }

  /** An access token of somebody's, from a session of its own. */
  async tokenOf(login: { email: string; password: string }): Promise<string> {
    return (await this.call<{ access_token: string }>("POST", "/v1/auth/login", "", login)).access_token;
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Runs another command of the binary, under `TESSERA_…` settings, and answers with the JSON that it printed. */
export function tessera<T>(args: string[], input = "", settings: Record<string, string> = {}): T {
  const done = spawnSync(BINARY, args, { input, env: { ...process.env, ...settings }, encoding: "utf8", maxBuffer: 64 << 20 });
  if (done.status !== 0) throw new Error(`tessera ${args.join(" ")}: ${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });

export type Watched = { page: Page; /** Errors of the page, and requests that left the server. */ faults: string[] };

/** A page that notes what must not happen. */
export async function watched(browser: Browser, url: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: url, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // A refusal by the API is written to the console too, and is no fault of the page.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(url) && !to.startsWith("data:") && !to.startsWith("blob:")) faults.push(`foreign: ${to}`);
  });
  return { page, faults };
}

export async function logIn(page: Page, email: string, password: string) {
  await page.goto("/app/login");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL((to) => !to.pathname.endsWith("/login"));
  await page.getByRole("heading", { level: 1 }).waitFor();
}
