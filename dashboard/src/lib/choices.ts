// Finding one of many by what somebody types.
export type Choice = {
  value: string;
  name: string;
  /** Shown beside the name, where people know the value by sight: `DE`, `pt-BR`. */
  code?: string | undefined;
  /** What else it is called. */
  words?: string | undefined;
};

/** Small, and without accents: `Cote d’Ivoire` is found as it is typed. */
const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’']/g, "'").toLowerCase().trim();

/** The best first: what is exactly that, what begins so, what has a word that begins so. */
function rank(choice: Choice, wanted: string): number {
  const [name, code, words] = [folded(choice.name), choice.code?.toLowerCase(), folded(choice.words ?? "")];
  if (code === wanted || words.split(" ").includes(wanted)) return 0;
  if (name.startsWith(wanted)) return 1;
  return ` ${name.replace(/[(-]/g, " ")} ${words}`.includes(` ${wanted}`) || code?.startsWith(wanted) ? 2 : Infinity;
}

/** Those that are called so, and last what `other` makes of the text. */
export function found(choices: readonly Choice[], typed: string, other?: (typed: string) => Choice | undefined): Choice[] {
  const wanted = folded(typed);
  if (wanted === "") return [...choices];
  const ranked = choices.map((choice) => [rank(choice, wanted), choice] as const).filter(([place]) => place < Infinity);
  const best = ranked.toSorted(([a], [b]) => a - b).map(([, choice]) => choice);
  const own = other?.(typed.trim());
  return own && !best.some((choice) => choice.value === own.value) ? [...best, own] : best;
}
