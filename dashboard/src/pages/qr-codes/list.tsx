// All codes of the workspace, as pictures or as a table. Filters are in the address, so a view can be sent to somebody.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useSearch } from "@tanstack/react-router";
import { Download, LayoutGrid, Plus, QrCode as Icon, Search, Table } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { download } from "@/api/client";
import { tagsQuery } from "@/api/queries";
import { useLogin } from "@/api/session";
import { RelativeTime } from "@/components/moments";
import { Empty, ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { ResourceTable, type Column } from "@/components/resource-table";
import { SearchField } from "@/components/search-field";
import { Badge, FewTags } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Segments } from "@/components/ui/checks";
import { Select } from "@/components/ui/field";
import { toastError } from "@/components/ui/toast";
import { count, listed } from "@/lib/numbers";
import { useShortcut } from "@/lib/shortcuts";
import { EDITORS } from "@/nav";
import { bare } from "../links/queries";
import { CodesBar } from "./bulk-bar";
import { CodePicture } from "./code-picture";
import type { QrCode } from "./design";
import { CodeGrid } from "./grid";
import { CodeMenu, VIEWER } from "./menu";
import { PAYLOADS, payloadSpec } from "./payloads";
import { codesQuery } from "./queries";
import type { QrFilters, QrSearch } from "./search";
import { VerdictBadge } from "./verdict";

const COLUMNS: Column<QrCode>[] = [
  {
    name: "Code",
    sort: "name",
    className: "max-w-0 w-full",
    cell: (code) => (
      <div className="flex min-w-0 items-center gap-3">
        <CodePicture code={code} className="size-10 rounded-md!" />
        <div className="min-w-0">
          <div className="truncate font-medium">{code.name}</div>
          <div className="truncate text-xs text-ink-3">{code.short_url ? <span className="text-accent-text">{bare(code.short_url)}</span> : payloadSpec(code.payload.type).name}</div>
        </div>
      </div>
    ),
  },
  {
    name: "Tags",
    from: "xl",
    cell: (code) => <FewTags tags={code.tags} />,
  },
  { name: "Kind", from: "lg", cell: (code) => <span className="text-ink-2">{payloadSpec(code.payload.type).name}, {code.kind}</span>, className: "whitespace-nowrap" },
  { name: "Will it scan", from: "sm", sort: "score", cell: (code) => (code.status === "archived" ? <Badge dot>Archived</Badge> : <VerdictBadge verdict={code.verdict} />), className: "whitespace-nowrap" },
  { name: "Created", from: "md", sort: "created_at", cell: (code) => <RelativeTime at={code.created_at} /> },
  { name: "Scans", isNumber: true, cell: (code) => <span className="font-medium">{code.scans == null ? "–" : count(code.scans)}</span> },
];

export function QrCodesPage() {
  const search = useSearch({ from: "/inside/qr-codes" });
  const navigate = useNavigate({ from: "/qr-codes" });
  const { workspace } = useLogin();
  const mayEdit = workspace != null && EDITORS.includes(workspace.role);
  const { view, ...filters } = search;
  const list = useInfiniteQuery({ ...codesQuery(filters), placeholderData: (before) => before });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const total = list.data?.pages[0]?.meta.total ?? 0;
  const { sort, ...narrowing } = filters;
  const isFiltered = Object.values(narrowing).some(Boolean);
  const filter = (change: QrSearch) => {
    setChosen(new Set());
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  };
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  useShortcut("c", "Create a QR code", () => mayEdit && void navigate({ to: "/qr-codes/new" }));
  const open = (code: QrCode) => void navigate({ to: "/qr-codes/$id", params: { id: code.id } });
  const shared = { rows, onOpen: open, chosen, onChoose: setChosen, hasMore: list.hasNextPage, onMore: more, menu: (code: QrCode) => <CodeMenu code={code} mayEdit={mayEdit} /> };
  return (
    <Page
      title="QR codes"
      guide="qr-codes"
      about={list.data ? listed(total, "code", isFiltered) : "Codes to print, with a verdict on whether they scan"}
      actions={
        <>
          <Button icon={<Download />} onClick={() => void download(`/v1/qr-codes?${csvQuery(filters)}`, "qr-codes.csv").catch((error: unknown) => toastError("The file was not made", error))}>
            CSV
          </Button>
          <CreateButton why={mayEdit ? undefined : VIEWER} />
        </>
      }
    >
      <Filters search={search} onChange={filter} />
      {list.error ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <ListSkeleton />
      ) : rows.length === 0 ? (
        <Nothing isFiltered={isFiltered} why={mayEdit ? undefined : VIEWER} onClear={() => void navigate({ search: { view, sort }, replace: true })} />
      ) : view === "table" ? (
        <ResourceTable label="QR codes" total={total} columns={COLUMNS} idOf={(code) => code.id} nameOf={(code) => code.name} sort={sort ?? "-created_at"} onSort={(next) => filter({ sort: next as QrFilters["sort"] })} {...shared} />
      ) : (
        <CodeGrid {...shared} />
      )}
      <CodesBar codes={rows.filter((code) => chosen.has(code.id))} mayEdit={mayEdit} onClear={() => setChosen(new Set())} />
    </Page>
  );
}

function CreateButton({ why }: { why: string | undefined }) {
  if (why)
    return (
      <Button look="primary" icon={<Plus />} why={why}>
        Create QR code
      </Button>
    );
  return (
    <Button look="primary" asChild>
      <Go to="/qr-codes/new">
        <Plus /> Create QR code
      </Go>
    </Button>
  );
}

function Nothing({ isFiltered, why, onClear }: { isFiltered: boolean; why: string | undefined; onClear: () => void }) {
  if (isFiltered) return <Empty icon={<Search />} title="No code matches" about="Nothing has this text, kind, verdict and tags at once." action={<Button onClick={onClear}>Clear the filters</Button>} />;
  return (
    <Empty
      icon={<Icon />}
      title="Design the first code"
      about="A dynamic code can lead elsewhere after it is printed, and every scan is counted. Before you print it, you are told whether phones will read it."
      action={<CreateButton why={why} />}
      curl={`curl ${location.origin}/v1/qr-codes \\\n  -H "Authorization: Bearer $TESSERA_KEY" \\\n  --json '{"name": "Menu", "destination_url": "https://example.com/menu"}'`}
    />
  );
}

const csvQuery = (filters: QrFilters) => new URLSearchParams({ ...(Object.fromEntries(Object.entries(filters).filter(([, value]) => Boolean(value))) as Record<string, string>), format: "csv" });

const VIEWS = [
  { value: "grid", label: <LayoutGrid aria-label="Pictures" className="size-4" /> },
  { value: "table", label: <Table aria-label="Table" className="size-4" /> },
] as const;

function Filters({ search, onChange }: { search: QrSearch; onChange: (change: QrSearch) => void }) {
  const tags = useQuery(tagsQuery);
  const choice = "w-auto! min-w-28 max-sm:min-w-[calc(50%-0.25rem)] max-sm:flex-1";
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <SearchField label="Search QR codes" value={search.search ?? ""} onChange={(text) => onChange({ search: text || undefined })} />
      <Select aria-label="Verdict" value={search.verdict ?? ""} onChange={(event) => onChange({ verdict: (event.target.value || undefined) as QrSearch["verdict"] })} className={choice}>
        <option value="">Any verdict</option>
        <option value="good">Scans</option>
        <option value="risky">Risky</option>
        <option value="fails">Fails</option>
      </Select>
      <Select aria-label="Kind" value={search.kind ?? ""} onChange={(event) => onChange({ kind: (event.target.value || undefined) as QrSearch["kind"] })} className={choice}>
        <option value="">Dynamic and static</option>
        <option value="dynamic">Dynamic</option>
        <option value="static">Static</option>
      </Select>
      <Select aria-label="Content" value={search.type ?? ""} onChange={(event) => onChange({ type: (event.target.value || undefined) as QrSearch["type"] })} className={choice}>
        <option value="">Any content</option>
        {PAYLOADS.map((one) => (
          <option key={one.type} value={one.type}>
            {one.name}
          </option>
        ))}
      </Select>
      <Select aria-label="Tag" value={search.tags ?? ""} onChange={(event) => onChange({ tags: event.target.value || undefined })} className={choice}>
        <option value="">Any tag</option>
        {tags.data?.map((one) => (
          <option key={one.tag}>{one.tag}</option>
        ))}
      </Select>
      <Select aria-label="Status" value={search.status ?? ""} onChange={(event) => onChange({ status: (event.target.value || undefined) as QrSearch["status"] })} className={choice}>
        <option value="">Not archived</option>
        <option value="archived">Archived</option>
        <option value="active,archived">Both</option>
      </Select>
      <Segments label="View" value={search.view ?? "grid"} options={VIEWS} onChange={(view) => onChange({ view: view === "table" ? "table" : undefined })} />
    </div>
  );
}
