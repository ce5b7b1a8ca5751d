// Oneself: name and address, password, the places where one is logged in, and how the dashboard looks.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Laptop, Smartphone } from "lucide-react";
import { useState } from "react";
import { api, must, type Schemas } from "@/api/client";
import { listQuery, queryClient } from "@/api/queries";
import { renew } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { SettingsForm } from "@/components/settings-form";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, Skeleton } from "@/components/ui/card";
import { Segments } from "@/components/ui/checks";
import { Field, Input } from "@/components/ui/field";
import { toast, toastError } from "@/components/ui/toast";
import { deviceOf, isHandheld } from "@/lib/device";
import { useForm } from "@/lib/form";
import { setTheme, useTheme } from "@/lib/theme";

type User = Schemas["User"];
type Session = Schemas["Session"];

const userQuery = { queryKey: ["profile", "user"], queryFn: ({ signal }: { signal: AbortSignal }) => must(api.GET("/v1/auth/user", { signal })) };
const sessionsQuery = listQuery<Session>(["profile", "sessions"], (cursor, signal) =>
  must(api.GET("/v1/auth/sessions", { params: { query: { limit: 50, ...(cursor ? { cursor } : {}) } }, signal })),
);
const refreshSessions = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });

export function ProfilePage() {
  const user = useQuery(userQuery);
  return (
    <Page title="Profile" about={user.data ? `${user.data.email}${user.data.is_operator ? " · runs this server" : ""}` : "You, in every workspace"}>
      {user.error ? (
        <ErrorPanel error={user.error} onRetry={() => void user.refetch()} />
      ) : user.data ? (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <div className="flex flex-col gap-4">
            <Account key={user.data.updated_at} user={user.data} />
            <Look />
          </div>
          <Password />
          <div className="lg:col-span-2">
            <Sessions />
          </div>
        </div>
      ) : (
        <ListSkeleton rows={4} />
      )}
    </Page>
  );
}

function Account({ user }: { user: User }) {
  const form = useForm(
    { name: user.name, email: user.email, current_password: "" },
    ({ name, email, current_password }) => {
      const body: Schemas["ChangeUser"] = {
        ...(name.trim() === user.name ? {} : { name: name.trim() }),
        ...(email.trim() === user.email ? {} : { email: email.trim(), current_password }),
      };
      return must(api.PATCH("/v1/auth/user", { body }));
    },
    async (changed) => {
      queryClient.setQueryData(userQuery.queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: ["members"] });
      toast("Profile changed");
      await renew();
    },
  );
  const isOtherAddress = form.values.email.trim() !== user.email;
  return (
    <SettingsForm title="Account" form={form}>
      <Field label="Name" wrong={form.wrong("name")}>
        <Input autoComplete="name" value={form.values.name} onChange={(event) => form.set("name", event.target.value)} />
      </Field>
      <Field label="E-mail" wrong={form.wrong("email")} hint="What you log in with.">
        <Input type="email" autoComplete="email" value={form.values.email} onChange={(event) => form.set("email", event.target.value)} />
      </Field>
      {isOtherAddress && (
        <Field label="Password" wrong={form.wrong("current_password")} hint="To be sure that it is you.">
          <Input type="password" autoComplete="current-password" value={form.values.current_password} onChange={(event) => form.set("current_password", event.target.value)} />
        </Field>
      )}
    </SettingsForm>
  );
}

function Password() {
  const empty = { current_password: "", new_password: "" };
  const form = useForm(
    empty,
    (values) => must(api.POST("/v1/auth/password", { body: values })),
    () => {
      form.reset(empty);
      void refreshSessions();
      toast("Password changed", { detail: "All your other sessions have ended." });
    },
  );
  return (
    <SettingsForm title="Password" form={form} does="Change password">
      <Field label="Present password" wrong={form.wrong("current_password")}>
        <Input type="password" autoComplete="current-password" value={form.values.current_password} onChange={(event) => form.set("current_password", event.target.value)} />
      </Field>
      <Field label="New password" wrong={form.wrong("new_password")} hint="A few words that belong to nobody else are better than one word with signs.">
        <Input type="password" autoComplete="new-password" value={form.values.new_password} onChange={(event) => form.set("new_password", event.target.value)} />
      </Field>
      <p className="text-xs text-ink-3">It ends all your other sessions: whoever else is logged in as you is out at once.</p>
    </SettingsForm>
  );
}

function Look() {
  const theme = useTheme();
  return (
    <Card title="Look">
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
        <span>
          Theme <span className="block text-xs text-ink-3">Kept in this browser.</span>
        </span>
        <Segments
          label="Theme"
          value={theme}
          onChange={setTheme}
          options={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
            { value: "system", label: "As the system" },
          ]}
        />
      </div>
    </Card>
  );
}

function Sessions() {
  const list = useInfiniteQuery(sessionsQuery);
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const [asks, setAsks] = useState(false);
  return (
    <Card
      title="Where you are logged in"
      isFlush
      aside={
        <Button size="sm" onClick={() => setAsks(true)}>
          Log out everywhere
        </Button>
      }
    >
      {list.error ? (
        <div className="p-3">
          <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
        </div>
      ) : list.isPending ? (
        <Skeleton className="m-4 h-16" />
      ) : (
        <ul aria-label="Sessions" className="divide-y divide-line">
          {rows.map((session) => (
            <SessionLine key={session.id} session={session} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="border-t border-line p-2 text-center">
          <Button size="sm" look="quiet" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            More
          </Button>
        </div>
      )}
      <Confirm
        isOpen={asks}
        onClose={() => setAsks(false)}
        title="Log out everywhere?"
        does="Log out everywhere"
        run={async () => {
          await must(api.POST("/v1/auth/logout-everywhere"));
          location.assign("/app/login");
        }}
      >
        <p>Every session ends at once, this one too. You log in again with your password. API keys are not touched.</p>
      </Confirm>
    </Card>
  );
}

function SessionLine({ session }: { session: Session }) {
  const [isBusy, setBusy] = useState(false);
  const Icon = isHandheld(session.user_agent) ? Smartphone : Laptop;
  const device = deviceOf(session.user_agent);
  const end = () => {
    setBusy(true);
    must(api.DELETE("/v1/auth/sessions/{id}", { params: { path: { id: session.id } } }))
      .then(() => toast("Session ended", { detail: device }))
      .catch((error: unknown) => toastError("The session was not ended", error))
      .finally(() => {
        setBusy(false);
        void refreshSessions();
      });
  };
  return (
    <li className="flex min-h-13 items-center gap-3 px-4 py-2 text-sm">
      <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium" title={session.user_agent}>
            {device}
          </span>
          {session.is_current && <Badge tone="good">This one</Badge>}
        </span>
        <span className="block text-xs text-ink-3">
          {session.address} · seen <RelativeTime at={session.last_seen_at} /> · since <RelativeTime at={session.created_at} />
        </span>
      </span>
      <Button size="sm" isBusy={isBusy} why={session.is_current ? "This is the page you are in: log out by your name in the sidebar." : undefined} onClick={end}>
        End
      </Button>
    </li>
  );
}
