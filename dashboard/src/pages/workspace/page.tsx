// The workspace: its name, its time, its keys' manner; the others one is in; and what cannot be taken back.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Check, Eraser, LogOut, Plus } from "lucide-react";
import { useState } from "react";
import { api, must, type Schemas } from "@/api/client";
import { queryClient, workspaceQuery } from "@/api/queries";
import { renew, switchWorkspace, useLogin } from "@/api/session";
import { CopyText } from "@/components/copy";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel, FormBody, FormProblem, ListSkeleton, Page } from "@/components/page";
import { useNewWorkspace } from "@/components/shell/no-workspace";
import { SettingsForm } from "@/components/settings-form";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Switch } from "@/components/ui/checks";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { plural } from "@/lib/numbers";
import { ADMINS, isAmong } from "@/nav";
import { LeaveDialog } from "../members/menu";
import { RoleBadge } from "../members/roles";

type Workspace = Schemas["Workspace"];
const ZONES = Intl.supportedValuesOf("timeZone");

export function WorkspacePage() {
  const workspace = useQuery(workspaceQuery);
  return (
    <Page title="Workspace" guide="privacy" about="What links, codes, keys and their numbers belong to.">
      {workspace.error ? (
        <ErrorPanel error={workspace.error} onRetry={() => void workspace.refetch()} />
      ) : workspace.data ? (
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="flex flex-col gap-4">
            <Settings key={workspace.data.updated_at} workspace={workspace.data} />
            <Danger />
          </div>
          <aside className="flex flex-col gap-4">
            <Workspaces />
            <Facts workspace={workspace.data} />
          </aside>
        </div>
      ) : (
        <ListSkeleton rows={4} />
      )}
    </Page>
  );
}

const valuesOf = (workspace: Workspace) => ({
  name: workspace.name,
  timezone: workspace.timezone,
  key_prefix: workspace.key_prefix ?? "",
  refuse_query_keys: workspace.refuse_query_keys,
});

function Settings({ workspace }: { workspace: Workspace }) {
  const { workspace: mine } = useLogin();
  const form = useForm(
    valuesOf(workspace),
    (values) => {
      const before = valuesOf(workspace);
      const changed = Object.entries({ ...values, name: values.name.trim(), timezone: values.timezone.trim(), key_prefix: values.key_prefix.trim() }).filter(([field, value]) => value !== before[field as keyof typeof before]);
      const body: Schemas["ChangeWorkspace"] = Object.fromEntries(changed.map(([field, value]) => [field, field === "key_prefix" && value === "" ? null : value]));
      return must(api.PATCH("/v1/workspace", { body }));
    },
    async (changed) => {
      queryClient.setQueryData(workspaceQuery.queryKey, changed);
      toast("Workspace changed", { detail: "It acts on the next request." });
      // The sidebar has the name from the login.
      await renew();
    },
  );
  const why = isAmong(ADMINS, mine?.role) ? undefined : "An admin or owner can change this.";
  const { values, set, wrong } = form;
  return (
    <SettingsForm title="Settings" form={form} why={why}>
      <Field label="Name" wrong={wrong("name")}>
        <Input value={values.name} readOnly={why !== undefined} onChange={(event) => set("name", event.target.value)} />
      </Field>
      <Field label="Time zone" wrong={wrong("timezone")} hint="Where its days begin in reports. One report can ask for another zone.">
        <Input list="zones" value={values.timezone} readOnly={why !== undefined} spellCheck={false} onChange={(event) => set("timezone", event.target.value)} />
      </Field>
      <datalist id="zones">
        {["UTC", ...ZONES.filter((zone) => zone !== "UTC")].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Field label="Prefix of new keys" isOptional wrong={wrong("key_prefix")} hint="1 to 24 of a–z, 0–9, _ and -, ending in _ or -. Keys that exist keep theirs. Left empty: the server’s.">
        <Input value={values.key_prefix} readOnly={why !== undefined} placeholder="the server’s" spellCheck={false} className="font-mono" onChange={(event) => set("key_prefix", event.target.value)} />
      </Field>
      <Switch
        label="Refuse keys in addresses"
        hint="?api_key=… ends up in other people’s logs. Switched on, such requests are refused."
        checked={values.refuse_query_keys}
        disabled={why !== undefined}
        onCheckedChange={(on) => set("refuse_query_keys", on)}
      />
      {wrong("refuse_query_keys") && <p role="alert" className="text-xs text-bad">{wrong("refuse_query_keys")}</p>}
    </SettingsForm>
  );
}

function Workspaces() {
  const { workspace, workspaces } = useLogin();
  const isMaking = useSearch({ from: "/inside/settings/workspace" }).new === true;
  const navigate = useNavigate({ from: "/settings/workspace" });
  const setMaking = (on: boolean) => void navigate({ search: on ? { new: true } : {}, replace: !on });
  return (
    <Card
      title="Your workspaces"
      isFlush
      aside={
        <Button size="sm" look="quiet" icon={<Plus />} onClick={() => setMaking(true)}>
          New
        </Button>
      }
    >
      <ul className="divide-y divide-line">
        {workspaces.map((one) => (
          <li key={one.id} className="flex h-11 items-center gap-2 px-4 text-sm">
            <span className="min-w-0 flex-1 truncate font-medium">{one.name}</span>
            <RoleBadge role={one.role} />
            {one.id === workspace?.id ? (
              <Check aria-label="the present one" className="mx-2 size-4 text-accent-text" />
            ) : (
              <Button size="sm" onClick={() => void switchWorkspace(one.id)}>
                Switch
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isMaking && <NewWorkspace onClose={() => setMaking(false)} />}
    </Card>
  );
}

function NewWorkspace({ onClose }: { onClose: () => void }) {
  const form = useNewWorkspace();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="New workspace"
      about="Links, keys and members of its own. You become its owner, and this page goes there."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} onClick={form.submit}>
            Make workspace
          </Button>
        </>
      }
    >
      <FormBody of={form} className="flex flex-col gap-3">
        <Field label="Name" wrong={form.wrong("name")}>
          <Input autoFocus value={form.values.name} onChange={(event) => form.set("name", event.target.value)} />
        </Field>
      </FormBody>
    </Dialog>
  );
}

function Facts({ workspace }: { workspace: Workspace }) {
  return (
    <Card title="Facts">
      <dl className="flex flex-col gap-2 text-sm">
        <div className="flex items-center justify-between gap-3">
          <dt className="text-ink-3">Id</dt>
          <dd className="min-w-0">
            <CopyText text={workspace.id} label="workspace id" shown={`${workspace.id.slice(0, 12)}…`} />
          </dd>
        </div>
        <div className="flex justify-between gap-3">
          <dt className="text-ink-3">Made</dt>
          <dd>
            <RelativeTime at={workspace.created_at} />
          </dd>
        </div>
      </dl>
    </Card>
  );
}

function Danger() {
  const { user, workspace } = useLogin();
  const [asks, setAsks] = useState<"erase" | "leave" | null>(null);
  const isAdmin = isAmong(ADMINS, workspace?.role);
  return (
    <Card title="What cannot be taken back" isFlush>
      <ul className="divide-y divide-line text-sm">
        <li className="flex flex-wrap items-center gap-3 px-4 py-3">
          <p className="min-w-0 flex-1 basis-64">
            <span className="block font-medium">Erase a visitor’s clicks</span>
            <span className="block text-ink-2">Where a person asks for it. Every click of theirs is forgotten: in memory, on disk and in the log.</span>
          </p>
          <Button icon={<Eraser />} why={isAdmin ? undefined : "An admin or owner can do this."} onClick={() => setAsks("erase")}>
            Erase…
          </Button>
        </li>
        <li className="flex flex-wrap items-center gap-3 px-4 py-3">
          <p className="min-w-0 flex-1 basis-64">
            <span className="block font-medium">Leave the workspace</span>
            <span className="block text-ink-2">Your personal keys end with it. What you made stays.</span>
          </p>
          <Button icon={<LogOut />} className="text-bad!" onClick={() => setAsks("leave")}>
            Leave…
          </Button>
        </li>
      </ul>
      {asks === "erase" && <EraseDialog onClose={() => setAsks(null)} />}
      {asks === "leave" && <LeaveDialog userId={user.id} onClose={() => setAsks(null)} />}
    </Card>
  );
}

function EraseDialog({ onClose }: { onClose: () => void }) {
  const form = useForm(
    { visitor: "" },
    ({ visitor }) => must(api.POST("/v1/events/erase", { body: { visitor: visitor.trim() } })),
    ({ clicks_erased }) => {
      toast(`${plural(clicks_erased, "click")} erased`);
      onClose();
    },
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Erase a visitor’s clicks"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" isBusy={form.isSending} why={form.values.visitor.trim() === "" ? "Say whose clicks first." : undefined} onClick={form.submit}>
            Erase for ever
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (form.values.visitor.trim() !== "") form.submit();
        }}
      >
        <FormProblem problem={form.problem} />
        <Field label="Visitor" wrong={form.wrong("visitor")} hint="As the clicks of GET /v1/events show it. The click counters of links stay as they are.">
          <Input autoFocus value={form.values.visitor} spellCheck={false} className="font-mono" onChange={(event) => form.set("visitor", event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
