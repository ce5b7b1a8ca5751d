// Files of what is seen: the series, and the single clicks behind it.
import { Download } from "lucide-react";
import { memo } from "react";
import { download } from "@/api/client";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { toastError } from "@/components/ui/toast";
import type { Filters } from "./filters";
import { parametersOf, pathOf } from "./queries";
import type { PageState } from "./state";

const fetchFile = (path: string, query: object, name: string) =>
  void download(`${path}?${new URLSearchParams(query as Record<string, string>)}`, name).catch((error: unknown) => toastError("The file was not made", error));

/** `clicks`: the filters that bring the page's single clicks. */
export const ExportMenu = memo(function ExportMenu({ page, clicks }: { page: PageState; clicks: Filters | undefined }) {
  const { question, counted } = page;
  const rows = (format: "csv" | "parquet") => {
    const { range, from, to, timezone } = question!.when;
    const query = Object.entries({ range, from, to, timezone, robots: question!.robots, ...clicks, format }).filter(([, value]) => value !== undefined);
    fetchFile("/v1/events", Object.fromEntries(query), `clicks.${format}`);
  };
  const why = !question || !clicks ? "The page is still loading" : undefined;
  const entries = [
    {
      label: "Series (CSV)",
      run: () => fetchFile(pathOf(question!), parametersOf(counted!, { format: "csv", ...(page.search.interval ? { interval: page.search.interval } : {}) }), "series.csv"),
      ...(counted ? {} : { why: why ?? "The filters leave scans out" }),
    },
    { label: "Single clicks (CSV)", run: () => rows("csv"), why },
    { label: "Single clicks (Parquet)", run: () => rows("parquet"), why },
  ];
  return (
    <Menu entries={entries}>
      <Button icon={<Download />}>Export</Button>
    </Menu>
  );
});
