import { cx } from './cx'

/** The place of something that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      data-loading
      className={cx('block animate-shimmer rounded-md bg-hover', className)}
    />
  )
}

/** A few lines of it. */
export function SkeletonRows({ rows = 4 }: { rows?: number }) {
  return (
    <div className="space-y-3 px-4 py-3 sm:px-5" aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change places
        <Skeleton key={row} className={cx('h-5', row % 3 === 2 ? 'w-2/3' : 'w-full')} />
      ))}
    </div>
  )
}
