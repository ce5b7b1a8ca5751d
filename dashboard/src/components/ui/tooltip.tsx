// A few words beside what is pointed at or focused. One popup for the whole page: a table has hundreds of things with a
// tip, and each costs an attribute instead of a popup of its own.
import { Slot } from "radix-ui";
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { Keys } from "./kbd";

type Content = { text: ReactNode; keys: string | undefined };
type Shown = Content & { element: HTMLElement };

const DELAY_MS = 350;
/** So soon after one was seen, the next comes without a delay. */
const NEXT_MS = 200;
const GAP_PX = 6;
const EDGE_PX = 8;

const contents = new WeakMap<Element, Content>();

export function Tip({ text, keys, children }: { text: ReactNode; keys?: string | undefined; children: ReactNode }) {
  const element = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (element.current) contents.set(element.current, { text, keys });
  });
  return (
    <Slot.Root ref={element} data-tip="">
      {children}
    </Slot.Root>
  );
}

export function TipProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const hide = useCallback(() => setShown(null), []);
  useTriggers(setShown);
  return (
    <>
      {children}
      {shown && <Popup key={contentKey(shown.element)} shown={shown} onGone={hide} />}
    </>
  );
}

const ids = new WeakMap<Element, number>();
let lastId = 0;
/** Another element is another popup. */
function contentKey(element: Element): number {
  const id = ids.get(element) ?? ++lastId;
  ids.set(element, id);
  return id;
}

const tipAt = (target: EventTarget | null) => (target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null);

/** Pointing waits a moment, focus by keyboard does not; pressing, typing and scrolling end it. */
function useTriggers(show: (shown: Shown | null) => void) {
  useEffect(() => {
    let timer = 0;
    let current: HTMLElement | null = null;
    let isOpen = false;
    let seenAt = -Infinity;
    const open = (element: HTMLElement) => {
      const content = contents.get(element);
      // An open menu says more than the name of its button, and would be covered.
      if (!content || !element.isConnected || element.ariaExpanded === "true") return;
      isOpen = true;
      show({ ...content, element });
    };
    const close = () => {
      clearTimeout(timer);
      if (isOpen) seenAt = performance.now();
      isOpen = false;
      show(null);
    };
    const point = (event: PointerEvent) => {
      const element = event.pointerType === "touch" ? null : tipAt(event.target);
      if (element === current) return;
      current = element;
      close();
      if (element) timer = window.setTimeout(() => open(element), performance.now() - seenAt < NEXT_MS ? 0 : DELAY_MS);
    };
    const focus = (event: FocusEvent) => {
      const element = tipAt(event.target);
      if (element?.matches(":focus-visible")) open(element);
    };
    const key = (event: KeyboardEvent) => event.key === "Escape" && close();
    const listeners: [string, (event: never) => void][] = [
      ["pointerover", point],
      ["focusin", focus],
      ["focusout", close],
      ["pointerdown", close],
      ["keydown", key],
      ["scroll", close],
    ];
    for (const [name, listener] of listeners) document.addEventListener(name, listener as EventListener, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const [name, listener] of listeners) document.removeEventListener(name, listener as EventListener, { capture: true });
    };
  }, [show]);
}

function Popup({ shown: { element, text, keys }, onGone }: { shown: Shown; onGone: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const popup = box.current;
    if (!popup) return;
    const [at, own] = [element.getBoundingClientRect(), popup.getBoundingClientRect()];
    const above = at.top - own.height - GAP_PX;
    const left = at.left + at.width / 2 - own.width / 2;
    popup.style.top = `${above < EDGE_PX ? at.bottom + GAP_PX : above}px`;
    popup.style.left = `${Math.max(EDGE_PX, Math.min(innerWidth - own.width - EDGE_PX, left))}px`;
  });
  useEffect(() => {
    const before = element.getAttribute("aria-describedby");
    element.setAttribute("aria-describedby", before ? `${before} ${id}` : id);
    // What it belongs to may leave the page without a word.
    const gone = new MutationObserver(() => !element.isConnected && onGone());
    gone.observe(document.body, { childList: true, subtree: true });
    return () => {
      gone.disconnect();
      if (before === null) element.removeAttribute("aria-describedby");
      else element.setAttribute("aria-describedby", before);
    };
  }, [element, id, onGone]);
  return createPortal(
    <div ref={box} id={id} role="tooltip" className="pointer-events-none fixed top-0 left-0 z-60 flex w-max max-w-72 animate-fade items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-surface">
      {text}
      {keys && <Keys keys={keys} onDark />}
    </div>,
    document.body,
  );
}
