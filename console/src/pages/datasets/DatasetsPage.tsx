import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Database, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dataset } from '@/api/types'
import { ActionButton, Permitted, useHere, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { count } from '@/format/number'
import { AsCode } from '@/ui/as-code'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Page } from '@/ui/page'
import { RelativeTime } from '@/ui/time'
import type { VirtualColumn } from '@/ui/virtual-table'
import { DatasetDialog } from './DatasetDialog'
import { DatasetDrawer } from './DatasetDrawer'
import { datasetsQuery } from './queries'

/** The project's data sets: questions with what is expected of answers. */
export default function DatasetsPage() {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const place = usePlace()
  const here = useHere()
  const projectId = place?.project.id ?? ''
  const navigate = useNavigate()
  const { open } = useSearch({ from: '/app/datasets' })
  const choose = (id: string | undefined) =>
    void navigate({
      to: '/datasets',
      search: (search) => ({ ...search, open: id }),
      replace: true,
    })
  const [creating, setCreating] = useState(false)
  const mayRead = usePermits()('dataset:read', here)
  const list = useInfiniteQuery({
    ...datasetsQuery(projectId),
    enabled: projectId !== '' && mayRead,
  })
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const shown = rows?.find(({ id }) => id === open)
  const columns: VirtualColumn<Dataset>[] = [
    {
      id: 'name',
      header: t('datasets.name'),
      opens: true,
      cell: (one) => <span className="block truncate font-medium text-ink">{one.name}</span>,
    },
    {
      id: 'items',
      header: t('datasets.items'),
      width: 'w-24',
      align: 'end',
      cell: (one) => count(one.item_count, language),
    },
    {
      id: 'version',
      header: t('datasets.version'),
      width: 'w-24',
      align: 'end',
      from: 'sm',
      cell: (one) => count(one.version, language),
    },
    {
      id: 'changed',
      header: t('datasets.changed'),
      width: 'w-44',
      from: 'md',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.updated_at} />
        </span>
      ),
    },
  ]
  const create = (
    <ActionButton
      permission="dataset:write"
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('datasets.create')}
    </ActionButton>
  )
  return (
    <Page
      title={t('pages.datasets')}
      description={t('datasets.description')}
      actions={
        <>
          <AsCode
            request={{
              method: 'GET',
              path: `/projects/${projectId}/datasets`,
              sdk: 'projects.datasets.list',
              positional: [projectId],
              cli: `mainspring datasets list --project ${projectId}`,
            }}
          />
          {create}
        </>
      }
    >
      <Permitted permission="dataset:read">
        <ListCard
          title={t('datasets.ofProject', { project: place?.project.name ?? '' })}
          list={list}
          rows={rows}
          columns={columns}
          rowId={(one) => one.id}
          openId={open}
          onOpen={(one) => choose(one.id)}
          empty={
            <Empty icon={Database} title={t('datasets.emptyTitle')} action={create}>
              {t('datasets.emptyText')}
            </Empty>
          }
        />
      </Permitted>
      {shown ? <DatasetDrawer dataset={shown} onClose={() => choose(undefined)} /> : null}
      {creating ? (
        <DatasetDialog
          projectId={projectId}
          onMade={(made) => choose(made.id)}
          onClose={() => setCreating(false)}
        />
      ) : null}
    </Page>
  )
}
