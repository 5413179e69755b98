import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyProps {
  icon: LucideIcon
  title: ReactNode
  /** What this is and why one would want it. */
  children: ReactNode
  /** The one step to begin with. */
  action?: ReactNode
}

/** What a list says while it has nothing to show: what belongs here, and how to begin. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <span className="grid size-11 place-items-center rounded-xl bg-accent-soft text-accent-ink">
        <Icon aria-hidden className="size-5" />
      </span>
      <p className="mt-4 font-semibold text-base text-ink">{title}</p>
      <div className="mt-1 max-w-md text-balance text-ink-soft text-sm">{children}</div>
      {action ? <div className="mt-5">{action}</div> : null}
    </div>
  )
}
