import type { Part } from '@/api/types'

export interface Disagreements {
  /** The versions that run at once; `null` while they agree. */
  versions: string[] | null
  /** Gateways whose configuration is older than control's. */
  behind: string[]
}

/** A gateway follows within moments; only one that is further behind is worth a word. */
const PATIENCE = 5

/** What does not fit together among the parts that run. */
export function disagreements(parts: readonly Part[]): Disagreements {
  const running = parts.filter(({ state }) => state === 'ready' || state === 'degraded')
  const versions = [...new Set(running.map(({ version }) => version))]
  const snapshot = (part: Part) =>
    typeof part.details.snapshot_version === 'number' ? part.details.snapshot_version : null
  const newest = Math.max(
    0,
    ...running.filter(({ role }) => role === 'control').map((part) => snapshot(part) ?? 0),
  )
  return {
    versions: versions.length > 1 ? versions.toSorted() : null,
    behind: running
      .filter((part) => {
        const at = snapshot(part)
        return part.role === 'gateway' && at !== null && at < newest - PATIENCE
      })
      .map(({ name }) => name),
  }
}
