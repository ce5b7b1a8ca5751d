// The request log of one key: what was asked, what was answered, how long it took; refused requests too. Which key and
// which requests is in the address.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useSearch } from "@tanstack/react-router";
import { Download, KeyRound, Search, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import { download } from "@/api/client";
import { CopyText } from "@/components/copy";
import { LineFacts, LogList } from "@/components/log-list";
import { Empty, ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { PeriodFilter } from "@/components/period-filter";
import { StatusCode } from "@/components/ui/badge";
import { Button, buttonLook } from "@/components/ui/button";
import { Select } from "@/components/ui/field";
import { toastError } from "@/components/ui/toast";
import { deviceOf } from "@/lib/device";
import { millis } from "@/lib/numbers";
import { countryName } from "@/lib/places";
import { exactly } from "@/lib/time";
import { keyQuery, usageQuery, type Key } from "../keys/queries";
import { keysToChooseQuery, parametersOf, requestLogQuery, type ApiKeyRequest } from "./queries";
import { METHODS, STATUSES, type RequestsSearch } from "./search";

export function RequestsPage() {
  const search = useSearch({ from: "/inside/settings/requests" });
  const navigate = useNavigate({ from: "/settings/requests" });
  const keys = useQuery(keysToChooseQuery);
  const listed = keys.data?.data ?? [];
  const named = useQuery({ ...keyQuery(search.key ?? ""), enabled: search.key !== undefined && keys.isSuccess && !listed.some((key) => key.id === search.key) });
  const choice = named.data ? [named.data, ...listed] : listed;
  const chosen = search.key ?? busiest(listed)?.id;
  const filter = (change: RequestsSearch) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const error = keys.error ?? named.error;
  return (
    <Page
      title="Request log"
      guide="api-keys"
      about="Every request of a key, also those that were refused. Bodies are not kept."
      actions={chosen && <CsvButton id={chosen} search={search} />}
    >
      {error ? (
        <ErrorPanel error={error} onRetry={() => void keys.refetch()} />
      ) : keys.isPending ? (
        <ListSkeleton />
      ) : chosen === undefined ? (
        <Empty
          icon={<KeyRound />}
          title="There is no key yet"
          about="Requests are logged by the key that made them. Make one, use it, and come back."
          action={
            <Go to="/settings/api-keys" search={{ new: true }} className={buttonLook("primary")}>
              Create a key
            </Go>
          }
        />
      ) : (
        <Log id={chosen} choice={choice} search={search} onFilter={filter} />
      )}
    </Page>
  );
}

/** Where one most likely wants to look. */
const busiest = (keys: readonly Key[]) => keys.toSorted((a, b) => (b.last_used_at ?? "").localeCompare(a.last_used_at ?? ""))[0];

function CsvButton({ id, search }: { id: string; search: RequestsSearch }) {
  const query = new URLSearchParams({ ...parametersOf(search), format: "csv" });
  return (
    <Button icon={<Download />} onClick={() => void download(`/v1/api-keys/${id}/requests?${query}`, "requests.csv").catch((error: unknown) => toastError("The file was not made", error))}>
      CSV
    </Button>
  );
}

type LogProps = { id: string; choice: readonly Key[]; search: RequestsSearch; onFilter: (change: RequestsSearch) => void };

function Log({ id, choice, search, onFilter }: LogProps) {
  const filters = { ...search, key: undefined };
  const list = useInfiniteQuery({ ...requestLogQuery(id, filters), placeholderData: (before) => before });
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  const clear = () => onFilter({ status: undefined, method: undefined, route: undefined, range: undefined, from: undefined, to: undefined });
  return (
    <>
      <Filters id={id} choice={choice} search={search} onFilter={onFilter} />
      <LogList
        label="Requests"
        query={list}
        idOf={(row) => row.id}
        atOf={(row) => row.at}
        line={(row) => <Line row={row} />}
        inside={(row) => <Details row={row} />}
        empty={
          isFiltered ? (
            <Empty icon={<Search />} title="No request matches" about="This key asked nothing of the kind in this time." action={<Button onClick={clear}>Clear the filters</Button>} />
          ) : (
            <Empty
              icon={<SquareTerminal />}
              title="This key was not used yet"
              about="Ask who it is, and the request stands here at once."
              curl={`curl ${location.origin}/v1/me \\\n  -H "Authorization: Bearer $TESSERA_KEY"`}
            />
          )
        }
      />
    </>
  );
}

function Filters({ id, choice, search, onFilter }: LogProps) {
  const usage = useQuery(usageQuery(id));
  const routes = [...new Set([...(search.route ? [search.route] : []), ...(usage.data?.routes.map((one) => one.route) ?? [])])];
  const narrow = "w-auto! min-w-28 max-sm:flex-1";
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <Select aria-label="Key" value={id} onChange={(event) => onFilter({ key: event.target.value, route: undefined })} className="min-w-40 sm:w-auto! sm:max-w-64">
        {choice.map((key) => (
          <option key={key.id} value={key.id}>
            {key.name} ({key.preview.slice(-4)})
          </option>
        ))}
      </Select>
      <Select aria-label="Status" value={search.status ?? ""} onChange={(event) => onFilter({ status: STATUSES.find((one) => String(one) === event.target.value) })} className={narrow}>
        <option value="">Any status</option>
        {STATUSES.map((status) => (
          <option key={status}>{status}</option>
        ))}
      </Select>
      <Select aria-label="Method" value={search.method ?? ""} onChange={(event) => onFilter({ method: (event.target.value || undefined) as RequestsSearch["method"] })} className={narrow}>
        <option value="">Any method</option>
        {METHODS.map((method) => (
          <option key={method}>{method}</option>
        ))}
      </Select>
      <Select aria-label="Route" value={search.route ?? ""} onChange={(event) => onFilter({ route: event.target.value || undefined })} className="w-auto! max-w-64 min-w-32 max-sm:flex-1">
        <option value="">Any route</option>
        {routes.map((route) => (
          <option key={route}>{route}</option>
        ))}
      </Select>
      <PeriodFilter value={search} onChange={onFilter} />
    </div>
  );
}

const Line = ({ row }: { row: ApiKeyRequest }) => (
  <span className="flex items-center gap-3 text-xs">
    <StatusCode status={row.status} />
    <span className="min-w-0 flex-1 truncate font-mono">
      <span className="text-ink-3">{row.method}</span> {row.route}
    </span>
    <span className="hidden w-28 shrink-0 truncate text-ink-3 lg:inline">{deviceOf(row.user_agent)}</span>
    <span className="tnum hidden w-16 shrink-0 text-right text-ink-3 sm:inline">{millis(row.latency_ms)}</span>
  </span>
);

function Details({ row }: { row: ApiKeyRequest }) {
  const facts: [string, ReactNode][] = [
    ["Request", <CopyText key="id" text={row.id} label="request id" />],
    ["When", exactly(row.at)],
    ["Took", millis(row.latency_ms)],
    ["Counted as", row.status === 401 || row.status === 403 || row.status === 429 ? "nothing: it was refused" : `a ${row.class}`],
    ["From", row.address && `${row.address}${row.country ? ` · ${countryName(row.country)}` : ""}`],
    ["User agent", row.user_agent],
    ["Secret", <code key="secret" className="font-mono">{row.secret_id}</code>],
  ];
  return <LineFacts facts={facts} />;
}
