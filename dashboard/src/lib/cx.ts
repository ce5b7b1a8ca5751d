// Class names joined; what is falsy is left out. Later classes do not override earlier ones: variants are disjoint.
export { clsx as cx } from "clsx";
