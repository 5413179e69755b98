import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { KeyRound, Plus, ServerCog } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { modelsQuery, partsQuery, recentRecordsQuery, upstreamsQuery } from '@/api/queries'
import type { Upstream } from '@/api/types'
import { Editing } from '@/app/editing'
import { ActionButton, Permitted, useHere, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { count, duration, percent } from '@/format/number'
import { healthOf } from '@/pages/models/targets'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { Confirm } from '@/ui/confirm'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { HEALTH_TONES } from '../models/health-tones'
import { breakersQuery, CIRCUIT_TONES, standingsOf } from './breakers'
import { liveOf } from './live'
import { AddUpstream, CHOOSING } from './preset/AddUpstream'
import { UpstreamDialog } from './UpstreamDialog'

/** The servers that models stand on, how they are reached, and how they fare. */
export default function UpstreamsPage() {
  const { t } = useTranslation()
  return (
    <Permitted permission="upstream:read" place="platform">
      <Upstreams title={t('pages.upstreams')} />
    </Permitted>
  )
}

function Upstreams({ title }: { title: string }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const place = usePlace()
  const permits = usePermits()
  const here = useHere()
  const queries = useQueryClient()
  const toast = useToast()
  const navigate = useNavigate()
  const { upstream: chosen, add } = useSearch({ from: '/app/upstreams' })
  const choose = (upstream: string | undefined) =>
    navigate({ to: '/upstreams', search: (before) => ({ ...before, upstream }), replace: true })
  const adding = (step: string | undefined) =>
    navigate({ to: '/upstreams', search: (before) => ({ ...before, add: step }), replace: true })
  const upstreams = useQuery(upstreamsQuery)
  const parts = useQuery({ ...partsQuery, enabled: permits('system:read', 'platform') })
  const breakers = useQuery({ ...breakersQuery, enabled: permits('system:read', 'platform') })
  const models = useQuery(modelsQuery(place?.organization.id))
  const records = useQuery({
    ...recentRecordsQuery(place?.project.id ?? ''),
    enabled: place !== null && permits('usage:read', here),
  })
  const [removing, setRemoving] = useState<Upstream | null>(null)
  const rows = upstreams.data?.items
  const open = rows?.find(({ id }) => id === chosen)
  const live = useMemo(() => liveOf(records.data?.items ?? []), [records.data])
  const standings = useMemo(() => standingsOf(breakers.data?.items ?? []), [breakers.data])
  const servedBy = (upstream: Upstream) =>
    models.data?.items.filter(({ targets }) =>
      targets.some(({ upstream_id }) => upstream_id === upstream.id),
    ) ?? []
  const remove = useMutation({
    mutationFn: (upstream: Upstream) => call('DELETE', `/upstreams/${upstream.id}`),
    onSuccess: (_, upstream) => {
      toast.done(t('upstreams.removed', { name: upstream.name }))
      choose(undefined)
    },
    onError: toast.failed,
    onSettled: () => {
      setRemoving(null)
      void queries.invalidateQueries({ queryKey: upstreamsQuery.queryKey })
    },
  })
  const columns: VirtualColumn<Upstream>[] = [
    {
      id: 'name',
      header: t('upstreams.name'),
      opens: true,
      cell: (one) => (
        <span className="font-medium text-ink">
          {one.name}
          <span className="ms-2 font-mono font-normal text-ink-faint text-xs">{one.base_url}</span>
        </span>
      ),
    },
    {
      id: 'protocol',
      header: t('upstreams.protocol'),
      width: 'w-40',
      from: '2xl',
      cell: (one) => <Badge>{one.protocol}</Badge>,
    },
    {
      id: 'credential',
      header: t('upstreams.credential'),
      width: 'w-24',
      from: 'lg',
      cell: (one) =>
        one.has_credential ? (
          <span className="inline-flex items-center gap-1.5 text-ink-soft">
            <KeyRound aria-hidden className="size-3.5" />
            {t('upstreams.kept')}
          </span>
        ) : (
          <span className="text-ink-faint">{t('common.none')}</span>
        ),
    },
    {
      id: 'health',
      header: t('upstreams.state'),
      width: 'w-28',
      cell: (one) => {
        const health = healthOf(one, parts.data?.items ?? [])
        return (
          <Badge tone={HEALTH_TONES[health]} dot>
            {t(`health.${health}`)}
          </Badge>
        )
      },
    },
    {
      id: 'breaker',
      header: t('breakers.title'),
      width: 'w-36',
      from: 'md',
      cell: (one) => {
        const standing = standings.get(one.id)
        return standing ? (
          <Badge tone={CIRCUIT_TONES[standing.worst]} dot>
            {standing.alike < standing.all
              ? t('breakers.some', {
                  state: t(`breakers.circuits.${standing.worst}`),
                  alike: standing.alike,
                  all: standing.all,
                })
              : t(`breakers.circuits.${standing.worst}`)}
          </Badge>
        ) : (
          <span className="text-ink-faint">{t('common.none')}</span>
        )
      },
    },
    {
      id: 'calls',
      header: t('upstreams.calls'),
      width: 'w-40',
      align: 'end',
      from: 'sm',
      cell: (one) => {
        const figures = live.get(one.id)
        return figures ? (
          <span className="tabular">
            {count(figures.calls, language)}
            {figures.failed > 0 ? (
              <span className="ms-2 text-bad-ink">
                {t('charts.failed', { share: percent(figures.failed / figures.calls, language) })}
              </span>
            ) : null}
          </span>
        ) : (
          <span className="text-ink-faint">{t('common.none')}</span>
        )
      },
    },
    {
      id: 'latency',
      header: t('upstreams.latency'),
      width: 'w-32',
      align: 'end',
      from: 'xl',
      cell: (one) => {
        // What gateways measure now; where they called nothing yet, of the last day.
        const ms = standings.get(one.id)?.latencyMs ?? live.get(one.id)?.medianMs
        return (
          <span className="tabular">{ms == null ? t('common.none') : duration(ms, language)}</span>
        )
      },
    },
  ]
  const create = (
    <ActionButton
      permission="upstream:write"
      place="platform"
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => adding(CHOOSING)}
    >
      {t('upstreams.create')}
    </ActionButton>
  )
  return (
    <Page
      title={title}
      description={t('upstreams.description')}
      actions={
        <>
          <AsCode
            request={{
              method: 'GET',
              path: '/upstreams',
              sdk: 'upstreams.list',
              cli: 'mainspring upstreams list',
            }}
          />
          {create}
        </>
      }
    >
      <Card aria-labelledby="upstreams">
        <CardHeader
          id="upstreams"
          title={title}
          hint={place ? t('upstreams.hint', { project: place.project.name }) : null}
        />
        {upstreams.isError ? (
          <Problem error={upstreams.error} onRetry={() => upstreams.refetch()} className="m-4" />
        ) : rows === undefined ? (
          <SkeletonRows />
        ) : rows.length === 0 ? (
          <Empty icon={ServerCog} title={t('upstreams.emptyTitle')} action={create}>
            {t('upstreams.emptyText')}
          </Empty>
        ) : (
          <VirtualTable
            label={title}
            columns={columns}
            rows={rows}
            rowId={(one) => one.id}
            openId={chosen}
            onOpen={(one) => choose(one.id)}
            className="max-h-[calc(100dvh-14rem)]"
          />
        )}
      </Card>
      {add && permits('upstream:write', 'platform') ? (
        <AddUpstream step={add} onStep={adding} onClose={() => adding(undefined)} />
      ) : null}
      {open ? (
        <Editing<Upstream>
          key={open.id}
          path={`/upstreams/${open.id}`}
          title={open.name}
          onClose={() => choose(undefined)}
        >
          {(begun) => (
            <UpstreamDialog
              upstream={begun}
              servedBy={servedBy(open).map(({ name }) => name)}
              onRemove={() => setRemoving(open)}
              onClose={() => choose(undefined)}
            />
          )}
        </Editing>
      ) : null}
      <Confirm
        open={removing !== null}
        onOpenChange={(next) => !next && setRemoving(null)}
        title={t('upstreams.removeTitle', { name: removing?.name ?? '' })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate(removing)}
      >
        <p>{t('upstreams.removeText')}</p>
        {removing && servedBy(removing).length > 0 ? (
          <p className="text-bad-ink">
            {t('upstreams.removeTouches', {
              models: new Intl.ListFormat(language).format(
                servedBy(removing).map(({ name }) => name),
              ),
            })}
          </p>
        ) : null}
      </Confirm>
    </Page>
  )
}
