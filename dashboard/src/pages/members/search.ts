// What the address of the members page carries: whether somebody is being invited.
export type MembersSearch = { new?: boolean | undefined };
export const membersSearch = (search: Record<string, unknown>): MembersSearch => ({ new: search.new === true ? true : undefined });
