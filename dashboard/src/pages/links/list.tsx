// All links of the workspace. Filters are in the address, so a view can be sent to somebody else.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Download, Link2, Lock, Plus, Search, Split } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { download } from "@/api/client";
import { tagsQuery } from "@/api/queries";
import { useLogin } from "@/api/session";
import { CopyButton } from "@/components/copy";
import { RelativeTime } from "@/components/moments";
import { Empty, ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { ResourceTable, type Column } from "@/components/resource-table";
import { SearchField } from "@/components/search-field";
import { FewTags, StatusBadge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { toastError } from "@/components/ui/toast";
import { Tip } from "@/components/ui/tooltip";
import { count, listed } from "@/lib/numbers";
import { useShortcut } from "@/lib/shortcuts";
import { EDITORS, isAmong } from "@/nav";
import { BulkBar } from "./bulk-bar";
import { LinkDrawer } from "./drawer";
import { LinkMenu } from "./menu";
import { bare, pathOf, linkQuery, linksQuery, type Link } from "./queries";
import { hasRules } from "./rules";
import type { LinksSearch } from "./search";

const COLUMNS: Column<Link>[] = [
  {
    name: "Link",
    sort: "title",
    className: "max-w-0 w-full",
    cell: (link) => (
      <div className="min-w-0">
        <div className="flex items-center gap-1.5">
          <span className="truncate font-medium">{link.title ?? bare(link.short_url)}</span>
          {link.has_password && (
            <Tip text="Asks for a password">
              <Lock aria-label="Asks for a password" className="size-3 shrink-0 text-ink-3" />
            </Tip>
          )}
          {hasRules(link) && (
            <Tip text="Takes some visitors elsewhere">
              <Split aria-label="Takes some visitors elsewhere" className="size-3 shrink-0 text-ink-3" />
            </Tip>
          )}
        </div>
        <div className="flex items-center gap-1 text-xs">
          <span className="truncate text-accent-text sm:max-w-[65%] sm:shrink-0">
            <span className="max-sm:sr-only">{new URL(link.short_url).host}</span>
            {pathOf(link.short_url)}
          </span>
          <CopyButton text={link.short_url} label="short link" className="-my-2 size-6!" />
          <span className="hidden truncate text-ink-3 sm:inline">{link.destination_url ? `→ ${bare(link.destination_url)}` : "shows a page of its own"}</span>
        </div>
      </div>
    ),
  },
  {
    name: "Tags",
    from: "lg",
    cell: (link) => <FewTags tags={link.tags} />,
  },
  { name: "Status", from: "sm", cell: (link) => <StatusBadge status={link.status} /> },
  { name: "Last click", from: "xl", sort: "last_clicked_at", cell: (link) => <RelativeTime at={link.last_clicked_at} /> },
  { name: "Created", from: "md", sort: "created_at", cell: (link) => <RelativeTime at={link.created_at} /> },
  { name: "Clicks", isNumber: true, sort: "clicks", cell: (link) => <span className="font-medium">{count(link.clicks)}</span> },
];

export function LinksPage() {
  const search = useSearch({ from: "/inside/links" });
  const navigate = useNavigate({ from: "/links" });
  const { workspace } = useLogin();
  const mayEdit = isAmong(EDITORS, workspace?.role);
  const filters = { search: search.search, status: search.status, tags: search.tags, sort: search.sort };
  const list = useInfiniteQuery({ ...linksQuery(filters), placeholderData: (before) => before });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const chosenLinks = useMemo(() => (chosen.size === 0 ? [] : rows.filter((link) => chosen.has(link.id))), [rows, chosen]);
  const total = list.data?.pages[0]?.meta.total ?? 0;
  const isFiltered = Boolean(search.search ?? search.status ?? search.tags);
  const filter = (change: LinksSearch) => {
    setChosen(new Set());
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  };
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  // The same functions at every drawing, so that rows that did not change are not drawn again.
  const open = useCallback((link: Link) => void navigate({ to: "/links/$id", params: { id: link.id } }), [navigate]);
  const menu = useCallback(
    (link: Link) => <LinkMenu link={link} mayEdit={mayEdit} onEdit={() => void navigate({ search: (before) => ({ ...before, edit: link.id }) })} />,
    [mayEdit, navigate],
  );
  const create = () => void navigate({ search: (before) => ({ ...before, new: true }) });
  useShortcut("c", "Create a link", () => mayEdit && create());
  const why = mayEdit ? undefined : "Viewers can look at links. An editor, admin or owner can make them.";
  const isEmpty = list.isSuccess && rows.length === 0;

  return (
    <Page
      title="Links"
      guide="links"
      about={list.data ? listed(total, "link", isFiltered) : "Short links and where they lead"}
      actions={
        <>
          <Button
            icon={<Download />}
            onClick={() => void download(`/v1/links?${csvQuery(filters)}`, "links.csv").catch((error: unknown) => toastError("The file was not made", error))}
          >
            CSV
          </Button>
          <Button look="primary" icon={<Plus />} why={why} onClick={create}>
            Create link
          </Button>
        </>
      }
    >
      <Filters search={search} onChange={filter} />
      {list.error ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <ListSkeleton />
      ) : isEmpty ? (
        <Nothing isFiltered={isFiltered} why={why} onCreate={create} onClear={() => filter({ search: undefined, status: undefined, tags: undefined })} />
      ) : (
        <ResourceTable
          label="Links"
          rows={rows}
          total={total}
          columns={COLUMNS}
          idOf={(link) => link.id}
          nameOf={(link) => link.title ?? link.alias}
          onOpen={open}
          menu={menu}
          sort={search.sort ?? "-created_at"}
          onSort={(sort) => filter({ sort: sort as LinksSearch["sort"] })}
          hasMore={list.hasNextPage}
          onMore={more}
          {...(mayEdit ? { chosen, onChoose: setChosen } : {})}
        />
      )}
      <BulkBar links={chosenLinks} onClear={() => setChosen(new Set())} />
      <Drawers search={search} onClose={() => void navigate({ search: (before) => ({ ...before, new: undefined, edit: undefined }), replace: true })} />
    </Page>
  );
}

function Nothing({ isFiltered, why, onCreate, onClear }: { isFiltered: boolean; why: string | undefined; onCreate: () => void; onClear: () => void }) {
  if (isFiltered)
    return <Empty icon={<Search />} title="No link matches" about="Nothing has this text, state and tags at once." action={<Button onClick={onClear}>Clear the filters</Button>} />;
  return (
    <Empty
      icon={<Link2 />}
      title="Make the first link"
      about="A link is a short address that sends people on. You can change where it leads after it is printed, and see who followed it."
      action={
        <Button look="primary" icon={<Plus />} why={why} onClick={onCreate}>
          Create link
        </Button>
      }
      curl={`curl ${location.origin}/v1/links \\\n  -H "Authorization: Bearer $TESSERA_KEY" \\\n  --json '{"destination_url": "https://example.com"}'`}
    />
  );
}

const csvQuery = (filters: Record<string, string | undefined>) =>
  new URLSearchParams({ ...Object.fromEntries(Object.entries(filters).filter((pair): pair is [string, string] => Boolean(pair[1]))), format: "csv" });

function Drawers({ search, onClose }: { search: LinksSearch; onClose: () => void }) {
  const edited = useQuery({ ...linkQuery(search.edit ?? ""), enabled: search.edit !== undefined });
  return <LinkDrawer key={search.edit ?? "new"} isOpen={search.new === true || (search.edit !== undefined && edited.isSuccess)} link={search.edit ? edited.data : undefined} onClose={onClose} />;
}

function Filters({ search, onChange }: { search: LinksSearch; onChange: (change: LinksSearch) => void }) {
  const tags = useQuery(tagsQuery);
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <SearchField label="Search links" value={search.search ?? ""} onChange={(text) => onChange({ search: text || undefined })} />
      <Select
        aria-label="Status"
        value={search.status ?? ""}
        onChange={(event) => onChange({ status: (event.target.value || undefined) as LinksSearch["status"] })}
        className="w-auto! min-w-32 max-sm:flex-1"
      >
        <option value="">All but archived</option>
        <option value="active">Active</option>
        <option value="paused">Paused</option>
        <option value="scheduled">Scheduled</option>
        <option value="expired">Expired</option>
        <option value="used_up">Used up</option>
        <option value="archived">Archived</option>
      </Select>
      <Select aria-label="Tag" value={search.tags ?? ""} onChange={(event) => onChange({ tags: event.target.value || undefined })} className="w-auto! min-w-32 max-sm:flex-1">
        <option value="">Any tag</option>
        {tags.data?.map((one) => (
          <option key={one.tag} value={one.tag}>
            {one.tag} ({count(one.links)})
          </option>
        ))}
      </Select>
    </div>
  );
}
