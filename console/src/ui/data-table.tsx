import {
  type ColumnDef,
  createColumnHelper,
  createSortedRowModel,
  flexRender,
  type RowData,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { cx } from './cx'

/** What our tables can do; a feature that is not named here is not in the bundle. */
const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns,
})

type Features = typeof features

/** Looks of a column: which side it keeps to, and from which width on it is shown. */
export interface ColumnLook {
  align?: 'end'
  from?: 'sm' | 'md' | 'lg' | 'xl'
}

const FROM = {
  sm: 'max-sm:hidden',
  md: 'max-md:hidden',
  lg: 'max-lg:hidden',
  xl: 'max-xl:hidden',
} as const

// biome-ignore lint/suspicious/noExplicitAny: a column's value type is its own affair
export type Columns<Row extends RowData> = ColumnDef<Features, Row, any>[]

export const columnsOf = <Row extends RowData>() => createColumnHelper<Features, Row>()

interface DataTableProps<Row extends RowData> {
  label: string
  columns: Columns<Row>
  looks?: Record<string, ColumnLook>
  rows: Row[]
  rowId: (row: Row) => string
  /** Rows that arrived just now are lit for a moment. */
  isNew?: (row: Row) => boolean
}

/** A dense table with sortable columns; secondary columns leave on narrow screens. */
export function DataTable<Row extends RowData>({
  label,
  columns,
  looks = {},
  rows,
  rowId,
  isNew,
}: DataTableProps<Row>) {
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: rowId,
    enableSortingRemoval: true,
  })
  const look = (column: string) => {
    const { align, from } = looks[column] ?? {}
    return cx(
      'px-3 first:ps-4 last:pe-4 sm:first:ps-5 sm:last:pe-5',
      align && 'text-end',
      from && FROM[from],
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="focus-inset overflow-x-auto rounded-b-xl"
    >
      <table className="w-full border-collapse text-sm">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-line border-b">
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted()
                const words = flexRender(header.column.columnDef.header, header.getContext())
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted ? (sorted === 'asc' ? 'ascending' : 'descending') : undefined}
                    className={cx(
                      'h-9 whitespace-nowrap text-start font-medium text-ink-faint text-xs',
                      look(header.column.id),
                    )}
                  >
                    {header.column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={header.column.getToggleSortingHandler()}
                        className="inline-flex items-center gap-1 rounded hover:text-ink"
                      >
                        {words}
                        {sorted === 'asc' ? <ArrowUp aria-hidden className="size-3" /> : null}
                        {sorted === 'desc' ? <ArrowDown aria-hidden className="size-3" /> : null}
                      </button>
                    ) : (
                      words
                    )}
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              className={cx(
                'border-line/70 border-b last:border-0 hover:bg-hover/60',
                isNew?.(row.original) && 'animate-arrive',
              )}
            >
              {row.getAllCells().map((cell) => (
                <td key={cell.id} className={cx('h-11 py-1.5', look(cell.column.id))}>
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
