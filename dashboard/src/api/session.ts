// Who is logged in, in which workspace. The access token lives in this module and nowhere else; what survives a
// reload is the refresh cookie, which scripts cannot read. A session that ends does not end the page: whoever asks
// for something waits until the person has logged in again.
import { useSyncExternalStore } from "react";
import { ApiError, unreachable, type Problem } from "./problem";
import type { components } from "./schema";

export type Login = components["schemas"]["Login"];
type State =
  | { phase: "opening" }
  | { phase: "out" }
  | { phase: "in"; login: Login }
  /** Was logged in; the page stands still behind a dialog. */
  | { phase: "ended"; login: Login };

const WORKSPACE = "tessera.workspace";
/** Refreshed so long before its end that a slow network does not matter. */
const EARLY_SECONDS = 60;
const REPLACED_TRIES_MAX = 5;
const REPLACED_WAIT_MS = 200;

let state: State = { phase: "opening" };
let expiresAt = 0;
let refreshing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

function become(next: State) {
  state = next;
  for (const tell of listeners) tell();
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};

export const session = {
  get: () => state,
  subscribe,
  login: () => (state.phase === "in" || state.phase === "ended" ? state.login : null),
};

export function useSession(): State {
  return useSyncExternalStore(subscribe, session.get);
}

/** The login of whoever sees this page. Only for what is drawn behind the login. */
export function useLogin(): Login {
  const now = useSession();
  if (now.phase === "in" || now.phase === "ended") return now.login;
  throw new Error("drawn without a login");
}

function admit(login: Login) {
  expiresAt = performance.now() + (login.expires_in - EARLY_SECONDS) * 1000;
  if (login.workspace) localStorage.setItem(WORKSPACE, login.workspace.id);
  become({ phase: "in", login });
}

async function post(path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(path, {
      method: "POST",
      // Also when the page is left meanwhile: a cookie that was replaced and never arrived would end the session.
      keepalive: true,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new ApiError(unreachable("The server does not answer. Is it running, and are you online?"));
  }
}

const codeOf = async (response: Response) => ((await response.clone().json().catch(() => ({}))) as Partial<Problem>).code;

async function refused(response: Response): Promise<ApiError> {
  try {
    return new ApiError((await response.json()) as Problem);
  } catch {
    return new ApiError(unreachable(`The server answered ${response.status} without saying why.`));
  }
}

/** One after the other over all tabs: each needs the cookie that the one before was given. */
async function refreshOnce(workspace: string | null): Promise<boolean> {
  const ask = async () => {
    const body = workspace ? { workspace_id: workspace } : {};
    let response = await post("/v1/auth/refresh", body);
    // The page before this one was left while it refreshed: its cookie was just replaced, and the new one is on its way.
    for (let tries = 0; workspace && response.status === 401 && (await codeOf(response)) === "unauthorized" && tries < REPLACED_TRIES_MAX; tries++) {
      await new Promise((done) => setTimeout(done, REPLACED_WAIT_MS));
      response = await post("/v1/auth/refresh", body);
    }
    if (response.status === 404 && workspace) {
      localStorage.removeItem(WORKSPACE);
      response = await post("/v1/auth/refresh", {});
    }
    if (response.ok) {
      admit((await response.json()) as Login);
      return true;
    }
    if (response.status >= 500 || response.status === 429) throw await refused(response);
    return false;
  };
  return "locks" in navigator ? navigator.locks.request("tessera.refresh", ask) : ask();
}

function refresh(workspace = session.login()?.workspace?.id ?? localStorage.getItem(WORKSPACE)): Promise<boolean> {
  refreshing ??= refreshOnce(workspace).finally(() => (refreshing = null));
  return refreshing;
}

/** At the start of the page: with the cookie if there is one. */
export async function open(): Promise<void> {
  become((await refresh()) ? state : { phase: "out" });
}

export async function logIn(email: string, password: string): Promise<void> {
  const before = session.login();
  const workspace_id = before?.workspace?.id ?? localStorage.getItem(WORKSPACE) ?? undefined;
  let response = await post("/v1/auth/login", { email, password, workspace_id });
  if (response.status === 404 && workspace_id) response = await post("/v1/auth/login", { email, password });
  if (!response.ok) throw await refused(response);
  const login = (await response.json()) as Login;
  // Somebody else: nothing of what the page shows is theirs.
  if (before && before.user.id !== login.user.id) location.assign("/app/");
  else admit(login);
}

export async function signUp(form: components["schemas"]["SignUp"]): Promise<void> {
  const response = await post("/v1/auth/signup", form);
  if (!response.ok) throw await refused(response);
  admit((await response.json()) as Login);
}

export async function logOut(): Promise<void> {
  await post("/v1/auth/logout", {}).catch(() => undefined);
  localStorage.removeItem(WORKSPACE);
  // A new page, so that nothing of this session stays in memory.
  location.assign("/app/login");
}

export async function switchWorkspace(id: string): Promise<void> {
  localStorage.setItem(WORKSPACE, id);
  await refreshing?.catch(() => undefined);
  if (await refresh(id)) location.assign("/app/");
  else end();
}

/** After leaving the workspace: a new page, in another one or in none. */
export function forgetWorkspace(): void {
  localStorage.removeItem(WORKSPACE);
  location.assign("/app/");
}

/** After a change of who one is or may be: the login says it anew, without a new page. */
export async function renew(): Promise<void> {
  await refreshing?.catch(() => undefined);
  if (!(await refresh())) end();
}

function end() {
  const login = session.login();
  if (login) become({ phase: "ended", login });
  else become({ phase: "out" });
}

/** Resolves when somebody is logged in (again). */
function admitted(): Promise<void> {
  if (state.phase === "in") return Promise.resolve();
  return new Promise((resolve) => {
    const stop = subscribe(() => {
      if (state.phase !== "in") return;
      stop();
      resolve();
    });
  });
}

function withToken(request: Request): Request {
  const login = session.login();
  if (login) request.headers.set("authorization", `Bearer ${login.access_token}`);
  return request;
}

/** A 401 can also be about a password in the body; then the session is as good as before. */
async function isOver(response: Response): Promise<boolean> {
  const problem = (await response.clone().json().catch(() => null)) as Problem | null;
  return problem === null || problem.code === "unauthorized" || problem.code === "session_ended";
}

/** `fetch` for the API: with the token, renewed in time, and once more after a 401. */
export async function authorized(request: Request): Promise<Response> {
  // A page asks for several things as it appears. Each is sent in a task of its own, and none in the one that draws.
  await new Promise((resolve) => setTimeout(resolve));
  if (state.phase === "in" && performance.now() > expiresAt && !(await refresh())) end();
  if (state.phase === "ended") await admitted();
  const again = request.clone();
  const token = session.login()?.access_token;
  const send = (one: Request) =>
    fetch(withToken(one)).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiError(unreachable("The server does not answer. Is it running, and are you online?"));
    });
  const response = await send(request);
  if (response.status !== 401 || !(await isOver(response))) return response;
  // Another request may have renewed it meanwhile.
  if (session.login()?.access_token === token && !(await refresh())) {
    end();
    await admitted();
  }
  return send(again);
}
