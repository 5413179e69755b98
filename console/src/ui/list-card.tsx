import { type ReactNode, useId } from 'react'
import { Card, CardHeader } from './card'
import { Problem } from './problem'
import { SkeletonRows } from './skeleton'
import { type VirtualColumn, VirtualTable } from './virtual-table'

/** What a list needs of an infinite query, whatever it reads. */
interface Listing {
  isError: boolean
  error: unknown
  hasNextPage: boolean
  isFetchingNextPage: boolean
  refetch: () => unknown
  fetchNextPage: () => unknown
}

interface ListCardProps<Row> {
  title: ReactNode
  hint?: ReactNode
  actions?: ReactNode
  list: Listing
  /** `undefined` while they are on their way. */
  rows: Row[] | undefined
  columns: VirtualColumn<Row>[]
  rowId: (row: Row) => string
  onOpen?: (row: Row) => void
  openId?: string | undefined
  /** What is said while there are none. */
  empty: ReactNode
  className?: string
}

/** A list of the API in a card, in each of its states: on its way, refused, empty, long. */
export function ListCard<Row>({
  title,
  hint,
  actions,
  list,
  rows,
  columns,
  rowId,
  onOpen,
  openId,
  empty,
  className = 'max-h-[calc(100dvh-16rem)]',
}: ListCardProps<Row>) {
  const id = useId()
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={title} hint={hint}>
        {actions}
      </CardHeader>
      {list.isError ? (
        <Problem error={list.error} onRetry={() => void list.refetch()} className="m-4" />
      ) : rows === undefined ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        empty
      ) : (
        <VirtualTable
          label={typeof title === 'string' ? title : id}
          columns={columns}
          rows={rows}
          rowId={rowId}
          openId={openId}
          {...(onOpen ? { onOpen } : {})}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          className={className}
        />
      )}
    </Card>
  )
}
