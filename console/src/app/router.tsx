/** Routes: which page stands at which address, and who may see it. Pages load when first opened. */
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { accessQuery } from '@/api/access'
import { sessionQuery, setupQuery } from '@/api/queries'
import { type RangeSearch, rangeSearch } from '@/format/range'
import { accessSearch } from '@/pages/access/search'
import { alertsSearch } from '@/pages/alerts/search'
import { auditSearch } from '@/pages/audit/search'
import { catalogSearch } from '@/pages/catalog/search'
import { changesSearch } from '@/pages/changes/search'
import { WINDOWS, type WindowMinutes } from '@/pages/home/windows'
import { IDENTITY_TABS, type IdentityTab } from '@/pages/identity/tabs'
import { logSearch } from '@/pages/logs/search'
import { objectivesSearch } from '@/pages/objectives/search'
import { PEOPLE_TABS, type PeopleTab } from '@/pages/people/tabs'
import { playgroundSearch } from '@/pages/playground/search'
import { policiesSearch } from '@/pages/policies/search'
import { requestsSearch } from '@/pages/requests/search'
import { usageSearch } from '@/pages/usage/search'
import { chunk } from './chunk'
import { ErrorScreen } from './ErrorScreen'
import { PendingScreen } from './PendingScreen'
import { safeReturn } from './session'

interface Context {
  queries: QueryClient
}

type Raw = Record<string, unknown>

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: lazyRouteComponent(chunk(() => import('@/pages/not-found/NotFoundPage'))),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search: Raw): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(chunk(() => import('@/pages/setup/SetupPage'))),
  loader: ({ context }) => context.queries.fetchQuery(setupQuery),
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Raw): { next?: string; error?: string } => ({
    next: text(search.next),
    error: text(search.error),
  }),
  beforeLoad: async ({ context, search }) => {
    if (await context.queries.ensureQueryData(sessionQuery)) {
      throw redirect({ href: safeReturn(search.next) })
    }
    const { needed } = await context.queries.fetchQuery(setupQuery)
    if (needed) throw redirect({ to: '/setup' })
  },
  component: lazyRouteComponent(chunk(() => import('@/pages/login/LoginPage'))),
})

/** Everything behind the sign-in stands inside the shell. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  validateSearch: (search: Raw): { project?: string } => ({ project: text(search.project) }),
  search: { middlewares: [retainSearchParams(['project'])] },
  beforeLoad: async ({ context, location }) => {
    if (await context.queries.ensureQueryData(sessionQuery)) return
    throw redirect({
      to: '/login',
      search: location.href === '/' ? {} : { next: location.href },
    })
  },
  // Known before anything is drawn, so that no page asks for what its reader may not see.
  loader: async ({ context }) => {
    const session = context.queries.getQueryData(sessionQuery.queryKey)
    if (session) await context.queries.ensureQueryData(accessQuery(session.user.id))
  },
  component: lazyRouteComponent(chunk(() => import('./Shell'))),
})

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  validateSearch: (search: Raw): { window?: WindowMinutes } => ({
    window: WINDOWS.find((minutes) => minutes === Number(search.window)),
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/home/HomePage'))),
})

const playground = createRoute({
  getParentRoute: () => app,
  path: '/playground',
  validateSearch: playgroundSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/playground/PlaygroundPage'))),
})

const models = createRoute({
  getParentRoute: () => app,
  path: '/models',
  validateSearch: (
    search: Raw,
  ): { q?: string | undefined; open?: string | undefined; make?: true | undefined } => ({
    q: text(search.q),
    open: text(search.open),
    make: search.make === true ? true : undefined,
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/models/ModelsPage'))),
})

const catalog = createRoute({
  getParentRoute: () => app,
  path: '/catalog',
  validateSearch: catalogSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/catalog/CatalogPage'))),
})

const access = createRoute({
  getParentRoute: () => app,
  path: '/access',
  validateSearch: accessSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/access/AccessPage'))),
})

const datasets = createRoute({
  getParentRoute: () => app,
  path: '/datasets',
  validateSearch: (search: Raw): { open?: string | undefined } => ({ open: text(search.open) }),
  component: lazyRouteComponent(chunk(() => import('@/pages/datasets/DatasetsPage'))),
})

const keys = createRoute({
  getParentRoute: () => app,
  path: '/keys',
  validateSearch: (search: Raw): { create?: true | undefined; key?: string | undefined } => ({
    create: search.create === true || search.create === 'true' ? true : undefined,
    key: text(search.key),
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/keys/KeysPage'))),
})

const requests = createRoute({
  getParentRoute: () => app,
  path: '/requests',
  validateSearch: requestsSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/requests/RequestsPage'))),
})

const sessions = createRoute({
  getParentRoute: () => app,
  path: '/sessions',
  validateSearch: (search: Raw): RangeSearch & { session?: string | undefined } => ({
    ...rangeSearch(search),
    session: text(search.session),
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/requests/SessionsPage'))),
})

const trace = createRoute({
  getParentRoute: () => app,
  path: '/traces/$traceId',
  component: lazyRouteComponent(chunk(() => import('@/pages/requests/TracePage'))),
})

const audit = createRoute({
  getParentRoute: () => app,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/audit/AuditPage'))),
})

const changes = createRoute({
  getParentRoute: () => app,
  path: '/changes',
  validateSearch: changesSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/changes/ChangesPage'))),
})

const emergencies = createRoute({
  getParentRoute: () => app,
  path: '/emergencies',
  validateSearch: (search: Raw): { open?: string | undefined } => ({ open: text(search.open) }),
  component: lazyRouteComponent(chunk(() => import('@/pages/emergencies/EmergenciesPage'))),
})

const people = createRoute({
  getParentRoute: () => app,
  path: '/people',
  validateSearch: (search: Raw): { view?: PeopleTab | undefined } => ({
    view: PEOPLE_TABS.find((view) => view === search.view),
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/people/PeoplePage'))),
})

const policies = createRoute({
  getParentRoute: () => app,
  path: '/policies',
  validateSearch: policiesSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/policies/PoliciesPage'))),
})

const identity = createRoute({
  getParentRoute: () => app,
  path: '/identity',
  validateSearch: (
    search: Raw,
  ): {
    part?: IdentityTab | undefined
    open?: string | undefined
    everywhere?: true | undefined
    /** Service accounts whose owner has left. */
    left?: true | undefined
  } => ({
    part: IDENTITY_TABS.find((part) => part === search.part),
    open: text(search.open),
    everywhere: search.everywhere === true ? true : undefined,
    left: search.left === true ? true : undefined,
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/identity/IdentityPage'))),
})

const account = createRoute({
  getParentRoute: () => app,
  path: '/account',
  component: lazyRouteComponent(chunk(() => import('@/pages/account/AccountPage'))),
})

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  component: lazyRouteComponent(chunk(() => import('@/pages/invite/InvitePage'))),
})

const usage = createRoute({
  getParentRoute: () => app,
  path: '/usage',
  validateSearch: usageSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/usage/UsagePage'))),
})

const objectives = createRoute({
  getParentRoute: () => app,
  path: '/objectives',
  validateSearch: objectivesSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/objectives/ObjectivesPage'))),
})

const alerts = createRoute({
  getParentRoute: () => app,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/alerts/AlertsPage'))),
})

const upstreams = createRoute({
  getParentRoute: () => app,
  path: '/upstreams',
  validateSearch: (search: Raw): { upstream?: string | undefined; add?: string | undefined } => ({
    upstream: text(search.upstream),
    add: text(search.add),
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/upstreams/UpstreamsPage'))),
})

const organization = createRoute({
  getParentRoute: () => app,
  path: '/organization',
  validateSearch: (search: Raw): { open?: string | undefined } => ({ open: text(search.open) }),
  component: lazyRouteComponent(chunk(() => import('@/pages/organization/OrganizationPage'))),
})

const logs = createRoute({
  getParentRoute: () => app,
  path: '/logs',
  validateSearch: logSearch,
  component: lazyRouteComponent(chunk(() => import('@/pages/logs/LogsPage'))),
})

const system = createRoute({
  getParentRoute: () => app,
  path: '/system',
  validateSearch: (
    search: Raw,
  ): { setting?: string | undefined; settings?: 'all' | undefined } => ({
    setting: text(search.setting),
    settings: search.settings === 'all' ? 'all' : undefined,
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/system/SystemPage'))),
})

const api = createRoute({
  getParentRoute: () => app,
  path: '/explorer',
  validateSearch: (search: Raw): { q?: string | undefined; operation?: string | undefined } => ({
    q: text(search.q),
    operation: text(search.operation),
  }),
  component: lazyRouteComponent(chunk(() => import('@/pages/explorer/ExplorerPage'))),
})

const missing = createRoute({
  getParentRoute: () => app,
  path: '$',
  component: lazyRouteComponent(chunk(() => import('@/pages/not-found/NotFoundPage'))),
})

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      setup,
      login,
      invite,
      app.addChildren([
        home,
        requests,
        sessions,
        trace,
        playground,
        catalog,
        access,
        datasets,
        models,
        keys,
        audit,
        changes,
        emergencies,
        people,
        policies,
        identity,
        account,
        usage,
        objectives,
        alerts,
        upstreams,
        organization,
        system,
        logs,
        api,
        missing,
      ]),
    ]),
    context: { queries },
    defaultPreload: 'intent',
    defaultErrorComponent: ErrorScreen,
    defaultPendingComponent: PendingScreen,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
