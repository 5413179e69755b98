import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Place, useChooseProject } from '@/app/session'
import { moneys } from '@/format/money'
import { count } from '@/format/number'
import type { Range } from '@/format/range'
import { Card, CardHeader } from '@/ui/card'
import { Problem } from '@/ui/problem'
import { tokensOf } from './figures'
import { summaryQuery } from './queries'

/** The projects of the organisation beside one another. */
export function ProjectsTable({ place, range }: { place: Place; range: Range }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const choose = useChooseProject()
  const { projects } = place.organization
  // To the minute, so that the same figures are not asked for again at every drawing.
  const since = `${range.since.slice(0, 16)}:00Z`
  const sums = useQueries({
    queries: projects.map(({ id }) => summaryQuery(id, { since, until: range.until })),
  })
  const most = Math.max(...sums.map(({ data }) => data?.totals.requests ?? 0), 1)
  const failed = sums.find(({ isError }) => isError)
  return (
    <Card aria-labelledby="by-project">
      <CardHeader id="by-project" title={t('usage.byProject')} hint={place.organization.name} />
      {failed ? <Problem error={failed.error} className="m-4" /> : null}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls */}
      <div
        role="group"
        aria-label={t('usage.byProject')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="focus-inset overflow-x-auto rounded-b-xl"
      >
        <table className="tabular w-full border-collapse text-sm">
          <thead>
            <tr className="border-line border-b text-ink-faint text-xs">
              <th scope="col" className="h-9 ps-5 text-start font-medium">
                {t('usage.columns.project')}
              </th>
              <th scope="col" className="px-3 text-end font-medium">
                {t('usage.columns.requests')}
              </th>
              <th scope="col" className="px-3 text-end font-medium max-sm:hidden">
                {t('usage.metrics.tokens')}
              </th>
              <th scope="col" className="ps-3 pe-5 text-end font-medium">
                {t('usage.columns.cost')}
              </th>
            </tr>
          </thead>
          <tbody>
            {projects.map((project, index) => {
              const totals = sums[index]?.data?.totals
              return (
                <tr key={project.id} className="border-line/70 border-b last:border-0">
                  <th scope="row" className="h-12 max-w-80 ps-5 text-start font-medium">
                    <button
                      type="button"
                      onClick={() => choose(project.id)}
                      className="block max-w-full truncate rounded text-ink hover:underline"
                    >
                      {project.name}
                    </button>
                    <span aria-hidden className="mt-1 block h-1 rounded-full bg-hover">
                      <span
                        className="block h-full rounded-full bg-accent"
                        style={{ width: `${((totals?.requests ?? 0) / most) * 100}%` }}
                      />
                    </span>
                  </th>
                  <td className="px-3 text-end">
                    {totals ? count(totals.requests, language) : t('common.none')}
                  </td>
                  <td className="px-3 text-end max-sm:hidden">
                    {totals ? count(tokensOf(totals), language) : t('common.none')}
                  </td>
                  <td className="ps-3 pe-5 text-end">
                    {totals ? moneys(totals.costs, language) || t('common.none') : t('common.none')}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Card>
  )
}
