/**
 * Forms that change what is there. Each begins from the object as it is when the form opens, sends
 * the revision that it began from, and where somebody else was faster says what they changed and
 * offers to begin anew: nothing is ever overwritten unseen.
 */
import { type QueryKey, queryOptions, useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { Fragment, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { objectQuery, readTagged, type Tagged } from '@/api/tagged'
import { type Change, changesOf } from '@/format/diff'
import { Button } from '@/ui/button'
import { WhatToDoInConflict } from '@/ui/conflict'
import { Dialog } from '@/ui/dialog'
import { DiffTable } from '@/ui/diff-table'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'

interface EditingProps<T extends object> {
  /** Where the object is, below the API. */
  path: string
  /** Shown while it is on its way. */
  title: ReactNode
  onClose: () => void
  children: (object: Tagged<T>) => ReactNode
}

/** Reads an object anew, gives it to a form, and tells the form's problems what to do in a conflict. */
export function Editing<T extends object>({ path, title, onClose, children }: EditingProps<T>) {
  const [generation, setGeneration] = useState(0)
  const begun = useQuery(
    stillQuery(['begun', path, generation], (signal) => readTagged<T>(path, signal)),
  )
  if (!begun.data) {
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} title={title}>
        {begun.isError ? (
          <Problem error={begun.error} onRetry={() => void begun.refetch()} />
        ) : (
          <SkeletonRows rows={4} />
        )}
      </Dialog>
    )
  }
  return (
    <WhatToDoInConflict
      value={
        <Meanwhile
          path={path}
          begun={begun.data}
          onAgain={() => setGeneration((before) => before + 1)}
        />
      }
    >
      <Fragment key={generation}>{children(begun.data)}</Fragment>
    </WhatToDoInConflict>
  )
}

/** For forms of what can only be read as part of a list: they close, and the list is read anew. */
export function EditingOfList({ onAgain, children }: { onAgain: () => void; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <WhatToDoInConflict
      value={
        <Button size="sm" icon={<RotateCw aria-hidden />} onClick={onAgain}>
          {t('conflict.list')}
        </Button>
      }
    >
      {children}
    </WhatToDoInConflict>
  )
}

interface MeanwhileProps {
  path: string
  begun: Tagged<object>
  onAgain: () => void
}

/** What somebody else changed since a form was opened, and the way to begin anew from it. */
function Meanwhile({ path, begun, onAgain }: MeanwhileProps) {
  const { t } = useTranslation()
  const { data } = useQuery(
    stillQuery(['meanwhile', path, begun.revision ?? 0], (signal) => readTagged(path, signal)),
  )
  const changes = data ? changedMeanwhile(begun, data) : []
  return (
    <div className="space-y-2" data-conflict>
      {changes.length > 0 ? <DiffTable changes={changes} /> : null}
      <p className="text-ink-soft text-xs">{t('conflict.text')}</p>
      <Button size="sm" icon={<RotateCw aria-hidden />} onClick={onAgain}>
        {t('conflict.again')}
      </Button>
    </div>
  )
}

/** Fields that every change changes. */
const OF_EVERY_CHANGE = new Set(['revision', 'updated_at'])

export function changedMeanwhile(before: object, after: object): Change[] {
  return changesOf(before, after).filter(({ path }) => !OF_EVERY_CHANGE.has(path))
}

/** A read that stands still: a form must not begin from one thing and send the revision of another. */
const stillQuery = <T,>(key: QueryKey, read: (signal: AbortSignal) => Promise<T>) =>
  queryOptions({
    queryKey: key,
    queryFn: ({ signal }) => read(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/**
 * An object of a list, with the revision of what is shown: for acts that change it without a form.
 * `ready` tells that the revision was asked for.
 */
export function useObject<T extends object>(
  key: QueryKey,
  path: string,
  listed: T,
): { object: T; revision: number | undefined; ready: boolean } {
  const { data, isFetched } = useQuery(objectQuery<T>(key, path))
  return { object: data ?? listed, revision: data?.revision, ready: isFetched }
}
