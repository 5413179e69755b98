import { useVirtualizer } from '@tanstack/react-virtual'
import { LoaderCircle } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { cx } from './cx'

export interface VirtualColumn<Row> {
  id: string
  header: ReactNode
  cell: (row: Row) => ReactNode
  /** A width class (`w-32`); exactly one column has none and takes what is left. */
  width?: string
  align?: 'end'
  from?: 'sm' | 'md' | 'lg' | 'xl' | '2xl'
  /** The column whose content opens the row by keyboard. */
  opens?: boolean
}

const FROM = {
  sm: 'max-sm:hidden',
  md: 'max-md:hidden',
  lg: 'max-lg:hidden',
  xl: 'max-xl:hidden',
  '2xl': 'max-2xl:hidden',
} as const

/** Rows are this high, in rem; what is longer is cut off, and whole in the details. */
const ROW_REM = 2.75
/** Further rows are asked for when so few are left below. */
const NEAR_END = 20

interface VirtualTableProps<Row> {
  label: string
  columns: VirtualColumn<Row>[]
  rows: Row[]
  rowId: (row: Row) => string
  onOpen?: (row: Row) => void
  /** What tells a row from others that begin alike, for whoever does not see the rest of it. */
  openLabel?: (row: Row) => string
  openId?: string | undefined
  isNew?: (row: Row) => boolean
  hasMore?: boolean
  loadingMore?: boolean
  onMore?: () => void
  className?: string
}

/**
 * A long table of which only the visible rows exist. More rows are asked for while one scrolls, and
 * by a button for whoever does not; the arrow keys go from row to row.
 */
export function VirtualTable<Row>({
  label,
  columns,
  rows,
  rowId,
  onOpen,
  openLabel,
  openId,
  isNew,
  hasMore = false,
  loadingMore = false,
  onMore,
  className,
}: VirtualTableProps<Row>) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels(),
    getItemKey: (index) => {
      const row = rows[index]
      return row === undefined ? index : rowId(row)
    },
    overscan: 12,
    initialRect: { width: 1_000, height: 800 },
  })
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = Math.max(0, virtual.getTotalSize() - (items.at(-1)?.end ?? 0))
  const last = items.at(-1)?.index ?? 0

  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - NEAR_END && scroller.current) {
      // Only once somebody scrolls: a page that was merely opened asks for no more than it shows.
      if (scroller.current.scrollTop > 0) onMore?.()
    }
  }, [hasMore, loadingMore, last, rows.length, onMore])

  const look = ({ align, from, width }: VirtualColumn<Row>) =>
    cx(
      'px-2 first:ps-4 last:pe-4 sm:px-3 sm:first:ps-5 sm:last:pe-5',
      width,
      align && 'text-end',
      from && FROM[from],
    )

  const onClick = (row: Row) => (event: MouseEvent) => {
    if ((event.target as Element).closest('a,button,input,label')) return
    // Whoever marks text to copy it does not mean to open the row.
    if (getSelection()?.toString()) return
    onOpen?.(row)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const place = (event.target as Element).closest<HTMLElement>('[data-index]')?.dataset.index
    if (step === 0 || place === undefined) return
    const next = Number(place) + step
    if (next < 0 || next >= rows.length) return
    event.preventDefault()
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"] [data-opens]`)?.focus()
    })
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div
      ref={scroller}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={cx('focus-inset relative overflow-auto rounded-b-xl', className)}
    >
      <table className="w-full table-fixed border-collapse text-sm" aria-rowcount={rows.length + 1}>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr className="border-line border-b">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={cx(
                  'h-9 truncate text-start font-medium text-ink-faint text-xs',
                  look(column),
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {above > 0 ? <Space height={above} columns={columns.length} /> : null}
          {items.map(({ index, key }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <tr
                key={key}
                data-index={index}
                aria-rowindex={index + 2}
                onClick={onOpen ? onClick(row) : undefined}
                className={cx(
                  'h-11 border-line/70 border-b',
                  onOpen && 'cursor-pointer hover:bg-hover/60',
                  openId !== undefined && rowId(row) === openId && 'bg-accent-soft',
                  isNew?.(row) && 'animate-arrive',
                )}
              >
                {columns.map((column) => (
                  <td key={column.id} className={cx('h-11 overflow-hidden', look(column))}>
                    {column.opens && onOpen ? (
                      <button
                        type="button"
                        data-opens
                        onClick={() => onOpen(row)}
                        className="focus-inset block w-full min-w-0 truncate rounded py-1 text-start"
                      >
                        {column.cell(row)}
                        {openLabel ? <span className="sr-only"> {openLabel(row)}</span> : null}
                      </button>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            )
          })}
          {below > 0 ? <Space height={below} columns={columns.length} /> : null}
        </tbody>
      </table>
      {hasMore ? (
        <div className="border-line border-t p-3 text-center">
          <Button size="sm" busy={loadingMore} onClick={onMore}>
            {t('common.more')}
          </Button>
        </div>
      ) : null}
      {loadingMore ? (
        <LoaderCircle
          aria-hidden
          className="sticky bottom-2 ms-2 size-4 animate-spin text-ink-faint"
        />
      ) : null}
    </div>
  )
}

function Space({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height }} className="p-0" />
    </tr>
  )
}

function rowPixels(): number {
  return ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize || '16')
}
