import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { CanaryDecision, Page, Release } from '@/api/types'
import { count, duration } from '@/format/number'
import { optionalText } from '@/i18n'
import { cx } from '@/ui/cx'
import { Problem } from '@/ui/problem'
import { Badge } from '@/ui/status'
import { RelativeTime, useNow } from '@/ui/time'
import {
  allowedText,
  figureText,
  missingOf,
  STANDING_TONES,
  standingOf,
  VERDICT_TONES,
} from './canary'

const decisionsQuery = (releaseId: string) =>
  queryOptions({
    queryKey: ['canary-decisions', releaseId],
    queryFn: ({ signal }) =>
      call<Page<CanaryDecision>>('GET', `/releases/${releaseId}/decisions`, {
        signal,
        query: { limit: 1 },
      }),
    refetchInterval: 5_000,
  })

/** How a canary fares: what was decided last, by which figure, and what its step waits for. */
export function CanaryWatch({ release }: { release: Release }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const now = useNow(5_000)
  const decisions = useQuery(decisionsQuery(release.id))
  const latest = decisions.data?.items[0]
  const missing = missingOf(release, latest, now)
  return (
    <div data-canary={release.version} className="mt-3 space-y-2 border-line border-t pt-3 text-sm">
      {decisions.isError ? <Problem error={decisions.error} /> : null}
      {missing ? (
        <p className="text-ink-soft">
          {t('canary.calls', {
            calls: count(missing.calls, language),
            of: count(missing.of, language),
          })}
          {missing.waitMs > 0
            ? ` ${t('canary.wait', { time: duration(missing.waitMs, language) })}`
            : null}
        </p>
      ) : null}
      {latest ? (
        <>
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone={VERDICT_TONES[latest.verdict]} dot>
              {t(`canary.verdicts.${latest.verdict}`)}
            </Badge>
            <span className="text-ink-soft">
              {optionalText(t, `canary.reasons.${latest.reason}`) ?? latest.reason}
            </span>
            <span className="text-ink-faint text-xs">
              <RelativeTime at={latest.last_at} />
            </span>
          </p>
          {latest.figures.length > 0 ? (
            <table className="w-full border-collapse text-xs">
              <thead>
                <tr className="border-line border-b text-ink-faint">
                  <th scope="col" className="py-1 pe-2 text-start font-medium">
                    {t('canary.measure')}
                  </th>
                  <th scope="col" className="px-2 py-1 text-end font-medium">
                    {t('canary.stable')}
                  </th>
                  <th scope="col" className="px-2 py-1 text-end font-medium">
                    {t('releases.states.canary')}
                  </th>
                  <th scope="col" className="px-2 py-1 text-end font-medium max-sm:hidden">
                    {t('canary.allowed')}
                  </th>
                  <th scope="col" className="py-1 ps-2 text-end font-medium">
                    {t('keys.state')}
                  </th>
                </tr>
              </thead>
              <tbody className="tabular">
                {latest.figures.map((figure) => {
                  const standing = standingOf(figure)
                  return (
                    <tr
                      key={figure.measure}
                      data-measure={figure.measure}
                      className={cx(
                        'border-line/70 border-b last:border-0',
                        latest.reason === figure.measure && 'font-semibold text-ink',
                      )}
                    >
                      <th scope="row" className="py-1.5 pe-2 text-start font-[inherit]">
                        {optionalText(t, `canary.measures.${figure.measure}`) ?? figure.measure}
                      </th>
                      <td className="px-2 text-end">
                        {figureText(figure.measure, figure.stable, language) ?? t('common.none')}
                      </td>
                      <td className="px-2 text-end">
                        {figureText(figure.measure, figure.canary, language) ?? t('common.none')}
                      </td>
                      <td className="px-2 text-end max-sm:hidden">
                        {allowedText(figure, language) ?? t('common.none')}
                      </td>
                      <td className="ps-2 text-end">
                        <Badge tone={STANDING_TONES[standing]}>
                          {t(`canary.standings.${standing}`)}
                        </Badge>
                      </td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          ) : null}
        </>
      ) : decisions.data ? (
        <p className="text-ink-faint">{t('canary.none')}</p>
      ) : null}
    </div>
  )
}
