// What the address of the help page carries: what is looked for.
import { text } from "@/lib/address";

export type HelpSearch = { search?: string | undefined };
export const helpSearch = (search: Record<string, unknown>): HelpSearch => ({ search: text(search.search) });
