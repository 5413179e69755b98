/** How gateways find the targets of each upstream, in one word and a few figures. */
import { queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Breaker, Page } from '@/api/types'
import type { Tone } from '@/ui/status'

/** Gateways tell of it every two seconds. */
const FRESH_MS = 4_000

export const breakersQuery = queryOptions({
  queryKey: ['system', 'breakers'],
  queryFn: ({ signal }) =>
    call<Page<Breaker>>('GET', '/system/breakers', { signal, query: { limit: 200 } }),
  refetchInterval: FRESH_MS,
})

export const OBSTACLES = ['circuit_open', 'probing', 'cooling_down', 'ejected'] as const

export type Circuit = 'open' | 'half_open' | 'held' | 'closed'

export const CIRCUIT_TONES: Record<Circuit, Tone> = {
  open: 'bad',
  half_open: 'warn',
  held: 'warn',
  closed: 'ok',
}

/** The worst first. */
const ORDER: readonly Circuit[] = ['open', 'half_open', 'held', 'closed']

/** A closed circuit may still be held back: the target asked for it, or fails again and again. */
export function circuitOf({ circuit, obstacle }: Pick<Breaker, 'circuit' | 'obstacle'>): Circuit {
  if (circuit === 'open' || circuit === 'half_open') return circuit
  return obstacle ? 'held' : 'closed'
}

export interface Standing {
  worst: Circuit
  /** How many of them are as the worst. */
  alike: number
  all: number
  inFlight: number
  /** Mean over those that measured it, in milliseconds. */
  latencyMs: number | null
}

/** How each upstream stands, by its id; what no gateway called is missing. */
export function standingsOf(breakers: readonly Breaker[]): Map<string, Standing> {
  const groups = new Map<string, Breaker[]>()
  for (const one of breakers) {
    groups.set(one.upstream_id, [...(groups.get(one.upstream_id) ?? []), one])
  }
  const found = new Map<string, Standing>()
  for (const [id, some] of groups) {
    const circuits = some.map(circuitOf)
    const worst = ORDER.find((one) => circuits.includes(one)) ?? 'closed'
    const measured = some.flatMap(({ latency_ms }) => latency_ms ?? [])
    found.set(id, {
      worst,
      alike: circuits.filter((one) => one === worst).length,
      all: some.length,
      inFlight: some.reduce((sum, { in_flight }) => sum + in_flight, 0),
      latencyMs:
        measured.length > 0 ? measured.reduce((sum, ms) => sum + ms, 0) / measured.length : null,
    })
  }
  return found
}
