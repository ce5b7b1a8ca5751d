// The four roles: what each may do, and choosing one.
import type { Role } from "@/nav";
import { Cards } from "@/components/ui/checks";
import { Badge } from "@/components/ui/badge";

export const ROLES: { role: Role; name: string; may: string }[] = [
  { role: "viewer", name: "Viewer", may: "Sees links, QR codes and their numbers. Changes nothing, sees no keys." },
  { role: "editor", name: "Editor", may: "Makes and changes links, QR codes and templates. No keys, no members." },
  { role: "admin", name: "Admin", may: "Everything but ownership: keys, members, the audit log, the workspace’s settings." },
  { role: "owner", name: "Owner", may: "Everything, and makes other people owners." },
];

export const roleName = (role: Role) => ROLES.find((one) => one.role === role)!.name;

export const RoleBadge = ({ role }: { role: Role }) => <Badge tone={role === "owner" ? "info" : "quiet"}>{roleName(role)}</Badge>;

/** Only an owner makes owners, so others are not offered it. */
export function RoleChoice({ value, onChange, mine }: { value: Role; onChange: (role: Role) => void; mine: Role }) {
  const offered = ROLES.filter((one) => one.role !== "owner" || mine === "owner");
  return <Cards label="Role" value={value} onChange={onChange} options={offered.map((one) => ({ value: one.role, label: one.name, hint: one.may }))} />;
}
