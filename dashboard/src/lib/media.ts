// What kind of window this is, where the answer decides what is made at all. Where it only decides how something
// looks, a style says so.
import { useSyncExternalStore } from "react";

/** Tailwind's `md`: from here on the sidebar is beside the page. */
const wide = matchMedia("(min-width: 48rem)");

const subscribe = (tell: () => void) => {
  wide.addEventListener("change", tell);
  return () => wide.removeEventListener("change", tell);
};

export const useIsWide = () => useSyncExternalStore(subscribe, () => wide.matches);
