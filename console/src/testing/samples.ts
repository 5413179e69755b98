/** Whole objects of the API, to change one field of. */
import type { ApiKey, Model, Part, UsageRecord } from '@/api/types'

export const RECORD: UsageRecord = {
  id: 'use_1',
  request_id: 'req_1',
  at: '2026-03-01T10:00:00Z',
  org_id: 'org_1',
  project_id: 'prj_1',
  actor_id: 'usr_1',
  key_id: 'key_1',
  key_name: 'first',
  operation: 'chat',
  model: 'smollm2-135m-instruct',
  upstream_id: 'ups_1',
  upstream: 'embedded-llm',
  upstream_model: 'smollm2-135m-instruct',
  stream: true,
  status: 200,
  outcome: 'ok',
  input_tokens: 10,
  cached_input_tokens: 2,
  output_tokens: 20,
  reasoning_tokens: 1,
  ttft_ms: 100,
  estimated: false,
  duration_ms: 900,
  attempts: 1,
  trace_id: null,
  gateway_id: 'gateway-1',
  cost_nanos: null,
  currency: null,
}

export const PART: Part = {
  instance_id: 'llm',
  role: 'runtime',
  name: 'llm',
  state: 'ready',
  version: '0.1.0',
  started_at: '2026-03-01T09:00:00Z',
  last_seen_at: '2026-03-01T10:00:00Z',
  details: { url: 'http://127.0.0.1:8081', pid: 7, rss_mb: 500, restarts: 0 },
}

export const MODEL: Model = {
  id: 'mdl_1',
  name: 'smollm2-135m-instruct',
  tasks: ['chat', 'completion'],
  targets: [{ upstream_id: 'ups_1', upstream_model: 'smollm2', weight: 100, priority: 0 }],
  owned_by: 'mainspring',
  context_length: null,
  limits: null,
  key_limits: null,
  price: null,
  org_id: null,
  created_at: '2026-03-01T09:00:00Z',
  updated_at: '2026-03-01T09:00:00Z',
}

export const KEY: ApiKey = {
  id: 'key_1',
  org_id: 'org_1',
  scopes: ['model:call'],
  limits: null,
  project_id: 'prj_1',
  name: 'first',
  hint: 'msk-abc…',
  created_at: '2026-03-01T09:00:00Z',
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
  models: null,
}
