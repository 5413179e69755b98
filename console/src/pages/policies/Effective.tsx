import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { EffectivePolicy } from '@/api/types'
import { BUDGETS } from '@/format/limits'
import { money } from '@/format/money'
import { count, percent } from '@/format/number'
import { optionalText } from '@/i18n'
import { Card, CardHeader } from '@/ui/card'
import { cx } from '@/ui/cx'
import { Badge } from '@/ui/status'
import { type Said, saidOf } from './said'

/** Everything that holds, each with its source. */
export function Effective({ effective }: { effective: EffectivePolicy }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const { cache, limits, routing, data, capture, retention } = effective
  const amount = (name: string, value: number, currency: string | null) =>
    BUDGETS.some((one) => one === name)
      ? money(value, currency ?? 'USD', language)
      : count(value, language)
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Section title={t('policies.parameters')} empty={t('policies.noParameters')}>
        {effective.parameters.flatMap((parameter) =>
          saidOf(parameter).map((said) => (
            <Line
              key={`${parameter.name}/${said.what}/${said.source.policy_id}`}
              id={parameter.name}
              name={parameter.name}
              value={<SaidText said={said} />}
              source={
                <PolicySource
                  level={said.source.level}
                  name={said.source.policy}
                  id={said.source.policy_id}
                />
              }
            />
          )),
        )}
      </Section>
      <Section title={t('limits.title')} empty={t('limits.none')}>
        {limits.map((limit) => (
          <Line
            key={`${limit.name}/${limit.counts}/${limit.source.id}`}
            id={limit.name}
            name={optionalText(t, `limits.${limit.name}`) ?? limit.name}
            value={
              <span className={cx('tabular', !limit.tightest && 'text-ink-faint')}>
                {amount(limit.name, limit.value, limit.currency)}{' '}
                <span className="text-ink-soft text-xs">
                  {t(`policies.counts.${limit.counts}`)}
                </span>
                {limit.tightest ? (
                  <Badge tone="accent" className="ms-2">
                    {t('policies.tightest')}
                  </Badge>
                ) : null}
              </span>
            }
            source={<Source level={limit.source.level} name={limit.source.name} />}
          />
        ))}
      </Section>
      <Section title={t('policies.dataAndRouting')}>
        {[
          cache ? (
            <Line
              key="cache"
              id="cache"
              name={t('policies.cache')}
              value={`${t(`policies.cacheModes.${cache.mode}`)}, ${count(cache.ttl_s, language)} s`}
              source={cache.sources.map((source) => (
                <PolicySource
                  key={source.policy_id}
                  level={source.level}
                  name={source.policy}
                  id={source.policy_id}
                />
              ))}
            />
          ) : null,
          routing ? (
            <Line
              key="routing"
              id="routing"
              name={t('decision.strategy')}
              value={t(`decision.strategies.${routing.value.strategy ?? 'weighted'}`)}
              source={<Source level={routing.source.level} name={routing.source.name} />}
            />
          ) : null,
          ...data.statements.map((statement) => (
            <Line
              key={`${statement.source.level}/${statement.source.id}`}
              id="data"
              name={t('policies.places')}
              value={[
                statement.regions?.join(', '),
                statement.hosting
                  ?.map((one) => optionalText(t, `hosting.${one}`) ?? one)
                  .join(', '),
              ]
                .filter(Boolean)
                .join(' · ')}
              source={<Source level={statement.source.level} name={statement.source.name} />}
            />
          )),
          ...data.targets.map((target) => (
            <Line
              key={`${target.track}/${target.upstream_model}`}
              id="target"
              name={target.upstream_model}
              value={
                target.barred_by ? (
                  <Badge tone="bad">{t('policies.barred', { name: target.barred_by })}</Badge>
                ) : (
                  <Badge tone="ok">{t('policies.open')}</Badge>
                )
              }
              source={[target.region, target.hosting].filter(Boolean).join(' · ')}
            />
          )),
          <Line
            key="capture"
            id="capture"
            name={t('policies.capture')}
            value={
              capture.sample < 1
                ? `${capture.level}, ${percent(capture.sample, language)}`
                : capture.level
            }
            source={[
              ...new Map(
                [capture.source, capture.sample_source].map((one) => [one.id, one]),
              ).values(),
            ].map((one) =>
              one.by_policy ? (
                <PolicySource key={one.id} level={one.level} name={one.name} id={one.id} />
              ) : (
                <span key={one.id} className="block">
                  <Source level={one.level} name={one.name} />
                </span>
              ),
            )}
          />,
          ...retention.map((kept) => (
            <Line
              key={kept.what}
              id={kept.what}
              name={t(`policies.kept.${kept.what}`)}
              value={
                kept.days === null
                  ? t('accessRequests.withoutEnd')
                  : t('accessRequests.days', { count: kept.days })
              }
              source={<Source level={kept.source.level} name={kept.source.name} />}
            />
          )),
        ].filter((line) => line !== null)}
      </Section>
    </div>
  )
}

function Section({
  title,
  empty,
  children,
}: {
  title: string
  empty?: string
  children: ReactNode[]
}) {
  const id = useId()
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={title} />
      {children.length === 0 && empty ? (
        <p className="px-4 pb-4 text-ink-soft text-sm sm:px-5">{empty}</p>
      ) : (
        <dl className="divide-y divide-line/70 pb-1">{children}</dl>
      )}
    </Card>
  )
}

interface LineProps {
  id: string
  name: ReactNode
  value: ReactNode
  source: ReactNode
}

function Line({ id, name, value, source }: LineProps) {
  return (
    <div
      data-holds={id}
      className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-x-4 gap-y-0.5 px-4 py-2 text-sm sm:grid-cols-[minmax(0,3fr)_minmax(0,4fr)_minmax(0,3fr)] sm:px-5"
    >
      <dt className="wrap-anywhere text-ink-faint">{name}</dt>
      <dd className="wrap-anywhere text-ink max-sm:text-end">{value}</dd>
      <dd className="wrap-anywhere text-end text-ink-soft text-xs max-sm:col-span-2">{source}</dd>
    </div>
  )
}

function SaidText({ said }: { said: Said }) {
  const { t } = useTranslation()
  return t(`policies.said.${said.what}`, { value: said.value })
}

function Source({ level, name }: { level: string; name: string }) {
  const { t } = useTranslation()
  const where = optionalText(t, `policies.levels.${level}`) ?? level
  return name ? `${where}${t('common.colon')}${name}` : where
}

function PolicySource({ level, name, id }: { level: string; name: string; id: string }) {
  const { t } = useTranslation()
  return (
    <span className="block">
      {optionalText(t, `policies.levels.${level}`) ?? level}
      {t('common.colon')}
      <Link
        to="/policies"
        search={{ policy: id }}
        className="rounded text-accent-ink underline underline-offset-2"
      >
        {name}
      </Link>
    </span>
  )
}
