// What the address of the templates carries: which of the three shelves.
export const SHELVES = ["templates", "presets", "logos"] as const;
export type Shelf = (typeof SHELVES)[number];

export const templatesSearch = (search: Record<string, unknown>): { shelf?: Shelf | undefined } => ({ shelf: SHELVES.find((one) => one === search.shelf) });
