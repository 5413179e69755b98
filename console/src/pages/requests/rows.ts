/** One line of the requests table, whether it comes from a call record or from the ledger. */
import type { Call, UsageRecord } from '@/api/types'
import { inputTokens, outputTokens } from '@/pages/home/figures'

export interface RequestRow {
  requestId: string
  at: string
  model: string
  operation: string
  status: number
  outcome: string
  stream: boolean
  ttftMs: number | null
  durationMs: number
  input: number
  output: number
  costNanos: number | null
  currency: string | null
  attempts: number
  fallbackFrom: string | null
  track: string
  keyId: string | null
  keyName: string | null
  /** The server's name, where it is known. */
  upstream: string | null
  upstreamModel: string | null
  traceId: string | null
  sessionId: string | null
  userId: string | null
  gatewayId: string
  cache: string | null
  estimated: boolean
  /** The question in a few words; only call records have it. */
  preview: string | null
  /** How much of the contents was kept; `null` for a line of the ledger. */
  level: string | null
}

export function rowOfCall(call: Call, keyNames: ReadonlyMap<string, string>): RequestRow {
  return {
    requestId: call.request_id,
    at: call.at,
    model: call.model,
    operation: call.operation,
    status: call.status,
    outcome: call.outcome,
    stream: call.stream,
    ttftMs: call.ttft_ms,
    durationMs: call.duration_ms,
    input: call.input_tokens,
    output: call.output_tokens,
    costNanos: call.cost_nanos,
    currency: call.currency,
    attempts: call.attempts,
    fallbackFrom: call.fallback_from,
    track: call.track,
    keyId: call.key_id,
    keyName: (call.key_id && keyNames.get(call.key_id)) ?? null,
    upstream: null,
    upstreamModel: call.upstream_model,
    traceId: call.trace_id,
    sessionId: call.session_id,
    userId: call.user_id,
    gatewayId: call.gateway_id,
    cache: null,
    estimated: false,
    preview: call.input_preview,
    level: call.level,
  }
}

export function rowOfRecord(record: UsageRecord): RequestRow {
  return {
    requestId: record.request_id,
    at: record.at,
    model: record.model,
    operation: record.operation,
    status: record.status,
    outcome: record.outcome,
    stream: record.stream,
    ttftMs: record.ttft_ms,
    durationMs: record.duration_ms,
    input: inputTokens(record),
    output: outputTokens(record),
    costNanos: record.cost_nanos,
    currency: record.currency,
    attempts: record.attempts,
    fallbackFrom: record.fallback_from,
    track: record.track,
    keyId: record.key_id,
    keyName: record.key_name,
    upstream: record.upstream,
    upstreamModel: record.upstream_model,
    traceId: record.trace_id,
    sessionId: null,
    userId: null,
    gatewayId: record.gateway_id,
    cache: record.cache,
    estimated: record.estimated,
    preview: null,
    level: null,
  }
}

/** The id of a request's call record: both are made from the same moment. */
export function callIdOf(requestId: string): string {
  return requestId.replace(/^req_/, 'cal_')
}
