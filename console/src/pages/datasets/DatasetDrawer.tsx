import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Archive, Download, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address, call } from '@/api/client'
import type { Dataset, DatasetItem } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { count } from '@/format/number'
import { Button } from '@/ui/button'
import { CodeBlock } from '@/ui/code'
import { Confirm } from '@/ui/confirm'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import { datasetItemsQuery, datasetsQuery } from './queries'

/** One data set with the items of its present version. */
export function DatasetDrawer({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const place = { orgId: dataset.org_id, projectId: dataset.project_id }
  const items = useInfiniteQuery(datasetItemsQuery(dataset.id, dataset.version))
  const rows = items.data?.pages.flatMap((page) => page.items)
  const [removing, setRemoving] = useState(false)
  const known = datasetsQuery(dataset.project_id).queryKey
  const archive = useMutation({
    mutationFn: (item: DatasetItem) =>
      call<DatasetItem>('POST', `/dataset-items/${item.id}/archive`),
    onSuccess: () => queries.invalidateQueries({ queryKey: known }),
    onError: toast.failed,
  })
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/datasets/${dataset.id}`),
    onSuccess: () => {
      toast.done(t('datasets.removed', { name: dataset.name }))
      onClose()
      void queries.invalidateQueries({ queryKey: known })
    },
    onError: toast.failed,
    onSettled: () => setRemoving(false),
  })
  return (
    <Drawer
      title={dataset.name}
      description={<code className="wrap-anywhere font-mono text-xs">{dataset.id}</code>}
      actions={
        <>
          <Button asChild>
            <a href={address(`/datasets/${dataset.id}/export`)} download={`${dataset.name}.jsonl`}>
              <Download aria-hidden />
              {t('datasets.export')}
            </a>
          </Button>
          <ActionButton
            permission="dataset:write"
            place={place}
            tone="ghost"
            icon={<Trash2 aria-hidden />}
            onClick={() => setRemoving(true)}
          >
            {t('common.remove')}
          </ActionButton>
        </>
      }
      onClose={onClose}
    >
      {dataset.description ? <p className="mb-3 text-ink-soft">{dataset.description}</p> : null}
      <Facts
        facts={[
          {
            id: 'items',
            name: t('datasets.items'),
            value: count(dataset.item_count, i18n.language),
          },
          {
            id: 'version',
            name: t('datasets.version'),
            value: count(dataset.version, i18n.language),
          },
          {
            id: 'changed',
            name: t('datasets.changed'),
            value: <RelativeTime at={dataset.updated_at} />,
          },
        ]}
      />
      <h3 className="mt-6 mb-2 font-medium text-ink text-sm">{t('datasets.items')}</h3>
      {items.isError ? (
        <Problem error={items.error} onRetry={() => void items.refetch()} />
      ) : rows === undefined ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <p className="rounded-lg bg-sunken px-4 py-6 text-center text-ink-soft text-sm">
          {t('datasets.noItems')}
        </p>
      ) : (
        <ul className="space-y-3">
          {rows.map((item) => (
            <li
              key={item.id}
              data-item={item.id}
              className="rounded-xl border border-line bg-surface px-4 py-3"
            >
              <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="tabular text-ink-faint text-xs">{`#${item.position}`}</span>
                <code className="font-mono text-ink-soft text-xs">{item.endpoint}</code>
                {item.source_request_id ? (
                  <Link
                    to="/requests"
                    search={{ request: item.source_request_id, project: dataset.project_id }}
                    className="text-accent-ink text-xs underline"
                  >
                    {t('datasets.source')}
                  </Link>
                ) : null}
                <ActionButton
                  permission="dataset:write"
                  place={place}
                  size="sm"
                  tone="ghost"
                  className="ms-auto"
                  icon={<Archive aria-hidden />}
                  disabled={archive.isPending}
                  aria-label={t('datasets.archiveNamed', { position: item.position })}
                  onClick={() => archive.mutate(item)}
                >
                  {t('datasets.archive')}
                </ActionButton>
              </div>
              <CodeBlock
                code={JSON.stringify(item.input, null, 2)}
                label={t('datasets.input', { position: item.position })}
              />
              {item.expected === null ? null : (
                <div className="mt-2">
                  <p className="mb-1 text-ink-faint text-xs">{t('datasets.expected')}</p>
                  <p className="wrap-anywhere whitespace-pre-wrap text-ink text-sm">
                    {typeof item.expected === 'string'
                      ? item.expected
                      : JSON.stringify(item.expected, null, 2)}
                  </p>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {items.hasNextPage ? (
        <Button
          className="mt-3"
          busy={items.isFetchingNextPage}
          onClick={() => void items.fetchNextPage()}
        >
          {t('common.more')}
        </Button>
      ) : null}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={t('datasets.removeTitle', { name: dataset.name })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('datasets.removeText')}</p>
      </Confirm>
    </Drawer>
  )
}
