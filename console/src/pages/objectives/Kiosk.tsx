import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleHelp, Minimize2, OctagonAlert, TriangleAlert } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { partsQuery, recentRecordsQuery } from '@/api/queries'
import { useLiveState } from '@/app/live'
import { useHere, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { useTitle } from '@/app/title'
import { exactPercent } from '@/format/number'
import { clockTime, dateOf, zoneName } from '@/format/time'
import { Charts } from '@/pages/home/Charts'
import { figuresOf } from '@/pages/home/figures'
import { PART_TONES, partName } from '@/pages/home/part-name'
import { Button } from '@/ui/button'
import { cx } from '@/ui/cx'
import { LogoMark } from '@/ui/logo'
import { Problem } from '@/ui/problem'
import { Dot, type Tone } from '@/ui/status'
import { RelativeTime, useNow } from '@/ui/time'
import { BudgetMeter } from './BudgetMeter'
import { usePromise } from './promise'
import { openAlertsQuery } from './queries'
import { type Objective, STANDING_TONES, type Standing, worstOf } from './standing'
import { useObjectives } from './use-objectives'

const WALL_MINUTES = 60

const LOOKS: Record<Tone, string> = {
  ok: 'border-ok bg-ok-soft text-ok-ink',
  warn: 'border-warn bg-warn-soft text-warn-ink',
  bad: 'border-bad bg-bad-soft text-bad-ink',
  idle: 'border-line bg-sunken text-ink-soft',
  accent: 'border-line bg-accent-soft text-accent-ink',
}

const ICONS: Record<Tone, typeof CircleCheck> = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: OctagonAlert,
  idle: CircleHelp,
  accent: CircleCheck,
}

/** The platform on a wall: one word from across the room, then what it is made of. */
export function Kiosk({ onLeave }: { onLeave: () => void }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  useTitle(t('objectives.wall'))
  const { objectives, error, refetch } = useObjectives()
  const alerts = useQuery(openAlertsQuery)
  const now = new Date(useNow(1_000))
  const live = useLiveState()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onLeave()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [onLeave])
  const worst: Standing = objectives ? worstOf(objectives) : 'waiting'
  const tone = STANDING_TONES[worst]
  const Icon = ICONS[tone]
  const open = alerts.data?.items ?? []
  const nameOf = (id: string) => objectives?.find(({ slo }) => slo.id === id)?.slo.name ?? id
  return (
    <div className="flex min-h-dvh flex-col gap-4 p-4 sm:gap-6 sm:p-8" data-kiosk>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <LogoMark className="size-9" />
        <h1 className="font-semibold text-2xl text-ink tracking-tight">{t('common.product')}</h1>
        <span className="flex items-center gap-2 text-ink-soft text-sm" data-live={live}>
          <Dot tone={live === 'live' ? 'ok' : live === 'offline' ? 'warn' : 'idle'} />
          {t(`live.${live}`)}
        </span>
        <time
          dateTime={now.toISOString()}
          className="tabular ms-auto text-ink-soft text-lg sm:text-2xl"
        >
          {clockTime(now.toISOString(), language, now)}
          <span className="ms-3 text-ink-faint text-sm sm:text-base">
            {dateOf(now.toISOString(), language)} {zoneName(language, now)}
          </span>
        </time>
        <Button tone="ghost" size="icon" aria-label={t('objectives.leaveWall')} onClick={onLeave}>
          <Minimize2 aria-hidden />
        </Button>
      </header>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : null}
      <p
        role="status"
        data-worst={worst}
        className={cx(
          'flex items-center gap-4 rounded-2xl border-2 px-5 py-5 font-semibold text-3xl tracking-tight sm:px-8 sm:py-7 sm:text-5xl',
          LOOKS[tone],
        )}
      >
        <Icon aria-hidden className="size-10 shrink-0 sm:size-14" />
        {objectives?.length === 0 ? t('objectives.emptyTitle') : t(`objectives.headlines.${worst}`)}
      </p>
      {open.length > 0 ? (
        <ul aria-label={t('objectives.openAlerts')} className="space-y-2">
          {open.map((one) => (
            <li
              key={one.id}
              className={cx(
                'flex flex-wrap items-baseline gap-x-4 rounded-xl border px-5 py-3 text-lg',
                LOOKS[one.severity === 'critical' ? 'bad' : 'warn'],
              )}
            >
              <span className="font-semibold">{nameOf(one.slo_id)}</span>
              <span>{t(`objectives.severities.${one.severity}`)}</span>
              <span className="ms-auto">
                <RelativeTime at={one.opened_at} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <ul className="grid gap-4 sm:grid-cols-[repeat(auto-fit,minmax(22rem,1fr))]">
        {(objectives ?? []).map((objective) => (
          <Tile key={objective.slo.id} objective={objective} />
        ))}
      </ul>
      <Traffic />
      <Parts />
    </div>
  )
}

function Tile({ objective }: { objective: Objective }) {
  const { t, i18n } = useTranslation()
  const promise = usePromise()
  const { slo, status, standing } = objective
  return (
    <li className="min-w-0 rounded-2xl border border-line bg-surface p-5 shadow-card">
      <div className="flex items-center gap-3">
        <Dot tone={STANDING_TONES[standing]} />
        <h2 className="min-w-0 flex-1 truncate font-semibold text-ink text-xl">{slo.name}</h2>
        <span className="text-ink-soft text-sm">{t(`objectives.standings.${standing}`)}</span>
      </div>
      <p className="tabular mt-2 font-semibold text-5xl text-ink tracking-tight">
        {status && status.achieved !== null
          ? exactPercent(status.achieved, i18n.language)
          : t('common.none')}
      </p>
      <p className="mt-1 truncate text-ink-soft text-sm">{promise(slo)}</p>
      <BudgetMeter left={status?.budget_left ?? 1} className="mt-4" />
    </li>
  )
}

/** What flowed through the chosen project in the last hour, live. */
function Traffic() {
  const place = usePlace()
  const sees = usePermits()('usage:read', useHere())
  const now = useNow(10_000)
  const { data } = useQuery({
    ...recentRecordsQuery(place?.project.id ?? ''),
    enabled: place !== null && sees,
  })
  if (!data) return null
  return (
    <Charts
      figures={figuresOf(data.items, WALL_MINUTES, Math.max(now, Date.now()))}
      windowMinutes={WALL_MINUTES}
    />
  )
}

/** The processes of the installation in a line, for whoever may see them. */
function Parts() {
  const { t } = useTranslation()
  const sees = usePermits()('system:read', 'platform')
  const { data } = useQuery({ ...partsQuery, enabled: sees })
  if (!data) return null
  return (
    <ul aria-label={t('home.parts')} className="mt-auto flex flex-wrap gap-2">
      {data.items.map((part) => (
        <li
          key={`${part.role}/${part.name}`}
          className="flex items-center gap-2 rounded-lg border border-line bg-surface px-3 py-1.5 text-ink-soft text-sm"
        >
          <Dot tone={PART_TONES[part.state]} />
          {partName(t, part)}
          <span className="text-ink-faint text-xs">{t(`states.${part.state}`)}</span>
        </li>
      ))}
    </ul>
  )
}
