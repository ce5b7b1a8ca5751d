// All keys of the workspace: which are used, which are old, which end soon.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Clock, KeyRound, Plus, Search } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { Countdown, RelativeTime } from "@/components/moments";
import { Empty, ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { ResourceTable, type Column } from "@/components/resource-table";
import { SearchField } from "@/components/search-field";
import { Sparkline } from "@/components/stats";
import { Badge, StatusBadge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/card";
import { Select } from "@/components/ui/field";
import { Tip } from "@/components/ui/tooltip";
import { compact, count } from "@/lib/numbers";
import { useShortcut } from "@/lib/shortcuts";
import { dateOf, exactly } from "@/lib/time";
import { useKeyActions } from "./actions";
import { KeyDrawer } from "./drawer";
import { inGrace, scopeWords } from "./advice";
import { keysQuery, usageQuery, type Key, type KeyWithSecret } from "./queries";
import type { KeysSearch } from "./search";
import { SecretDialog } from "./secret";

const COLUMNS: Column<Key>[] = [
  { name: "Name", className: "max-w-0 w-full", cell: (key) => <NameCell apiKey={key} /> },
  { name: "Status", from: "sm", cell: (key) => <StatusBadge status={key.status} /> },
  {
    name: "Scopes",
    from: "lg",
    cell: (key) => (
      <Tip text={key.scopes.slice(0, 12).join(", ") + (key.scopes.length > 12 ? ", …" : "")}>
        <span className="whitespace-nowrap text-ink-2">{scopeWords(key.scopes)}</span>
      </Tip>
    ),
  },
  { name: "Last used", cell: (key) => <LastUsed apiKey={key} /> },
  { name: "Requests, 30 days", from: "xl", cell: (key) => <Usage apiKey={key} /> },
  { name: "Created", from: "lg", cell: (key) => <RelativeTime at={key.created_at} /> },
  { name: "Ends", from: "xl", cell: (key) => <Ends apiKey={key} /> },
];

function NameCell({ apiKey }: { apiKey: Key }) {
  const old = inGrace(apiKey);
  return (
    <div className="min-w-0">
      <div className="flex items-center gap-2">
        <span className="truncate font-medium">{apiKey.name}</span>
        {apiKey.owner === "personal" && <Badge>Personal</Badge>}
        {apiKey.needs_rotation && apiKey.is_active && !old && (
          <Tip text="The secret is older than 90 days">
            <span>
              <Badge tone="warn">Rotate</Badge>
            </span>
          </Tip>
        )}
      </div>
      <div className="flex items-center gap-2 text-xs text-ink-3">
        <code className="truncate font-mono">{apiKey.preview}</code>
        {old?.valid_until && (
          <span className="inline-flex items-center gap-1 whitespace-nowrap text-warn">
            <Clock aria-hidden className="size-3" /> old secret: <Countdown until={old.valid_until} />
          </span>
        )}
      </div>
    </div>
  );
}

const LastUsed = ({ apiKey }: { apiKey: Key }) => (
  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
    <RelativeTime at={apiKey.last_used_at} never="never used" />
    {apiKey.is_unused && (
      <Tip text={`Not used for ${apiKey.unused_days} days`}>
        <span>
          <Badge tone="warn">Unused {apiKey.unused_days} d</Badge>
        </span>
      </Tip>
    )}
  </span>
);

function Usage({ apiKey }: { apiKey: Key }) {
  const usage = useQuery(usageQuery(apiKey.id));
  if (usage.error) return <span className="tnum text-ink-2">{count(apiKey.request_count)} in all</span>;
  if (!usage.data) return <Skeleton className="h-5 w-32" />;
  const { requests } = usage.data.summary;
  return (
    <div className="flex items-center gap-3">
      <Sparkline values={usage.data.series.map((point) => point.requests)} label={`${count(requests)} requests in 30 days`} />
      <Tip text={`${count(requests)} in 30 days, ${count(apiKey.request_count)} in all`}>
        <span className="tnum text-ink-2">{compact(requests)}</span>
      </Tip>
    </div>
  );
}

const Ends = ({ apiKey }: { apiKey: Key }) =>
  apiKey.expires_at ? (
    <Tip text={exactly(apiKey.expires_at)}>
      <time dateTime={apiKey.expires_at} className="whitespace-nowrap text-ink-2">
        {dateOf(apiKey.expires_at)}
      </time>
    </Tip>
  ) : (
    <span className="text-ink-3">never</span>
  );

function RowMenu({ apiKey }: { apiKey: Key }) {
  const { menu, dialogs } = useKeyActions(apiKey);
  return (
    <span onClick={(event) => event.stopPropagation()}>
      {menu}
      {dialogs}
    </span>
  );
}

export function KeysPage() {
  const search = useSearch({ from: "/inside/settings/api-keys" });
  const navigate = useNavigate({ from: "/settings/api-keys" });
  const list = useInfiniteQuery({ ...keysQuery({ search: search.search, status: search.status }), placeholderData: (before) => before });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const total = list.data?.pages[0]?.meta.total ?? 0;
  const [made, setMade] = useState<KeyWithSecret | null>(null);
  const filter = (change: KeysSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const create = () => filter({ new: true });
  useShortcut("c", "Create a key", create);
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const isFiltered = Boolean(search.search ?? search.status);
  const add = (
    <Button look="primary" icon={<Plus />} onClick={create}>
      Create API key
    </Button>
  );
  return (
    <Page title="API keys" guide="api-keys" about="Each opens this workspace to one program, and can do what you allow and nothing more. A secret is shown once and kept only as a keyed digest." actions={add}>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label="Search keys" value={search.search ?? ""} onChange={(text) => filter({ search: text || undefined })} />
        <Select aria-label="Status" value={search.status ?? ""} onChange={(event) => filter({ status: (event.target.value || undefined) as KeysSearch["status"] })} className="w-auto! min-w-32 max-sm:flex-1">
          <option value="">Any status</option>
          <option value="active">Active</option>
          <option value="inactive">Inactive</option>
          <option value="expired">Expired</option>
          <option value="revoked">Revoked</option>
        </Select>
      </div>
      {list.error ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <ListSkeleton />
      ) : rows.length === 0 && isFiltered ? (
        <Empty icon={<Search />} title="No key matches" about="None has this name and status." action={<Button onClick={() => filter({ search: undefined, status: undefined })}>Clear the filters</Button>} />
      ) : rows.length === 0 ? (
        <Empty
          icon={<KeyRound />}
          title="Make the first key"
          about="Programs use the API with a key of their own, so that each can be limited, watched and ended by itself."
          action={add}
          curl={`curl ${location.origin}/v1/api-keys \\\n  -H "Authorization: Bearer $ACCESS_TOKEN" \\\n  --json '{"name": "CMS", "scopes": ["read_write"]}'`}
        />
      ) : (
        <ResourceTable
          label="API keys"
          rows={rows}
          total={total}
          columns={COLUMNS}
          idOf={(key) => key.id}
          nameOf={(key) => key.name}
          onOpen={(key) => void navigate({ to: "/settings/api-keys/$id", params: { id: key.id } })}
          menu={(key) => <RowMenu apiKey={key} />}
          hasMore={list.hasNextPage}
          onMore={more}
        />
      )}
      {search.new && (
        <KeyDrawer
          onClose={() => filter({ new: undefined })}
          onMade={(key) => {
            setMade(key);
            filter({ new: undefined });
          }}
        />
      )}
      {made && <SecretDialog made={made} title={`Your new key “${made.name}”`} onClose={() => setMade(null)} />}
    </Page>
  );
}
