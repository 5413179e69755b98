/** What weights come to: which share of a model's calls each target gets. */
import type { Target } from '@/api/types'

const DEFAULT_WEIGHT = 100

export interface Share {
  /** Of all calls while every target of a lower priority is away, 0 to 1. */
  share: number
  /** Whether it takes calls at first, or only when those before it fail. */
  first: boolean
}

/** The share of each target among those of its priority and track. */
export function sharesOf(targets: readonly Target[]): Share[] {
  const stable = targets.filter(({ track }) => (track ?? 'stable') === 'stable')
  const best = Math.min(...stable.map(({ priority }) => priority ?? 0))
  return targets.map((target) => {
    const peers = targets.filter(
      (other) =>
        (other.priority ?? 0) === (target.priority ?? 0) &&
        (other.track ?? 'stable') === (target.track ?? 'stable'),
    )
    const total = peers.reduce((sum, peer) => sum + (peer.weight ?? DEFAULT_WEIGHT), 0)
    return {
      share: total > 0 ? (target.weight ?? DEFAULT_WEIGHT) / total : 1 / peers.length,
      first: (target.track ?? 'stable') === 'stable' && (target.priority ?? 0) === best,
    }
  })
}
