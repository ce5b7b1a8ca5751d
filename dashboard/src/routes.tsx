// Every address of the dashboard, with the parameters it understands. Pages come when they are first asked for.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { session } from "./api/session";
import { Gate } from "./components/shell/gate";
import { Crash, NotFound } from "./components/shell/lost";
import { isVisible, PLACES, type Role } from "./nav";
import { analyticsSearch } from "./pages/analytics/search";
import { linksSearch, rangeSearch } from "./pages/links/search";
import { keysSearch } from "./pages/keys/search";
import { Login } from "./pages/login";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crash });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: Login,
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search.to === "string" && search.to.startsWith("/") && !search.to.startsWith("//") ? { to: search.to } : {},
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

export const router = createRouter({
  routeTree: root.addChildren([login, inside.addChildren([index, start, analytics, links, link, keys, key])]),
  basepath: "/app",
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
