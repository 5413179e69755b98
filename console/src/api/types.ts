/** The shapes of `/api/v1` that the console reads. Times are RFC 3339 in UTC. */

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

export type Language = 'en' | 'zh'

export interface User {
  id: string
  email: string
  name: string
  language: string
  is_platform_admin: boolean
}

export interface Project {
  id: string
  name: string
  slug: string
}

export interface Organization {
  id: string
  name: string
  slug: string
  projects: Project[]
}

export interface Session {
  user: User
  organizations: Organization[]
  csrf_token: string
}

export interface SetupState {
  needed: boolean
}

export interface SetupBody {
  token: string
  email: string
  name: string
  password: string
  language: Language
}

export interface ApiKey {
  id: string
  project_id: string
  name: string
  /** The first characters of the secret, enough to recognise it and useless to call with. */
  hint: string
  created_at: string
  expires_at: string | null
  revoked_at: string | null
  last_used_at: string | null
  models: string[] | null
}

/** The only answer that ever holds the secret. */
export interface CreatedKey extends ApiKey {
  secret: string
}

export interface CreateKeyBody {
  name: string
  expires_at?: string
  models?: string[]
}

export interface ModelTarget {
  upstream_id: string
  upstream_model: string
  weight: number
  priority: number
}

export interface Model {
  id: string
  name: string
  tasks: string[]
  targets: ModelTarget[]
  owned_by: string
  context_length: number | null
  org_id: string | null
  created_at: string
}

export interface Upstream {
  id: string
  name: string
  base_url: string
  protocol: string
  has_credential: boolean
}

export type PartState =
  | 'starting'
  | 'ready'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'lost'

export interface Part {
  instance_id: string
  role: string
  name: string
  state: PartState
  version: string
  started_at: string
  last_seen_at: string
  details: Record<string, string | number | boolean>
}

export interface SystemInfo {
  version: string
  gateway_url: string
  /** The data directory; told to administrators only. */
  home: string | null
}

export interface UsageRecord {
  id: string
  request_id: string
  at: string
  project_id: string
  key_id: string | null
  key_name: string | null
  operation: string
  model: string
  upstream: string | null
  upstream_model: string | null
  stream: boolean
  status: number
  outcome: string
  input_tokens: number
  cached_input_tokens: number
  output_tokens: number
  reasoning_tokens: number
  ttft_ms: number | null
  duration_ms: number
}
