// Every address of the dashboard, with the parameters it understands. Pages come when they are first asked for.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { session } from "./api/session";
import { Gate } from "./components/shell/gate";
import { Crash, NotFound } from "./components/shell/lost";
import { isVisible, PLACES, type Role } from "./nav";
import { analyticsSearch } from "./pages/analytics/search";
import { linksSearch, rangeSearch } from "./pages/links/search";
import { keysSearch } from "./pages/keys/search";
import { auditSearch } from "./pages/audit/search";
import { helpSearch } from "./pages/help/search";
import { membersSearch } from "./pages/members/search";
import { requestsSearch } from "./pages/requests/search";
import { workspaceSearch } from "./pages/workspace/search";
import { Login } from "./pages/login";
import { codeSearch, designerSearch, printSearch, qrSearch } from "./pages/qr-codes/search";
import { templatesSearch } from "./pages/templates/search";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crash });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: Login,
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search.to === "string" && search.to.startsWith("/") && !search.to.startsWith("//") ? { to: search.to } : {},
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/signup",
  component: lazyRouteComponent(() => import("./pages/sign-up"), "SignUpPage"),
});

/** Everything behind the login. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Gate,
  beforeLoad: ({ location }) => {
    if (session.get().phase === "out") throw redirect({ to: "/login", search: { to: location.href } });
  },
});

/** A page that a role may not see is not there for it. */
function only(to: string) {
  const roles = PLACES.find((place) => place.to === to)?.roles;
  return () => {
    const role = session.login()?.workspace?.role as Role | undefined;
    if (!isVisible(roles ? { roles } : {}, role)) throw redirect({ to: "/start" });
  };
}

const index = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/start" });
  },
});
const start = createRoute({
  getParentRoute: () => inside,
  path: "/start",
  component: lazyRouteComponent(() => import("./pages/start"), "StartPage"),
});
const analytics = createRoute({
  getParentRoute: () => inside,
  path: "/analytics",
  validateSearch: analyticsSearch,
  component: lazyRouteComponent(() => import("./pages/analytics/page"), "AnalyticsPage"),
});
const links = createRoute({
  getParentRoute: () => inside,
  path: "/links",
  validateSearch: linksSearch,
  component: lazyRouteComponent(() => import("./pages/links/list"), "LinksPage"),
});
const link = createRoute({
  getParentRoute: () => inside,
  path: "/links/$id",
  validateSearch: rangeSearch,
  component: lazyRouteComponent(() => import("./pages/links/detail"), "LinkPage"),
});
const qrCodes = createRoute({
  getParentRoute: () => inside,
  path: "/qr-codes",
  validateSearch: qrSearch,
  component: lazyRouteComponent(() => import("./pages/qr-codes/list"), "QrCodesPage"),
});
const qrCodeNew = createRoute({
  getParentRoute: () => inside,
  path: "/qr-codes/new",
  validateSearch: designerSearch,
  component: lazyRouteComponent(() => import("./pages/qr-codes/designer"), "NewCodePage"),
});
const qrCodePrint = createRoute({
  getParentRoute: () => inside,
  path: "/qr-codes/print",
  validateSearch: printSearch,
  component: lazyRouteComponent(() => import("./pages/qr-codes/print"), "PrintPage"),
});
const qrCode = createRoute({
  getParentRoute: () => inside,
  path: "/qr-codes/$id",
  validateSearch: codeSearch,
  component: lazyRouteComponent(() => import("./pages/qr-codes/detail"), "QrCodePage"),
});
const qrCodeEdit = createRoute({
  getParentRoute: () => inside,
  path: "/qr-codes/$id/edit",
  validateSearch: designerSearch,
  component: lazyRouteComponent(() => import("./pages/qr-codes/designer"), "EditCodePage"),
});
const templates = createRoute({
  getParentRoute: () => inside,
  path: "/templates",
  validateSearch: templatesSearch,
  component: lazyRouteComponent(() => import("./pages/templates/list"), "TemplatesPage"),
});
const templateNew = createRoute({
  getParentRoute: () => inside,
  path: "/templates/new",
  component: lazyRouteComponent(() => import("./pages/templates/design"), "NewTemplatePage"),
});
const template = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$id",
  component: lazyRouteComponent(() => import("./pages/templates/design"), "TemplatePage"),
});
const bulk = createRoute({
  getParentRoute: () => inside,
  path: "/bulk",
  component: lazyRouteComponent(() => import("./pages/bulk/list"), "BulkPage"),
});
const bulkNew = createRoute({
  getParentRoute: () => inside,
  path: "/bulk/new",
  component: lazyRouteComponent(() => import("./pages/bulk/new"), "NewJobPage"),
});
const bulkJob = createRoute({
  getParentRoute: () => inside,
  path: "/bulk/$id",
  component: lazyRouteComponent(() => import("./pages/bulk/detail"), "JobPage"),
});
const keys = createRoute({
  getParentRoute: () => inside,
  path: "/settings/api-keys",
  validateSearch: keysSearch,
  beforeLoad: only("/settings/api-keys"),
  component: lazyRouteComponent(() => import("./pages/keys/list"), "KeysPage"),
});
const key = createRoute({
  getParentRoute: () => inside,
  path: "/settings/api-keys/$id",
  beforeLoad: only("/settings/api-keys"),
  component: lazyRouteComponent(() => import("./pages/keys/detail"), "KeyPage"),
});
const members = createRoute({
  getParentRoute: () => inside,
  path: "/settings/members",
  validateSearch: membersSearch,
  component: lazyRouteComponent(() => import("./pages/members/list"), "MembersPage"),
});
const plan = createRoute({
  getParentRoute: () => inside,
  path: "/settings/plan",
  component: lazyRouteComponent(() => import("./pages/plan/page"), "PlanPage"),
});
const audit = createRoute({
  getParentRoute: () => inside,
  path: "/settings/audit",
  validateSearch: auditSearch,
  beforeLoad: only("/settings/audit"),
  component: lazyRouteComponent(() => import("./pages/audit/page"), "AuditPage"),
});
const requests = createRoute({
  getParentRoute: () => inside,
  path: "/settings/requests",
  validateSearch: requestsSearch,
  beforeLoad: only("/settings/requests"),
  component: lazyRouteComponent(() => import("./pages/requests/page"), "RequestsPage"),
});
const workspace = createRoute({
  getParentRoute: () => inside,
  path: "/settings/workspace",
  validateSearch: workspaceSearch,
  component: lazyRouteComponent(() => import("./pages/workspace/page"), "WorkspacePage"),
});
const profile = createRoute({
  getParentRoute: () => inside,
  path: "/settings/profile",
  component: lazyRouteComponent(() => import("./pages/profile/page"), "ProfilePage"),
});
const help = createRoute({
  getParentRoute: () => inside,
  path: "/help",
  validateSearch: helpSearch,
  component: lazyRouteComponent(() => import("./pages/help/index-page"), "HelpPage"),
});
const guide = createRoute({
  getParentRoute: () => inside,
  path: "/help/$slug",
  component: lazyRouteComponent(() => import("./pages/help/guide"), "GuidePage"),
});

const ofQr = [qrCodes, qrCodeNew, qrCodePrint, qrCode, qrCodeEdit, templates, templateNew, template, bulk, bulkNew, bulkJob] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    signUp,
    inside.addChildren([index, start, analytics, links, link, ...ofQr, keys, key, members, plan, audit, requests, workspace, profile, help, guide]),
  ]),
  basepath: "/app",
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
