// Who is in the workspace, who is invited, and what each may do.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { MailPlus, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useLogin } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { RelativeTime } from "@/components/moments";
import { ErrorPanel, ListSkeleton, Page } from "@/components/page";
import { ResourceTable, type Column } from "@/components/resource-table";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, Skeleton } from "@/components/ui/card";
import { toast } from "@/components/ui/toast";
import { plural } from "@/lib/numbers";
import { useShortcut } from "@/lib/shortcuts";
import { ADMINS, isAmong } from "@/nav";
import { InviteDrawer } from "./invite";
import { MemberDialogs, MemberMenu, type MemberDialog } from "./menu";
import { invitationsQuery, membersQuery, withdraw, type Invitation, type Member } from "./queries";
import { RoleBadge, ROLES } from "./roles";

const columnsFor = (me: string): Column<Member>[] => [
  {
    name: "Person",
    className: "max-w-0 w-full",
    cell: (member) => (
      <div className="flex min-w-0 items-center gap-3">
        <span aria-hidden className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-2xs font-semibold text-accent-text">
          {member.name.slice(0, 1).toUpperCase()}
        </span>
        <div className="min-w-0">
          <p className="flex items-center gap-1.5">
            <span className="truncate font-medium">{member.name}</span>
            {member.user_id === me && <Badge>You</Badge>}
          </p>
          <p className="truncate text-xs text-ink-3">{member.email}</p>
        </div>
      </div>
    ),
  },
  { name: "Role", cell: (member) => <RoleBadge role={member.role} /> },
  { name: "Joined", from: "sm", cell: (member) => <RelativeTime at={member.joined_at} /> },
];

export function MembersPage() {
  const search = useSearch({ from: "/inside/settings/members" });
  const navigate = useNavigate({ from: "/settings/members" });
  const { user, workspace } = useLogin();
  const isAdmin = isAmong(ADMINS, workspace?.role);
  const members = useInfiniteQuery(membersQuery);
  const rows = members.data?.pages.flatMap((page) => page.data) ?? [];
  const total = members.data?.pages[0]?.meta.total ?? 0;
  const [open, setOpen] = useState<{ member: Member; dialog: MemberDialog } | null>(null);
  const setNew = (on: boolean) => void navigate({ search: on ? { new: true } : {}, replace: !on });
  useShortcut("c", "Invite somebody", () => isAdmin && setNew(true));
  return (
    <Page
      title="Members"
      guide="enterprise-authentication"
      about={members.data ? `${plural(total, "person", "people")} in ${workspace?.name}` : `Who is in ${workspace?.name}`}
      actions={
        isAdmin && (
          <Button look="primary" icon={<UserRoundPlus />} onClick={() => setNew(true)}>
            Invite
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-6">
        {members.error ? (
          <ErrorPanel error={members.error} onRetry={() => void members.refetch()} />
        ) : members.isPending ? (
          <ListSkeleton rows={5} />
        ) : (
          <ResourceTable
            label="Members"
            rows={rows}
            total={total}
            columns={columnsFor(user.id)}
            idOf={(member) => member.user_id}
            nameOf={(member) => member.name}
            {...(isAdmin ? { onOpen: (member: Member) => (member.role !== "owner" || workspace?.role === "owner") && setOpen({ member, dialog: "role" }) } : {})}
            menu={(member) => <MemberMenu member={member} onChoose={(dialog) => setOpen({ member, dialog })} />}
            hasMore={members.hasNextPage}
            onMore={() => void (!members.isFetchingNextPage && members.fetchNextPage())}
          />
        )}
        {isAdmin && <Invitations onInvite={() => setNew(true)} />}
        <Roles />
      </div>
      {isAdmin && search.new && workspace && <InviteDrawer mine={workspace.role} onClose={() => setNew(false)} />}
      {open && <MemberDialogs member={open.member} dialog={open.dialog} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function Invitations({ onInvite }: { onInvite: () => void }) {
  const list = useInfiniteQuery(invitationsQuery);
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const [asks, setAsks] = useState<Invitation | null>(null);
  return (
    <Card title="Open invitations" isFlush>
      {list.error ? (
        <div className="p-3">
          <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
        </div>
      ) : list.isPending ? (
        <Skeleton className="m-4 h-10" />
      ) : rows.length === 0 ? (
        <p className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1 px-4 py-6 text-sm text-ink-3">
          Nobody is invited at present.
          <button type="button" onClick={onInvite} className="rounded font-medium text-accent-text hover:underline">
            Invite somebody
          </button>
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {rows.map((one) => (
            <li key={one.id} className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm">
              <MailPlus aria-hidden className="size-4 shrink-0 text-ink-3" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{one.email ?? "Whoever has the link"}</span>
                <span className="block text-xs text-ink-3">
                  made <RelativeTime at={one.created_at} />, ends <RelativeTime at={one.expires_at} />
                </span>
              </span>
              <RoleBadge role={one.role} />
              <Button size="sm" onClick={() => setAsks(one)}>
                Withdraw
              </Button>
            </li>
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
      {asks && (
        <Confirm
          isOpen
          onClose={() => setAsks(null)}
          title="Withdraw this invitation?"
          does="Withdraw"
          run={async () => {
            await withdraw(asks.id);
            toast("Invitation withdrawn");
          }}
        >
          <p>Its link leads nowhere from then on. You can invite {asks.email ?? "people"} again at any time.</p>
        </Confirm>
      )}
    </Card>
  );
}

const Roles = () => (
  <Card title="What each role may do">
    <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2">
      {ROLES.map((one) => (
        <div key={one.role}>
          <dt className="font-medium">{one.name}</dt>
          <dd className="text-ink-2">{one.may}</dd>
        </div>
      ))}
    </dl>
  </Card>
);
