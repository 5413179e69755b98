/**
 * The map of the console. An area groups pages by what people come to do; a page that is built has
 * an entry here, and the sidebar, the palette and the titles all read it.
 */
import {
  Activity,
  Bell,
  BookOpen,
  Boxes,
  Building2,
  ChartColumn,
  Database,
  Fingerprint,
  GitPullRequestArrow,
  Hand,
  HeartPulse,
  House,
  KeyRound,
  Library,
  Logs,
  type LucideIcon,
  MessageSquareText,
  MessagesSquare,
  Scale,
  ScrollText,
  ServerCog,
  Siren,
  Target,
  Users,
} from 'lucide-react'

export interface PageEntry {
  id: PageId
  path: PagePath
  icon: LucideIcon
  /** Whoever lacks it does not see the page in lists; its address explains what is missing. */
  needs?: { permission: string; of?: 'platform' | 'organization' }
}

const PAGES = {
  home: '/',
  requests: '/requests',
  sessions: '/sessions',
  usage: '/usage',
  objectives: '/objectives',
  alerts: '/alerts',
  playground: '/playground',
  catalog: '/catalog',
  access: '/access',
  datasets: '/datasets',
  models: '/models',
  upstreams: '/upstreams',
  keys: '/keys',
  policies: '/policies',
  organization: '/organization',
  people: '/people',
  identity: '/identity',
  changes: '/changes',
  emergencies: '/emergencies',
  audit: '/audit',
  system: '/system',
  logs: '/logs',
  api: '/explorer',
} as const

export type PageId = keyof typeof PAGES

export type PagePath = (typeof PAGES)[PageId]

export type AreaId = 'overview' | 'build' | 'serve' | 'govern' | 'operate'

export interface Area {
  id: AreaId
  pages: PageEntry[]
}

const page = (id: PageId, icon: LucideIcon, needs?: PageEntry['needs']): PageEntry => ({
  id,
  path: PAGES[id],
  icon,
  ...(needs ? { needs } : {}),
})

export const AREAS: readonly Area[] = [
  {
    id: 'overview',
    pages: [
      page('home', House),
      page('requests', Activity, { permission: 'usage:read' }),
      page('sessions', MessageSquareText, { permission: 'call:read' }),
      page('usage', ChartColumn, { permission: 'usage:read' }),
      page('objectives', Target, { permission: 'slo:read', of: 'platform' }),
      page('alerts', Bell, { permission: 'alert:read', of: 'organization' }),
    ],
  },
  {
    id: 'build',
    pages: [
      page('playground', MessagesSquare),
      page('catalog', Library, { permission: 'model:read' }),
      page('access', Hand),
      page('datasets', Database, { permission: 'dataset:read' }),
    ],
  },
  {
    id: 'serve',
    pages: [
      page('models', Boxes),
      page('upstreams', ServerCog, { permission: 'upstream:read', of: 'platform' }),
    ],
  },
  {
    id: 'govern',
    pages: [
      page('keys', KeyRound, { permission: 'key:read' }),
      page('policies', Scale, { permission: 'policy:read' }),
      page('organization', Building2, {
        permission: 'organization:read',
        of: 'organization',
      }),
      page('people', Users, { permission: 'organization:read', of: 'organization' }),
      page('identity', Fingerprint, {
        permission: 'identity_provider:read',
        of: 'organization',
      }),
      page('changes', GitPullRequestArrow),
      page('emergencies', Siren, { permission: 'break_glass:read', of: 'platform' }),
      page('audit', ScrollText, { permission: 'audit:read', of: 'organization' }),
    ],
  },
  {
    id: 'operate',
    pages: [
      page('system', HeartPulse, { permission: 'system:read', of: 'platform' }),
      page('logs', Logs, { permission: 'system:read', of: 'platform' }),
      page('api', BookOpen),
    ],
  },
]
