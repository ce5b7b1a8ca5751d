// What every part of the designer is given: the design as it is, the way to change it, and what is wrong with it.
import type { Draft } from "./design";

export type Controls = {
  draft: Draft;
  /** `what` is the API's name of the field: it makes one step of undo, and forgets what was wrong with it. */
  change: (what: string, make: (draft: Draft) => Draft) => void;
  /** A field of the style, or without a value the default. */
  setStyle: (path: string, value: unknown) => void;
  /** In the server's words. */
  wrong: (path: string) => string | undefined;
};
