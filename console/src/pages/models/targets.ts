/** What stands behind a model, joined from the catalogue and from what the parts report. */
import type { Model, Part, Upstream } from '@/api/types'

/** What control assumes where a target names none. */
const DEFAULT_WEIGHT = 100

/** What must be known of an upstream here. */
export type Server = Pick<Upstream, 'id' | 'name' | 'base_url'>

export type TargetHealth = 'ready' | 'starting' | 'down' | 'unknown'

export interface TargetView {
  key: string
  upstream: string
  address: string
  weight: number
  priority: number
  health: TargetHealth
}

/** Host and port of an address, without what only machines need. */
function origin(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}

/**
 * The health of an upstream. A runtime of our own reports as a part and is recognised by its port;
 * about servers elsewhere nothing is known until they are called.
 */
export function healthOf(upstream: Server | undefined, parts: Part[]): TargetHealth {
  if (!upstream) return 'down'
  let url: URL
  try {
    url = new URL(upstream.base_url)
  } catch {
    return 'unknown'
  }
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  const part = local && parts.find((one) => portOf(one) === url.port)
  if (!part) return 'unknown'
  if (part.state === 'ready' || part.state === 'degraded') return 'ready'
  return part.state === 'starting' ? 'starting' : 'down'
}

function portOf({ details }: Part): string {
  if (typeof details.url !== 'string') return String(details.port ?? '')
  return /:(\d+)(?:\/|$)/.exec(details.url)?.[1] ?? ''
}

/** The targets in the order in which they are tried. */
export function targetsOf(model: Model, upstreams: Server[], parts: Part[]): TargetView[] {
  return model.targets
    .map((target) => {
      const upstream = upstreams.find(({ id }) => id === target.upstream_id)
      return {
        key: `${target.upstream_id}/${target.upstream_model}`,
        upstream: upstream?.name ?? target.upstream_id,
        address: `${target.upstream_model} @ ${upstream ? origin(upstream.base_url) : '?'}`,
        weight: target.weight ?? DEFAULT_WEIGHT,
        priority: target.priority ?? 0,
        health: healthOf(upstream, parts),
      }
    })
    .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)
}

/** Whether a model's name, owner or tasks contain every word of the filter. */
export function matches(model: Model, filter: string): boolean {
  const text = [model.name, model.owned_by, ...model.tasks].join(' ').toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
