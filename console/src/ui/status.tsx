import type { ReactNode } from 'react'
import { cx } from './cx'

export type Tone = 'ok' | 'warn' | 'bad' | 'idle' | 'accent'

const DOTS: Record<Tone, string> = {
  ok: 'bg-ok',
  warn: 'bg-warn',
  bad: 'bg-bad',
  idle: 'bg-line-strong',
  accent: 'bg-accent-ink',
}

const BADGES: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok-ink',
  warn: 'bg-warn-soft text-warn-ink',
  bad: 'bg-bad-soft text-bad-ink',
  idle: 'bg-sunken text-ink-soft',
  accent: 'bg-accent-soft text-accent-ink',
}

/** A coloured dot; always beside words that say the same. */
export function Dot({ tone, pulse = false }: { tone: Tone; pulse?: boolean }) {
  return (
    <span aria-hidden className="relative inline-flex size-2 shrink-0">
      {pulse ? (
        <span className={cx('absolute inset-0 animate-ping rounded-full opacity-50', DOTS[tone])} />
      ) : null}
      <span className={cx('relative size-2 rounded-full', DOTS[tone])} />
    </span>
  )
}

interface BadgeProps {
  tone?: Tone
  dot?: boolean
  className?: string
  children: ReactNode
}

/** A short state or kind. */
export function Badge({ tone = 'idle', dot = false, className, children }: BadgeProps) {
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center gap-1.5 whitespace-nowrap rounded-md px-1.5 font-medium text-2xs',
        BADGES[tone],
        className,
      )}
    >
      {dot ? <Dot tone={tone} /> : null}
      {children}
    </span>
  )
}
