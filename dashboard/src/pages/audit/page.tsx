// The audit log: who changed what, before and after. Which rows are seen is in the address.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useSearch } from "@tanstack/react-router";
import { Download, ScrollText, Search, ShieldCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import { download } from "@/api/client";
import { CopyText } from "@/components/copy";
import { LineFacts, LogList } from "@/components/log-list";
import { Empty, Page } from "@/components/page";
import { PeriodFilter } from "@/components/period-filter";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { toastError } from "@/components/ui/toast";
import { count, listed } from "@/lib/numbers";
import { exactly } from "@/lib/time";
import { auditQuery, parametersOf } from "./queries";
import type { AuditSearch } from "./search";
import { ACTION_GROUPS, changesOf, nameOf, shown, wordsOf, type AuditRow } from "./words";

const NO_FILTERS: AuditSearch = { action: undefined, target: undefined, actor: undefined, range: undefined, from: undefined, to: undefined };

export function AuditPage() {
  const search = useSearch({ from: "/inside/settings/audit" });
  const navigate = useNavigate({ from: "/settings/audit" });
  const list = useInfiniteQuery({ ...auditQuery(search), placeholderData: (before) => before });
  const filter = (change: AuditSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const total = list.data?.pages[0]?.meta.total;
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  const csv = () => {
    const query = new URLSearchParams({ ...parametersOf(search), format: "csv" });
    void download(`/v1/audit?${query}`, "audit.csv").catch((error: unknown) => toastError("The file was not made", error));
  };
  return (
    <Page
      title="Audit log"
      guide="enterprise-authentication"
      about={total === undefined ? "Who changed what, and when." : `${listed(total, "change", isFiltered)}. Every change is here, by whomever and by whatever key.`}
      actions={
        <Button icon={<Download />} onClick={csv}>
          CSV
        </Button>
      }
    >
      <Filters search={search} actorName={search.actor && actorOf(list.data?.pages[0]?.data[0])?.name} onFilter={filter} />
      <LogList
        label="Changes"
        query={list}
        idOf={(row) => row.id}
        atOf={(row) => row.at}
        line={(row) => <Sentence row={row} />}
        inside={(row) => <Details row={row} search={search} onOnly={(only) => filter({ ...NO_FILTERS, ...only })} />}
        empty={
          isFiltered ? (
            <Empty icon={<Search />} title="No change matches" about="Nothing of this kind happened in this time." action={<Button onClick={() => filter(NO_FILTERS)}>Clear the filters</Button>} />
          ) : (
            <Empty
              icon={<ScrollText />}
              title="Nothing was changed yet"
              about="Links, keys, members, settings: whatever changes is written down here, with who did it."
              curl={`curl ${location.origin}/v1/audit \\\n  -H "Authorization: Bearer $TESSERA_KEY"`}
            />
          )
        }
      />
      <p className="mt-6 flex items-start gap-2 text-xs text-ink-3">
        <ShieldCheck aria-hidden className="mt-px size-4 shrink-0" />
        <span>
          Rows are numbered without gaps and chained by keyed hashes. Whoever runs the server proves with <code className="font-mono">tessera audit verify</code> that none was altered or
          taken out.
        </span>
      </p>
    </Page>
  );
}

function Filters({ search, actorName, onFilter }: { search: AuditSearch; actorName: string | undefined; onFilter: (change: AuditSearch) => void }) {
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <Select aria-label="What" value={search.action ?? ""} onChange={(event) => onFilter({ action: event.target.value || undefined })} className="w-48! max-sm:flex-1">
        <option value="">Everything</option>
        {ACTION_GROUPS.map((group) => (
          <optgroup key={group.kind} label={group.name}>
            <option value={group.kind}>{group.name}: all</option>
            {group.actions.map((one) => (
              <option key={one.action} value={one.action}>
                {one.words}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      <PeriodFilter value={search} onChange={onFilter} />
      {search.target && (
        <Narrowed word="of" away="Of everything" onAway={() => onFilter({ target: undefined })}>
          <code className="truncate font-mono text-xs">{search.target}</code>
        </Narrowed>
      )}
      {search.actor && (
        <Narrowed word="by" away="By everybody" onAway={() => onFilter({ actor: undefined })}>
          {actorName ? <span className="truncate">{actorName}</span> : <code className="truncate font-mono text-xs">{search.actor}</code>}
        </Narrowed>
      )}
    </div>
  );
}

const Narrowed = ({ word, away, onAway, children }: { word: string; away: string; onAway: () => void; children: ReactNode }) => (
  <span className="inline-flex h-8 max-w-full min-w-0 items-center gap-1 rounded-md border border-line-strong bg-surface pl-2.5 text-sm">
    <span className="text-ink-3">{word}</span> {children}
    <button type="button" aria-label={away} onClick={onAway} className="grid size-7.5 shrink-0 place-items-center rounded-md text-ink-3 hover:text-ink">
      <X className="size-3.5" />
    </button>
  </span>
);

const actorOf = (row: AuditRow | undefined) => row?.actor as { type?: string; id?: string; name?: string } | undefined;

const WHO: Record<string, string> = { api_key: "API key", visitor: "Visitor", operator: "Operator" };

function Sentence({ row }: { row: AuditRow }) {
  const actor = actorOf(row) ?? {};
  const { thing, done } = wordsOf(row.action);
  const name = nameOf(row);
  return (
    <span className="flex flex-wrap items-baseline gap-x-1.5">
      <span className="max-w-full truncate font-medium">{actor.name ?? actor.type}</span>
      {actor.type && WHO[actor.type] && <Badge>{WHO[actor.type]}</Badge>}
      <span className="text-ink-2">
        {thing} {done}
      </span>
      {name && <span className="max-w-full truncate">{name}</span>}
    </span>
  );
}

function Details({ row, search, onOnly }: { row: AuditRow; search: AuditSearch; onOnly: (only: Pick<AuditSearch, "actor" | "target">) => void }) {
  const who = actorOf(row)?.id ?? actorOf(row)?.type;
  const changes = changesOf(row);
  // Of a thing that is new or gone, one column says it.
  const [isNew, isGone] = [changes.every((one) => one.before == null), changes.every((one) => one.after == null)];
  const facts: [string, ReactNode][] = [
    ["When", exactly(row.at)],
    ["Action", <code key="action" className="font-mono">{row.action}</code>],
    ["Of", <Target key="of" id={row.target} />],
    ["From", row.address],
    ["Request", row.request_id && <CopyText key="request" text={row.request_id} label="request id" />],
    ["Row", `${count(row.seq)} of the chain`],
  ];
  return (
    <div className="flex flex-col gap-3">
      {changes.length > 0 && (
        <div className="overflow-x-auto rounded-lg border border-line bg-surface" tabIndex={0} role="region" aria-label="Before and after">
          <table className="w-full text-left text-xs">
            <thead>
              <tr className="h-8 border-b border-line text-ink-3">
                <th scope="col" className="px-3 font-medium">Field</th>
                {!isNew && <th scope="col" className="px-3 font-medium">{isGone ? "Was" : "Before"}</th>}
                {!isGone && <th scope="col" className="px-3 font-medium">{isNew ? "Set to" : "After"}</th>}
              </tr>
            </thead>
            <tbody>
              {changes.map((one) => (
                <tr key={one.field} className="border-b border-line align-top last:border-b-0">
                  <th scope="row" className="px-3 py-1.5 font-mono font-normal text-ink-2">{one.field}</th>
                  {!isNew && <Value of={one.before} tone="text-bad" />}
                  {!isGone && <Value of={one.after} tone={isNew ? "text-ink" : "text-good"} />}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <LineFacts facts={facts} />
      <div className="flex flex-wrap gap-2 empty:hidden">
        {!search.target && (
          <Button size="sm" onClick={() => onOnly({ target: row.target })}>
            Everything done to this
          </Button>
        )}
        {!search.actor && who && (
          <Button size="sm" onClick={() => onOnly({ actor: who })}>
            Everything done by them
          </Button>
        )}
      </div>
    </div>
  );
}

const Value = ({ of, tone }: { of: unknown; tone: string }) => (
  <td className={`px-3 py-1.5 font-mono break-all ${of == null ? "text-ink-3" : tone}`}>{of == null ? "–" : shown(of)}</td>
);

/** Leads to the thing, where it has a page. */
function Target({ id }: { id: string }) {
  const look = "rounded font-mono text-accent-text hover:underline";
  if (id.startsWith("link_"))
    return (
      <Go to="/links/$id" params={{ id }} className={look}>
        {id}
      </Go>
    );
  if (id.startsWith("key_"))
    return (
      <Go to="/settings/api-keys/$id" params={{ id }} className={look}>
        {id}
      </Go>
    );
  return <CopyText text={id} label="id" />;
}
