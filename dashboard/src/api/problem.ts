// What went wrong, as the server says it: one problem, with its code, its fields and the id to ask about.
import type { components } from "./schema";

export type Problem = components["schemas"]["Problem"];

export class ApiError extends Error {
  override name = "ApiError";
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
  }
  get status() {
    return this.problem.status;
  }
  get code() {
    return this.problem.code;
  }
}

/** A problem for what never reached the server, or did not come back as an answer of its own. */
export function unreachable(detail: string): Problem {
  return { type: "about:blank", title: "No answer", status: 0, code: "unreachable", detail, request_id: "" };
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return unreachable(error instanceof Error ? error.message : "Something went wrong in this page.");
}
