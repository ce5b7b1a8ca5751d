// A view's query: the address of the page in one writing, so that a page knows the view that it shows.
import { analyticsSearch, type AnalyticsSearch } from "./search";

/** What of an address is worth keeping: not the list or the live view that happens to be open. */
export const keptSearch = (search: AnalyticsSearch): AnalyticsSearch =>
  Object.fromEntries(
    Object.entries({ ...search, detail: undefined, live: undefined })
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** The search string of an address, without the `?`. Parameters stand as the API would take them. */
export const writeQuery = (search: AnalyticsSearch): string =>
  Object.entries(keptSearch(search))
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%2F", "/")}`)
    .join("&");

export const readQuery = (query: string): AnalyticsSearch => {
  const search = Object.fromEntries(new URLSearchParams(query));
  return analyticsSearch({ ...search, live: false });
};

export const isShown = (view: { query: string }, search: AnalyticsSearch) => writeQuery(readQuery(view.query)) === writeQuery(search);
