import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Library, Scale } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Permitted } from '@/app/permission'
import { usePlace } from '@/app/session'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Skeleton } from '@/ui/skeleton'
import { AskDialog } from './AskDialog'
import { CatalogFilters } from './CatalogFilters'
import { CompareDrawer } from './CompareDrawer'
import { EntryCard } from './EntryCard'
import { EntryDrawer } from './EntryDrawer'
import { registryQuery } from './queries'
import {
  type CatalogSearch,
  comparedOf,
  isFiltered,
  MOST_COMPARED,
  registryFilter,
  toggled,
} from './search'

/** Every model that there is for the reader: what it can do, what it costs, how one gets at it. */
export default function CatalogPage() {
  return (
    <Permitted permission="model:read">
      <Catalog />
    </Permitted>
  )
}

function Catalog() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const place = usePlace()
  const search = useSearch({ from: '/app/catalog' })
  const orgId = place?.organization.id ?? ''
  const change = useCallback(
    (next: Partial<CatalogSearch>) =>
      navigate({ to: '/catalog', search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  )
  const registry = useInfiniteQuery({ ...registryQuery(orgId, search), enabled: orgId !== '' })
  const entries = useMemo(() => registry.data?.pages.flatMap(({ items }) => items), [registry.data])
  const compared = comparedOf(search)
  const filtered = isFiltered(search)
  return (
    <Page
      title={t('pages.catalog')}
      description={t('catalog.description')}
      actions={
        <AsCode
          request={{
            method: 'GET',
            path: '/registry/models',
            query: { ...registryFilter(search), org_id: orgId },
            sdk: 'registry.models.search',
            gives: 'page',
            cli: `mainspring registry search${search.q ? ` ${search.q}` : ''}`,
          }}
        />
      }
    >
      <CatalogFilters search={search} entries={entries ?? []} onChange={change} />
      {registry.isError ? (
        <Problem error={registry.error} onRetry={() => registry.refetch()} />
      ) : entries === undefined ? (
        <div className="grid grid-cols-1 gap-4 lg:grid-cols-2 2xl:grid-cols-3">
          <Skeleton className="h-56 rounded-xl" />
          <Skeleton className="h-56 rounded-xl" />
          <Skeleton className="h-56 rounded-xl" />
        </div>
      ) : entries.length === 0 ? (
        <Card>
          <Empty
            icon={Library}
            title={filtered ? t('catalog.noneMatch') : t('catalog.emptyTitle')}
            action={
              filtered ? (
                <Button onClick={() => navigate({ to: '/catalog', search: {}, replace: true })}>
                  {t('catalog.clear')}
                </Button>
              ) : null
            }
          >
            {filtered ? t('catalog.noneMatchText') : t('catalog.emptyText')}
          </Empty>
        </Card>
      ) : (
        <>
          <ul className="grid grid-cols-1 gap-4 lg:grid-cols-2 2xl:grid-cols-3">
            {entries.map((entry) => (
              <li key={entry.model_id} className="flex">
                <EntryCard
                  entry={entry}
                  compared={compared.includes(entry.model_id)}
                  full={compared.length >= MOST_COMPARED}
                  onCompare={() => change({ compare: toggled(compared, entry.model_id) })}
                  onOpen={() => change({ open: entry.model_id })}
                  onAsk={() => change({ ask: entry.model_id })}
                />
              </li>
            ))}
          </ul>
          {registry.hasNextPage ? (
            <div className="mt-4 text-center">
              <Button
                busy={registry.isFetchingNextPage}
                onClick={() => void registry.fetchNextPage()}
              >
                {t('common.more')}
              </Button>
            </div>
          ) : null}
        </>
      )}
      {compared.length > 0 ? (
        <div className="sticky bottom-4 z-20 mx-auto mt-6 flex w-fit max-w-full flex-wrap items-center gap-3 rounded-xl border border-line bg-raised px-4 py-2.5 shadow-float">
          <p className="text-ink text-sm">{t('catalog.chosen', { count: compared.length })}</p>
          <Button
            size="sm"
            tone="primary"
            icon={<Scale aria-hidden />}
            disabled={compared.length < 2}
            onClick={() => change({ side: true })}
          >
            {t('catalog.compare')}
          </Button>
          <Button size="sm" tone="ghost" onClick={() => change({ compare: undefined })}>
            {t('catalog.forget')}
          </Button>
        </div>
      ) : null}
      {search.open ? (
        <EntryDrawer
          modelId={search.open}
          onAsk={() => change({ ask: search.open, open: undefined })}
          onClose={() => change({ open: undefined })}
        />
      ) : null}
      {search.side && compared.length > 1 ? (
        <CompareDrawer
          modelIds={compared}
          onDrop={(id) => change({ compare: toggled(compared, id) })}
          onClose={() => change({ side: undefined })}
        />
      ) : null}
      {search.ask && place ? (
        <AskDialog
          modelId={search.ask}
          place={place}
          onClose={() => change({ ask: undefined })}
          onAsked={(request) =>
            navigate({ to: '/access', search: { view: 'mine', open: request.id } })
          }
        />
      ) : null}
    </Page>
  )
}
