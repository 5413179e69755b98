import { cx } from './cx'

/** The mainspring: a coil and its hook. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={cx('size-8', className)}>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path
        d="M15 16a2 2 0 0 1 4 0 3.5 3.5 0 0 1-7 0 5 5 0 0 1 10 0 6.5 6.5 0 0 1-13 0 8 8 0 0 1 16 0v6"
        className="fill-none stroke-on-accent"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
      <circle cx="25" cy="23.5" r="2" className="fill-brass" />
    </svg>
  )
}
