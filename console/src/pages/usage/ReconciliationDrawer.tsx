import { useTranslation } from 'react-i18next'
import type { Reconciliation } from '@/api/types'
import { fullTime } from '@/format/time'
import { cx } from '@/ui/cx'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { AGREEMENT_TONES, driftOf, signed } from './reconciliation'

const WHAT = ['calls', 'tokens'] as const

/** One hour of one gateway: both counts in sum, the models that differ, and what it means. */
export function ReconciliationDrawer({
  hour,
  onClose,
}: {
  hour: Reconciliation
  onClose: () => void
}) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const exact = (value: number) => new Intl.NumberFormat(language).format(value)
  const sides = (booked: Reconciliation['booked'], counted: Reconciliation['counted']) =>
    WHAT.map((what) => {
      const drift = driftOf({ booked, counted }, what)
      return (
        <td key={what} className="px-2 py-2 text-end" data-drift={drift ?? ''}>
          <span className="block">
            {t('reconciliation.beside', {
              counted: exact(counted[what]),
              booked: booked === null ? t('common.none') : exact(booked[what]),
            })}
          </span>
          {drift ? (
            <span
              className={cx(
                'block text-xs',
                hour.state === 'drifted' ? 'text-bad-ink' : 'text-ink-soft',
              )}
            >
              {signed(drift, language)}
            </span>
          ) : null}
        </td>
      )
    })
  return (
    <Drawer
      title={t('range.between', {
        from: fullTime(hour.since, language),
        to: fullTime(hour.until, language),
      })}
      description={<code className="wrap-anywhere font-mono text-xs">{hour.gateway_id}</code>}
      actions={
        <Badge tone={AGREEMENT_TONES[hour.state]} dot>
          {t(`reconciliation.states.${hour.state}`)}
        </Badge>
      }
      onClose={onClose}
    >
      <p
        className={cx(
          'mb-5 rounded-lg px-3.5 py-3 text-sm',
          hour.state === 'drifted' ? 'bg-bad-soft text-bad-ink' : 'bg-sunken text-ink-soft',
        )}
      >
        {t(`reconciliation.means.${hour.state}`)}
      </p>
      <Facts
        facts={[
          {
            id: 'epoch',
            name: t('reconciliation.process'),
            value: <code className="wrap-anywhere font-mono text-xs">{hour.epoch}</code>,
          },
          {
            id: 'delivered',
            name: t('reconciliation.delivered'),
            value: t(hour.delivered ? 'common.yes' : 'common.no'),
          },
          {
            id: 'checked',
            name: t('reconciliation.checked'),
            value: hour.checked_at ? (
              <RelativeTime at={hour.checked_at} />
            ) : (
              t('reconciliation.notYet')
            ),
          },
        ]}
      />
      <table className="tabular mt-6 w-full border-collapse text-sm" data-reconciliation>
        <caption className="pb-2 text-start text-ink-soft text-xs">
          {t('reconciliation.caption')}
        </caption>
        <thead>
          <tr className="border-line border-b text-ink-faint text-xs">
            <th scope="col" className="py-1.5 pe-2 text-start font-medium">
              {t('usage.dimensions.model')}
            </th>
            {WHAT.map((what) => (
              <th key={what} scope="col" className="px-2 py-1.5 text-end font-medium">
                {t(`reconciliation.${what}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="border-line border-b font-semibold text-ink">
            <th scope="row" className="py-2 pe-2 text-start">
              {t('reconciliation.allModels')}
            </th>
            {sides(hour.booked, hour.counted)}
          </tr>
          {hour.differences.map((one) => (
            <tr key={one.model} className="border-line/70 border-b last:border-0">
              <th scope="row" className="wrap-anywhere py-2 pe-2 text-start font-medium text-ink">
                {one.model}
              </th>
              {sides(one.booked, one.counted)}
            </tr>
          ))}
        </tbody>
      </table>
      {hour.booked !== null && hour.differences.length === 0 ? (
        <p className="mt-3 text-ink-soft text-sm">{t('reconciliation.noDifference')}</p>
      ) : null}
    </Drawer>
  )
}
