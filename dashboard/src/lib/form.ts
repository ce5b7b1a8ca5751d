// Forms in the small: values, what the server said about each field, and whether anything was changed. The server
// decides what is right; a form only brings its words to the field they are about.
import { useMutation } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { problemOf, type Problem } from "@/api/problem";

/** `tags[3]` and `utm.source` belong to the fields `tags` and `utm`. */
const rootOf = (field: string) => field.split(/[.[]/)[0] ?? field;

export type Form<V> = {
  values: V;
  set: <K extends keyof V>(field: K, value: V[K]) => void;
  reset: (values?: V) => void;
  /** What is wrong with a field, in the server's words. */
  wrong: (field: keyof V & string) => string | undefined;
  /** What the server refused, each by its whole path, and the values that it spoke of: for fields that are rows. */
  refused: { errors: NonNullable<Problem["errors"]>; values: V } | null;
  /** What is wrong with the whole, or with a field that this form does not show. */
  problem: Problem | null;
  isDirty: boolean;
  isSending: boolean;
  submit: () => void;
};

export function useForm<V extends object, R>(
  initial: V,
  send: (values: V) => Promise<R>,
  done: (result: R, values: V) => void,
): Form<V> {
  const [start, setStart] = useState(initial);
  const [values, setValues] = useState(initial);
  /** Fields that were changed since the server spoke. */
  const [mended, setMended] = useState<ReadonlySet<string>>(new Set());
  const sending = useMutation({ mutationFn: send, onSuccess: done });
  const { reset: forget, mutate } = sending;

  const set = useCallback(<K extends keyof V>(field: K, value: V[K]) => {
    setValues((before) => ({ ...before, [field]: value }));
    setMended((before) => new Set(before).add(String(field)));
  }, []);
  const reset = useCallback(
    (next?: V) => {
      setValues((before) => next ?? before);
      if (next) setStart(next);
      setMended(new Set());
      forget();
    },
    [forget],
  );

  const problem = sending.error ? problemOf(sending.error) : null;
  const errors = problem?.errors ?? [];
  // The same until the server speaks again, so that an effect may wait for it.
  const refused = useMemo(() => (sending.error && sending.variables ? { errors: problemOf(sending.error).errors ?? [], values: sending.variables } : null), [sending.error, sending.variables]);
  const wrong = (field: keyof V & string) =>
    mended.has(field) ? undefined : errors.find((error) => rootOf(error.field) === field)?.message;
  const isElsewhere = errors.length === 0 || errors.some((error) => !(rootOf(error.field) in values));
  return {
    values,
    set,
    reset,
    wrong,
    refused,
    problem: problem && isElsewhere ? problem : null,
    isDirty: JSON.stringify(values) !== JSON.stringify(start),
    isSending: sending.isPending,
    submit: () => {
      if (sending.isPending) return;
      setMended(new Set());
      mutate(values);
    },
  };
}
