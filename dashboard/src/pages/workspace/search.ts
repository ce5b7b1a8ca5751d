// What the address of the workspace page carries: whether another one is being made.
export type WorkspaceSearch = { new?: boolean | undefined };
export const workspaceSearch = (search: Record<string, unknown>): WorkspaceSearch => ({ new: search.new === true ? true : undefined });
