// Members and invitations: what is asked, and the calls that change them. A link that a call answers with is a secret: it
// is handed on and kept in no cache.
import { api, must, type Schemas } from "@/api/client";
import { listQuery, queryClient } from "@/api/queries";

export type Member = Schemas["Member"];
export type Invitation = Schemas["Invitation"];
const PAGE_ROWS = 100;

const page = (cursor: string | undefined) => ({ limit: PAGE_ROWS, ...(cursor ? { cursor } : {}) });

export const membersQuery = listQuery<Member>(["members", "list"], (cursor, signal) => must(api.GET("/v1/members", { params: { query: page(cursor) }, signal })));

export const invitationsQuery = listQuery<Invitation>(["members", "invitations"], (cursor, signal) =>
  must(api.GET("/v1/invitations", { params: { query: page(cursor) }, signal })),
);

async function after<T>(answer: Promise<T>): Promise<T> {
  const value = await answer;
  await queryClient.invalidateQueries({ queryKey: ["members"] });
  return value;
}

export const invite = (body: Schemas["Invite"]) => after(must(api.POST("/v1/invitations", { body })));
export const withdraw = (id: string) => after(must(api.DELETE("/v1/invitations/{id}", { params: { path: { id } } })));
export const changeRole = (user_id: string, role: Schemas["Role"]) => after(must(api.PATCH("/v1/members/{user_id}", { params: { path: { user_id } }, body: { role } })));
export const removeMember = (user_id: string) => after(must(api.DELETE("/v1/members/{user_id}", { params: { path: { user_id } } })));
export const makeResetLink = (user_id: string) => must(api.POST("/v1/members/{user_id}/reset-link", { params: { path: { user_id } } }));
