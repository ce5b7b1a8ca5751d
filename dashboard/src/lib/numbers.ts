// Numbers for people. Compact where there is little room, whole where somebody may compare.
const whole = new Intl.NumberFormat("en");
const small = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const count = (number: number) => whole.format(number);
export const compact = (number: number) => (Math.abs(number) < 10_000 ? whole.format(number) : small.format(number));
/** A figure that stands alone: to the last digit, up to a million. */
export const figure = (number: number) => (Math.abs(number) < 1_000_000 ? whole.format(number) : small.format(number));
export const pct = (number: number) => `${percent.format(number)}%`;
export const millis = (number: number) => (number < 10 ? `${percent.format(number)} ms` : `${whole.format(Math.round(number))} ms`);
export const plural = (number: number, one: string, many = `${one}s`) => `${whole.format(number)} ${number === 1 ? one : many}`;
/** "1 link", "3 links match": how many a list has, or a filter leaves of it. */
export const listed = (total: number, one: string, isFiltered: boolean) => plural(total, one) + (isFiltered ? ` ${total === 1 ? "matches" : "match"}` : "");
