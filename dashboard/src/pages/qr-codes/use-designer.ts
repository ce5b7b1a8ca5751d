// The designer's memory: the design with its steps back and forth, what the server draws and says of it a moment
// later, and what it refused when it was saved.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { ApiError, problemOf } from "@/api/problem";
import { toast, toastError } from "@/components/ui/toast";
import { useDebounced } from "@/lib/debounced";
import { useShortcut } from "@/lib/shortcuts";
import type { Controls } from "./controls";
import { dataOf, isSame, lay, payloadOf, put, type Draft, type QrCode, type Style } from "./design";
import { useHistory } from "./history";
import { drawingQuery, mend, verdictQuery, type Drawn } from "./queries";

/** So long after the last change the server is asked: shorter than one notices, longer than between two keys. */
const PAUSE_MS = 140;
/** Drawn while the content is not yet complete. */
const SAMPLE = "https://go.example.com/a2b3c4d?qr=1";

type FieldError = { field: string; code: string; message: string };

const isWithin = (field: string, path: string) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`);
const isAbout = (field: string, what: string) => isWithin(field, what) || isWithin(what, field);

export function useDesigner(initial: Draft, code: QrCode | undefined) {
  const history = useHistory(initial);
  const { now: draft, change: step, undo, redo } = history;
  const [start, setStart] = useState(initial);
  const [refused, setRefused] = useState<readonly FieldError[]>([]);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const change = useCallback<Controls["change"]>(
    (what, make) => {
      step(what, make);
      setTouched((before) => (before.has(what) ? before : new Set(before).add(what)));
      setRefused((before) => before.filter((error) => !isAbout(error.field, what)));
    },
    [step],
  );
  const setStyle = useCallback<Controls["setStyle"]>((path, value) => change(`style.${path}`, (now) => ({ ...now, style: put(now.style, path, value) })), [change]);
  useShortcut("mod+z", "Undo a step", undo, "Designer");
  useShortcut("mod+shift+z", "Redo a step", redo, "Designer");

  const live = useLive(useDebounced(draft, PAUSE_MS), code);
  const wrong = useCallback(
    (path: string) => {
      const errors = [...refused, ...live.errors.filter((error) => error.field.startsWith("style") || [...touched].some((what) => isAbout(error.field, what)))];
      return errors.find((error) => isWithin(error.field, path))?.message;
    },
    [refused, live.errors, touched],
  );
  const controls = useMemo<Controls>(() => ({ draft, change, setStyle, wrong }), [draft, change, setStyle, wrong]);

  const apply = (over: Style) => change("style.suggestion", (now) => ({ ...now, style: lay(now.style, over) }));
  const mending = useMutation({
    mutationFn: () => mend(live.drawn),
    onSuccess: (mended) => {
      if (!mended) return toast("Nothing mends it by itself", { isBad: true, detail: "Neither level, logo, quiet zone nor what is suggested makes it better. See what speaks against it." });
      change("style.mended", (now) => ({ ...now, style: mended.style }));
      toast(mended.verdict.verdict === "good" ? "Mended" : "Better, but not good", { detail: `${mended.verdict.score} of 100 now.`, undo });
    },
    onError: (error) => toastError("The design was not mended", error),
  });
  const refuse = (error: unknown) => setRefused(error instanceof ApiError ? (problemOf(error).errors ?? []) : []);
  const settle = (saved: Draft) => {
    setStart(saved);
    setRefused([]);
    history.restart(saved);
  };
  return { ...history, controls, live, apply, mending, refused, refuse, settle, isDirty: !isSame(draft, start) };
}

export type Designing = ReturnType<typeof useDesigner>;

/** What the server draws and says of a design. */
function useLive(draft: Draft, code: QrCode | undefined) {
  const data = dataOf(draft, code);
  const payload = payloadOf(draft);
  const isBlank = data === undefined && Object.keys(payload).length === 1;
  const drawn: Drawn = { ...(data === undefined ? { payload } : { data }), style: draft.style };
  const verdict = useQuery({ ...verdictQuery(drawn), enabled: !isBlank });
  const drawing = useQuery({ ...drawingQuery(drawn), enabled: !isBlank && !verdict.isError });
  const errors = (verdict.error instanceof ApiError && verdict.error.problem.errors) || NONE;
  const isIncomplete = isBlank || errors.some((error) => error.field.startsWith("payload"));
  const sample = { data: SAMPLE, style: draft.style };
  const sampleDrawing = useQuery({ ...drawingQuery(sample), enabled: isIncomplete });
  const fresh = isIncomplete ? sampleDrawing.data : drawing.data;
  const [picture, setPicture] = useState<string>();
  useEffect(() => {
    if (fresh) setPicture(fresh);
  }, [fresh]);
  return {
    drawn,
    data,
    picture,
    /** Not what was asked for: the content is not complete yet. */
    isSample: isIncomplete,
    isLate: drawing.isPlaceholderData || verdict.isPlaceholderData,
    verdict: isIncomplete || verdict.error ? undefined : verdict.data,
    errors,
    /** Of the whole and not of a field: the server does not answer, or a design is too much for it. */
    error: errors.length === 0 ? (verdict.error ?? drawing.error) : null,
  };
}

const NONE: readonly FieldError[] = [];
