import { useInfiniteQuery } from '@tanstack/react-query'
import { Scale } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agreement, Reconciliation } from '@/api/types'
import type { Range } from '@/format/range'
import { clockTime } from '@/format/time'
import { cx } from '@/ui/cx'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import type { VirtualColumn } from '@/ui/virtual-table'
import { reconciliationQuery } from './queries'
import { ReconciliationDrawer } from './ReconciliationDrawer'
import { AGREEMENT_TONES, driftOf, hourId, signed } from './reconciliation'
import { AGREEMENTS } from './search'

interface ReconciliationListProps {
  range: Range
  state: Agreement | undefined
  openId: string | undefined
  onState: (state: Agreement | undefined) => void
  onOpen: (id: string | undefined) => void
}

/** What gateways counted in each hour beside what the ledger has of it. */
export function ReconciliationList({
  range,
  state,
  openId,
  onState,
  onOpen,
}: ReconciliationListProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const list = useInfiniteQuery(reconciliationQuery(range, state))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const open = rows?.find((one) => hourId(one) === openId)
  const exact = (value: number) => new Intl.NumberFormat(language).format(value)
  const figures = (what: 'calls' | 'tokens'): VirtualColumn<Reconciliation>[] => [
    {
      id: `counted-${what}`,
      header: t(`reconciliation.counted.${what}`),
      width: 'w-28',
      align: 'end',
      from: what === 'calls' ? 'sm' : 'lg',
      cell: (one) => <span className="tabular">{exact(one.counted[what])}</span>,
    },
    {
      id: `booked-${what}`,
      header: t(`reconciliation.booked.${what}`),
      width: 'w-36',
      align: 'end',
      from: what === 'calls' ? 'sm' : 'lg',
      cell: (one) => {
        const drift = driftOf(one, what)
        return drift === null || one.booked === null ? (
          <span className="text-ink-faint">{t('common.none')}</span>
        ) : (
          <span className="tabular">
            {drift === 0 ? null : (
              <span
                className={cx('me-2', one.state === 'drifted' ? 'text-bad-ink' : 'text-ink-faint')}
              >
                {signed(drift, language)}
              </span>
            )}
            {exact(one.booked[what])}
          </span>
        )
      },
    },
  ]
  const columns: VirtualColumn<Reconciliation>[] = [
    {
      id: 'hour',
      header: t('reconciliation.hour'),
      width: 'w-48 sm:w-56',
      opens: true,
      cell: (one) => (
        <span className="tabular font-medium text-ink">
          {t('range.between', {
            from: clockTime(one.since, language),
            to: clockTime(one.until, language),
          })}
        </span>
      ),
    },
    {
      id: 'gateway',
      header: t('reconciliation.gateway'),
      from: 'md',
      cell: (one) => (
        <span className="block truncate font-mono text-ink-soft text-xs">{one.gateway_id}</span>
      ),
    },
    ...figures('calls'),
    ...figures('tokens'),
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      cell: (one) => (
        <Badge tone={AGREEMENT_TONES[one.state]} dot>
          {t(`reconciliation.states.${one.state}`)}
        </Badge>
      ),
    },
  ]
  return (
    <>
      <ListCard
        title={t('reconciliation.title')}
        hint={t('reconciliation.hint')}
        actions={
          <Select
            aria-label={t('keys.state')}
            value={state ?? ''}
            onChange={(event) => onState(AGREEMENTS.find((one) => one === event.target.value))}
          >
            <option value="">{t('common.all')}</option>
            {AGREEMENTS.map((one) => (
              <option key={one} value={one}>
                {t(`reconciliation.states.${one}`)}
              </option>
            ))}
          </Select>
        }
        list={list}
        rows={rows}
        columns={columns}
        rowId={hourId}
        openId={openId}
        onOpen={(one) => onOpen(hourId(one))}
        empty={
          <Empty
            icon={Scale}
            title={t(
              state === 'drifted' ? 'reconciliation.noDriftTitle' : 'reconciliation.emptyTitle',
            )}
          >
            {t(state === 'drifted' ? 'reconciliation.noDriftText' : 'reconciliation.emptyText')}
          </Empty>
        }
      />
      {open ? <ReconciliationDrawer hour={open} onClose={() => onOpen(undefined)} /> : null}
    </>
  )
}
