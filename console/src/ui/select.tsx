import { ChevronsUpDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from './cx'

/** The browser's own select, dressed: right on phones, and it needs no injected style. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={cx('relative inline-flex', className)}>
      <select className="control h-9 w-full appearance-none truncate ps-3 pe-8" {...rest}>
        {children}
      </select>
      <ChevronsUpDown
        aria-hidden
        className="pointer-events-none absolute end-2.5 top-1/2 size-3.5 -translate-y-1/2 text-ink-faint"
      />
    </span>
  )
}
