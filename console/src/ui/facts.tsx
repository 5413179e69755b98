import type { ReactNode } from 'react'
import { cx } from './cx'

export interface Fact {
  id: string
  name: ReactNode
  /** Left out when there is nothing to say. */
  value: ReactNode
}

/** Names and values of one thing, in as many columns as there is room for. */
export function Facts({ facts, className }: { facts: Fact[]; className?: string }) {
  return (
    <dl
      className={cx(
        'grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-x-6 gap-y-3',
        className,
      )}
    >
      {facts
        .filter(({ value }) => value !== null && value !== undefined && value !== '')
        .map(({ id, name, value }) => (
          <div key={id} data-fact={id} className="min-w-0">
            <dt className="text-ink-faint text-xs">{name}</dt>
            <dd className="tabular wrap-anywhere text-ink text-sm">{value}</dd>
          </div>
        ))}
    </dl>
  )
}
