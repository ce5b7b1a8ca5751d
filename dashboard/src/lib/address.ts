// Parameters of an address, read tolerantly: what is not understood is absent.
/** What looks like a number or a truth is read as one by the router: a term that is called `2026` or `true` is text, too. */
export const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : undefined);
export const oneOf = <T extends string>(all: readonly T[], value: unknown) => all.find((one) => one === value);
/** `2026-11-21`, as a day field gives it. */
export const day = (value: unknown) => (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);
