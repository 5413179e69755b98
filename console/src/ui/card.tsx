import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx'

/** A surface that groups one subject. */
export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section
      className={cx('min-w-0 rounded-xl border border-line bg-surface shadow-card', className)}
      {...rest}
    />
  )
}

interface CardHeaderProps {
  title: ReactNode
  /** The id that the card's `aria-labelledby` names. */
  id?: string
  hint?: ReactNode
  children?: ReactNode
}

/** The title row of a card, with room for its actions at the end. */
export function CardHeader({ title, id, hint, children }: CardHeaderProps) {
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-3 pb-2 sm:px-5">
      <h2 id={id} className="font-semibold text-base text-ink">
        {title}
      </h2>
      {hint ? <p className="text-ink-faint text-xs">{hint}</p> : null}
      {children ? <div className="ms-auto flex items-center gap-2">{children}</div> : null}
    </header>
  )
}
