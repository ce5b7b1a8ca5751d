// The actions of the audit log in people's words, and what a change holds.
import type { Schemas } from "@/api/client";

export type AuditRow = Schemas["AuditRow"];

/** Kinds of things, each with its actions: what was done to one. What belongs to no workspace (accounts, passwords) is in
 * the deployment's own log, which nobody reads here. */
const KINDS: Record<string, { name: string; thing: string; done: Record<string, string> }> = {
  api_key: {
    name: "API keys",
    thing: "API key",
    done: { created: "created", updated: "changed", rotated: "rotated", revoked: "revoked", deleted: "deleted", imported: "imported", exposed: "reported as leaked" },
  },
  link: {
    name: "Links",
    thing: "link",
    done: { created: "created", updated: "changed", duplicated: "duplicated", paused: "paused", resumed: "resumed", archived: "archived", unarchived: "taken out of the archive", deleted: "deleted" },
  },
  qr_code: {
    name: "QR codes",
    thing: "QR code",
    done: { created: "created", updated: "changed", duplicated: "duplicated", archived: "archived", unarchived: "taken out of the archive", deleted: "deleted" },
  },
  template: { name: "Templates", thing: "template", done: { created: "created", updated: "changed", duplicated: "duplicated", deleted: "deleted" } },
  logo: { name: "Logos", thing: "logo", done: { created: "uploaded", deleted: "deleted" } },
  feedback: { name: "Feedback", thing: "feedback on a guide", done: { given: "given" } },
  view: { name: "Saved views", thing: "saved view", done: { created: "created", updated: "changed", deleted: "deleted" } },
  bulk: { name: "Bulk calls", thing: "many at once", done: { created: "created" } },
  bulk_job: { name: "Bulk jobs", thing: "bulk job", done: { created: "created", started: "started", cancelled: "cancelled", finished: "finished", deleted: "deleted" } },
  member: {
    name: "Members",
    thing: "member",
    done: { added: "added", removed: "removed", role_changed: "given another role", reset_link_created: "given a reset link" },
  },
  invitation: { name: "Invitations", thing: "invitation", done: { created: "created", accepted: "accepted", revoked: "withdrawn" } },
  workspace: { name: "Workspace", thing: "workspace", done: { created: "created", updated: "changed", terms_changed: "given other terms" } },
  clicks: { name: "Clicks", thing: "clicks", done: { erased: "erased" } },
};

/** For the filter: each kind, and its actions. */
export const ACTION_GROUPS = Object.entries(KINDS).map(([kind, { name, thing, done }]) => ({
  kind,
  name,
  actions: Object.entries(done).map(([action, word]) => ({ action: `${kind}.${action}`, words: `${thing} ${word}` })),
}));

/** What the filter asks the API for: of a kind all its actions. */
export const actionsOf = (filter: string | undefined) => {
  const kind = filter === undefined ? undefined : KINDS[filter];
  return kind ? Object.keys(kind.done).map((action) => `${filter}.${action}`).join(",") : filter;
};

export function wordsOf(action: string): { thing: string; done: string } {
  const [kind = "", verb = ""] = action.split(".");
  const known = KINDS[kind];
  return { thing: known?.thing ?? kind.replaceAll("_", " "), done: known?.done[verb] ?? verb.replaceAll("_", " ") };
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields | null => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null);

/** What the thing is called, where the change says so. */
export function nameOf(row: AuditRow): string | undefined {
  const change = row.change as { before?: unknown; after?: unknown };
  for (const state of [fieldsOf(change.after), fieldsOf(change.before)]) {
    for (const field of ["name", "title", "alias", "email"]) {
      const value = state?.[field];
      if (typeof value === "string" && value !== "") return value;
    }
  }
  return undefined;
}

export type Change = { field: string; before: unknown; after: unknown };

/** The fields that differ; of a thing that is new or gone, those that held something. */
export function changesOf(row: AuditRow): Change[] {
  const change = row.change as { before?: unknown; after?: unknown };
  const [before, after] = [fieldsOf(change.before) ?? {}, fieldsOf(change.after) ?? {}];
  const isNothing = (value: unknown) => value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((field) => ({ field, before: before[field], after: after[field] }))
    .filter((one) => !(isNothing(one.before) && isNothing(one.after)) && JSON.stringify(one.before) !== JSON.stringify(one.after));
}

export const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
