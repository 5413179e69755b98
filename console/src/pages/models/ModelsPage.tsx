import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Boxes, MessagesSquare, Plus, Search, ServerCog } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { modelsQuery, partsQuery, upstreamsQuery } from '@/api/queries'
import type { Model } from '@/api/types'
import { ActionButton, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { count } from '@/format/number'
import { optionalText } from '@/i18n'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { CopyButton } from '@/ui/copy'
import { Empty } from '@/ui/empty'
import { Input } from '@/ui/field'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Skeleton } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { HEALTH_TONES } from './health-tones'
import { ModelDrawer } from './ModelDrawer'
import { NewModelDialog } from './NewModelDialog'
import { matches, type TargetView, targetsOf } from './targets'

/** The models that callers may name, and the servers that stand behind each. */
export default function ModelsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const place = usePlace()
  const { q = '', open, make } = useSearch({ from: '/app/models' })
  const choose = (next: string | undefined) =>
    navigate({ to: '/models', search: (search) => ({ ...search, open: next }), replace: true })
  const models = useQuery(modelsQuery(place?.organization.id))
  const permits = usePermits()
  const upstreams = useQuery({ ...upstreamsQuery, enabled: permits('upstream:read', 'platform') })
  const parts = useQuery({ ...partsQuery, enabled: permits('system:read', 'platform') })
  const opened = models.data?.items.find(({ id }) => id === open)
  const shown = models.data?.items.filter((model) => matches(model, q))
  const adding = (next: true | undefined) =>
    navigate({ to: '/models', search: (search) => ({ ...search, make: next }), replace: true })
  const create = (
    <ActionButton
      permission="model:write"
      place="platform"
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => adding(true)}
    >
      {t('models.add')}
    </ActionButton>
  )
  return (
    <Page
      title={t('pages.models')}
      description={t('models.description')}
      actions={
        <>
          <search className="relative w-full sm:w-72">
            <Search
              aria-hidden
              className="pointer-events-none absolute start-3 top-2.5 size-4 text-ink-faint"
            />
            <Input
              type="search"
              aria-label={t('models.filter')}
              className="ps-9"
              placeholder={t('models.filter')}
              value={q}
              onChange={(event) =>
                navigate({
                  to: '/models',
                  search: (search) => ({ ...search, q: event.target.value || undefined }),
                  replace: true,
                })
              }
            />
          </search>
          <AsCode
            request={{
              method: 'GET',
              path: '/models',
              query: { org_id: place?.organization.id },
              sdk: 'models.list',
              cli: 'mainspring models list',
            }}
          />
          {create}
        </>
      }
    >
      {models.isError ? (
        <Problem error={models.error} onRetry={() => models.refetch()} />
      ) : shown === undefined ? (
        <div className="grid grid-cols-1 gap-4 lg:grid-cols-2 2xl:grid-cols-3">
          <Skeleton className="h-52 rounded-xl" />
          <Skeleton className="h-52 rounded-xl" />
        </div>
      ) : shown.length === 0 ? (
        <Card>
          <Empty
            icon={Boxes}
            title={q ? t('models.noneMatch') : t('models.emptyTitle')}
            action={q ? null : create}
          >
            {q ? t('models.noneMatchText', { query: q }) : t('models.emptyText')}
          </Empty>
        </Card>
      ) : (
        <ul className="grid grid-cols-1 gap-4 lg:grid-cols-2 2xl:grid-cols-3">
          {shown.map((model) => (
            <li key={model.id} className="flex">
              <ModelCard
                model={model}
                onOpen={() => choose(model.id)}
                targets={targetsOf(model, upstreams.data?.items ?? [], parts.data?.items ?? [])}
              />
            </li>
          ))}
        </ul>
      )}
      {opened ? (
        <ModelDrawer key={opened.id} model={opened} onClose={() => choose(undefined)} />
      ) : null}
      {make && permits('model:write', 'platform') ? (
        <NewModelDialog
          onClose={() => adding(undefined)}
          onCreated={(id) =>
            navigate({ to: '/models', search: { q: undefined, open: id }, replace: true })
          }
        />
      ) : null}
    </Page>
  )
}

interface ModelCardProps {
  model: Model
  targets: TargetView[]
  onOpen: () => void
}

function ModelCard({ model, targets, onOpen }: ModelCardProps) {
  const { t, i18n } = useTranslation()
  return (
    <Card aria-label={model.name} className="flex w-full flex-col">
      <header className="flex items-start gap-3 px-4 pt-4 sm:px-5">
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-1.5">
            <h2 className="min-w-0 font-semibold text-ink text-lg">
              <button
                type="button"
                onClick={onOpen}
                className="focus-inset block max-w-full truncate rounded hover:underline"
              >
                {model.name}
              </button>
            </h2>
            <CopyButton text={model.name} label={model.name} />
          </div>
          <div className="mt-1.5 flex flex-wrap items-center gap-1.5">
            {model.tasks.map((task) => (
              <Badge key={task} tone="accent">
                {optionalText(t, `tasks.${task}`) ?? task}
              </Badge>
            ))}
            {model.context_length ? (
              <Badge>
                {t('models.context', { tokens: count(model.context_length, i18n.language) })}
              </Badge>
            ) : null}
            {model.access === 'restricted' ? (
              <Badge tone="warn">{t('modelAccess.states.restricted')}</Badge>
            ) : null}
            <Badge>{model.org_id ? t('models.ofOrganization') : t('models.ofEveryone')}</Badge>
          </div>
        </div>
        {model.tasks.includes('chat') ? (
          <Button asChild size="sm">
            <Link to="/playground" search={{ model: model.name }}>
              <MessagesSquare aria-hidden />
              {t('models.try')}
            </Link>
          </Button>
        ) : null}
      </header>
      <h3 className="mt-4 px-4 font-medium text-ink-faint text-xs sm:px-5">
        {t('models.targets', { count: targets.length })}
      </h3>
      <ul className="mt-1 mb-2 flex-1">
        {targets.map((target) => (
          <li key={target.key} className="flex items-center gap-3 px-4 py-2 sm:px-5">
            <ServerCog aria-hidden className="size-4 shrink-0 text-ink-faint" />
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium text-ink text-sm">{target.upstream}</p>
              <p className="truncate font-mono text-2xs text-ink-faint">{target.address}</p>
            </div>
            <dl
              hidden={targets.length < 2}
              className="tabular flex gap-3 text-ink-faint text-xs max-sm:hidden"
            >
              <div className="flex gap-1">
                <dt>{t('models.priority')}</dt>
                <dd className="text-ink-soft">{target.priority}</dd>
              </div>
              <div className="flex gap-1">
                <dt>{t('models.weight')}</dt>
                <dd className="text-ink-soft">{target.weight}</dd>
              </div>
            </dl>
            <Badge tone={HEALTH_TONES[target.health]} dot>
              {t(`health.${target.health}`)}
            </Badge>
          </li>
        ))}
        {targets.length === 0 ? (
          <li className="px-4 py-2 text-bad-ink text-sm sm:px-5">{t('models.noTargets')}</li>
        ) : null}
      </ul>
      <footer className="border-line border-t px-4 py-2.5 text-ink-faint text-xs sm:px-5">
        {t('models.ownedBy', { owner: model.owned_by })}
      </footer>
    </Card>
  )
}
