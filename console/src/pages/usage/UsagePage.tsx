import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CostRow } from '@/api/types'
import { remember } from '@/app/memory'
import { Permitted, usePermits } from '@/app/permission'
import { type Place, usePlace, useSession } from '@/app/session'
import { type RangeSearch, rangeOf } from '@/format/range'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Select } from '@/ui/select'
import { Tabs } from '@/ui/tabs'
import { TimeRange } from '@/ui/time-range'
import { requestOf, USUAL_RANGE } from './as-requests'
import { Budget } from './Budget'
import { Chargeback } from './Chargeback'
import { ExportMenu } from './ExportMenu'
import { Forecast } from './Forecast'
import { GpuPrices } from './GpuPrices'
import { Idle } from './Idle'
import { intervalOf } from './intervals'
import { monthOf } from './months'
import { type CostQuestion, whose } from './queries'
import { ReconciliationList } from './ReconciliationList'
import { Report } from './Report'
import { Splitting } from './Splitting'
import {
  byOf,
  COLUMNS,
  type Dimension,
  dimensionsOf,
  NARROWINGS,
  OF_ORGANIZATIONS,
  OF_PLATFORM,
  OVERS,
  overOf,
  REPORTS,
  USUAL_IDLE_DAYS,
  type UsageSearch,
} from './search'

/** What was used and what it cost, over time and by whatever tells calls apart. */
export default function UsagePage() {
  const place = usePlace()
  return place === null ? null : <UsageOf key={place.project.id} place={place} />
}

function UsageOf({ place }: { place: Place }) {
  const { t } = useTranslation()
  const search = useSearch({ from: '/app/usage' })
  const navigate = useNavigate()
  const permits = usePermits()
  const { organizations } = useSession()
  const change = (next: UsageSearch) =>
    navigate({ to: '/usage', search: (before) => ({ ...before, ...next }), replace: true })
  const report = search.report ?? 'usage'
  const range: RangeSearch = { range: search.range, since: search.since, until: search.until }
  const rangeName = JSON.stringify(range)
  // The end of a range that ends now stands still while one looks at it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another range is looked at anew
  const now = useMemo(() => Date.now(), [rangeName])
  const dimensions = dimensionsOf(search.by)
  const asked = overOf(search)
  const ofOrganizations = OF_ORGANIZATIONS.includes(report)
  const over = ofOrganizations && asked === 'project' ? 'organization' : asked
  const { model, key, actor } = search
  const { since, until } = rangeOf(range, USUAL_RANGE, now)
  const question: CostQuestion = {
    since,
    until: until ?? new Date(now).toISOString(),
    group_by: dimensions,
    ...whose(over, place),
    model,
    key_id: key,
    actor_id: actor,
  }
  const interval = intervalOf(question, search.interval, now)
  const everything = organizations.length > 1 || permits('usage:read', 'platform')
  const overs = OVERS.filter(
    (one) =>
      (one !== 'everything' || everything || over === one) &&
      (one !== 'project' || !ofOrganizations),
  )
  const narrow = (row: CostRow) => {
    const project = dimensions.includes('project') ? row.group[COLUMNS.project] : undefined
    const rest = dimensions.filter((one) => !isNarrowable(one))
    const known = NARROWINGS.filter((one) => dimensions.includes(one))
    if (project) remember('project', project)
    navigate({
      to: '/usage',
      search: (before) => ({
        ...before,
        by: byOf(rest.length > 0 ? rest : known.includes('model') ? ['key'] : ['model']),
        ...(project ? { over: 'project', project } : {}),
        ...Object.fromEntries(known.map((one) => [one, row.group[COLUMNS[one]] ?? undefined])),
      }),
    })
  }
  const month = search.month ?? monthOf(now, 1)
  const ofPlatform = OF_PLATFORM.includes(report)
  const reports = REPORTS.filter(
    (one) => one === report || !OF_PLATFORM.includes(one) || permits('usage:read', 'platform'),
  )
  const request = requestOf({
    search,
    place,
    question,
    dimensions,
    over,
    month,
    range: { since, until },
  })
  return (
    <Page
      title={t('pages.usage')}
      description={t('usage.description')}
      actions={
        <>
          {ofPlatform ? null : (
            <Select
              aria-label={t('usage.over')}
              value={over}
              onChange={(event) =>
                change({ over: OVERS.find((one) => one === event.target.value) })
              }
            >
              {overs.map((one) => (
                <option key={one} value={one}>
                  {one === 'project'
                    ? t('usage.ofProject', { name: place.project.name })
                    : one === 'organization'
                      ? t('usage.ofOrganization', { name: place.organization.name })
                      : t('usage.everything')}
                </option>
              ))}
            </Select>
          )}
          {report === 'usage' || report === 'reconciliation' ? (
            <TimeRange
              value={range}
              usual={USUAL_RANGE}
              onChange={(next) =>
                change({ range: next.range, since: next.since, until: next.until })
              }
            />
          ) : null}
          {report === 'usage' ? <ExportMenu question={question} interval={interval} /> : null}
          <AsCode request={request} />
        </>
      }
    >
      <Permitted permission="usage:read">
        <Tabs.Root
          value={report}
          onValueChange={(next) =>
            change({
              report: REPORTS.find((one) => one === next && one !== 'usage'),
              open: undefined,
            })
          }
        >
          <Tabs.List aria-label={t('usage.reports')} className="mb-4 max-w-full overflow-x-auto">
            {reports.map((one) => (
              <Tabs.Trigger key={one} value={one}>
                {t(`usage.tabs.${one}`)}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <Tabs.Content value="usage" className="outline-offset-4">
            {over === 'project' && !model && !key && !actor ? (
              <Budget projectId={place.project.id} />
            ) : null}
            <Splitting
              dimensions={dimensions}
              narrowed={{ model, key, actor }}
              onBy={(by) => change({ by, over: search.over })}
              onWiden={(one) => change({ [one]: undefined })}
            />
            <Report
              question={question}
              dimensions={dimensions}
              metric={search.metric ?? 'requests'}
              asked={search.interval}
              now={now}
              onMetric={(metric) => change({ metric })}
              onInterval={(next) => change({ interval: next })}
              onOpen={dimensions.some(isNarrowable) ? narrow : undefined}
            />
          </Tabs.Content>
          <Tabs.Content value="forecast" className="outline-offset-4">
            <Forecast question={whose(over, place)} />
          </Tabs.Content>
          <Tabs.Content value="chargeback" className="outline-offset-4">
            <Chargeback
              orgId={whose(over, place).org_id}
              month={search.month}
              now={now}
              onMonth={(next) => change({ month: next })}
            />
          </Tabs.Content>
          <Tabs.Content value="gpus" className="outline-offset-4">
            <Permitted permission="usage:read" place="platform">
              <GpuPrices openId={search.open} onOpen={(open) => change({ open })} />
            </Permitted>
          </Tabs.Content>
          <Tabs.Content value="idle" className="outline-offset-4">
            <Idle
              orgId={whose(over, place).org_id}
              days={search.days ?? USUAL_IDLE_DAYS}
              kind={search.kind}
              onChange={change}
            />
          </Tabs.Content>
          <Tabs.Content value="reconciliation" className="outline-offset-4">
            <Permitted permission="usage:read" place="platform">
              <ReconciliationList
                range={{ since, until }}
                state={search.agreement}
                openId={search.open}
                onState={(agreement) => change({ agreement })}
                onOpen={(open) => change({ open })}
              />
            </Permitted>
          </Tabs.Content>
        </Tabs.Root>
      </Permitted>
    </Page>
  )
}

const isNarrowable = (one: Dimension) =>
  one === 'project' || NARROWINGS.some((narrowing) => narrowing === one)
