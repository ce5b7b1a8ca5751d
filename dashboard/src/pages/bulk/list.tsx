// Bulk jobs, newest first. A job deletes itself some days after its end.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate } from "@tanstack/react-router";
import { Ellipsis, FileSpreadsheet, Plus, Trash2 } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useLogin } from "@/api/session";
import { RelativeTime } from "@/components/moments";
import { Empty, ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { ResourceTable, type Column } from "@/components/resource-table";
import { Button, IconButton } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { toast, toastError } from "@/components/ui/toast";
import { count } from "@/lib/numbers";
import { useShortcut } from "@/lib/shortcuts";
import { EDITORS } from "@/nav";
import { isOver, jobsQuery, removeJob, type Job } from "./queries";
import { bytesShown, jobName, JobState, Progress } from "./state";

export const BULK_VIEWER = "Viewers can look around. An editor, admin or owner can make many at once.";

const COLUMNS: Column<Job>[] = [
  {
    name: "Job",
    className: "max-w-0 w-full",
    cell: (job) => (
      <div className="min-w-0">
        <p className="truncate font-medium">{jobName(job)}</p>
        <p className="truncate text-xs text-ink-3">
          {bytesShown(job.bytes)}, {job.on_error === "abort" ? "all or none" : "bad rows skipped"}
        </p>
      </div>
    ),
  },
  { name: "State", cell: (job) => (isOver(job) || job.state === "ready" ? <JobState job={job} /> : <Progress job={job} className="w-24" />) },
  { name: "Wrong rows", from: "lg", isNumber: true, cell: (job) => count(job.invalid) },
  { name: "Begun", from: "md", cell: (job) => <RelativeTime at={job.created_at} /> },
  { name: "Made", isNumber: true, cell: (job) => <span className="font-medium">{count(Math.max(0, job.created - job.removed))}</span> },
];

export function BulkPage() {
  const list = useInfiniteQuery({
    ...jobsQuery,
    // Jobs that are under way are followed on their own page; here a glance every few seconds is enough.
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.data.some((job) => !isOver(job) && job.state !== "ready")) ? 3_000 : false),
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const navigate = useNavigate();
  const { workspace } = useLogin();
  const mayEdit = workspace != null && EDITORS.includes(workspace.role);
  const why = mayEdit ? undefined : BULK_VIEWER;
  const { fetchNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  useShortcut("c", "Upload a file", () => mayEdit && void navigate({ to: "/bulk/new" }));
  const begin = why ? (
    <Button look="primary" icon={<Plus />} why={why}>
      Upload a file
    </Button>
  ) : (
    <Button look="primary" asChild>
      <Go to="/bulk/new">
        <Plus /> Upload a file
      </Go>
    </Button>
  );
  return (
    <Page title="Bulk" guide="bulk" about="Many at once from a CSV file: up to 1,000,000 rows, validated before the first is made." actions={begin}>
      {list.error ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <ListSkeleton />
      ) : rows.length === 0 ? (
        <Empty
          icon={<FileSpreadsheet />}
          title="Make a thousand at once"
          about="Bring a CSV file in whatever shape it has. You say which column is what, see what is wrong with which row, and decide."
          action={begin}
          curl={`printf 'destination_url,alias\\nhttps://example.com/one,one\\n' |\n  curl "${location.origin}/v1/bulk/jobs?resource=links" \\\n  -H "Authorization: Bearer $TESSERA_KEY" \\\n  -H "Content-Type: text/csv" --data-binary @-`}
        />
      ) : (
        <ResourceTable
          label="Bulk jobs"
          rows={rows}
          total={list.data.pages[0]?.meta.total ?? 0}
          columns={COLUMNS}
          idOf={(job) => job.id}
          nameOf={(job) => job.id}
          onOpen={(job) => void navigate({ to: "/bulk/$id", params: { id: job.id } })}
          hasMore={list.hasNextPage}
          onMore={more}
          menu={(job) => (
            <Menu
              entries={[
                {
                  label: "Delete",
                  icon: <Trash2 />,
                  isDanger: true,
                  why: isOver(job) ? (mayEdit ? undefined : BULK_VIEWER) : "It is not over. Cancel it first.",
                  run: () => void removeJob(job.id).then(() => toast("Job deleted", { detail: "What it made stays." }), (error: unknown) => toastError("The job was not deleted", error)),
                },
              ]}
            >
              <IconButton label="Actions for the job" size="icon-sm">
                <Ellipsis />
              </IconButton>
            </Menu>
          )}
        />
      )}
    </Page>
  );
}
