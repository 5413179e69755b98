import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CheckCheck, Hand, Library } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccessRequest } from '@/api/types'
import { useNames } from '@/app/names'
import { money } from '@/format/money'
import { dateOf } from '@/format/time'
import { Button } from '@/ui/button'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import type { VirtualColumn } from '@/ui/virtual-table'
import { requestsQuery } from './queries'
import { ACCESS_STATES, type AccessState, type RequestsView } from './search'
import { STATE_TONES } from './steps'

interface RequestsListProps {
  orgId: string
  view: RequestsView
  state: AccessState | undefined
  openId: string | undefined
  onState: (state: AccessState | undefined) => void
  onOpen: (id: string) => void
}

/** Requests for access: one's own, those to decide, or all that one may know of. */
export function RequestsList({ orgId, view, state, openId, onState, onOpen }: RequestsListProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const names = useNames()
  const list = useInfiniteQuery(requestsQuery(orgId, view, state))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const columns: VirtualColumn<AccessRequest>[] = [
    {
      id: 'model',
      header: t('requests.model'),
      opens: true,
      cell: (one) => (
        <span className="font-medium text-ink">
          {one.model}
          <span className="ms-2 font-normal text-ink-soft text-xs">{one.purpose}</span>
        </span>
      ),
    },
    {
      id: 'who',
      header: t('accessRequests.who'),
      width: 'w-44',
      from: 'md',
      cell: (one) => (
        <span className="block truncate text-ink-soft">{names(one.requester_id)}</span>
      ),
    },
    {
      id: 'project',
      header: t('accessRequests.project'),
      width: 'w-44',
      from: 'xl',
      cell: (one) => <span className="block truncate text-ink-soft">{names(one.project_id)}</span>,
    },
    {
      id: 'cost',
      header: t('accessRequests.cost'),
      width: 'w-32',
      align: 'end',
      from: 'lg',
      cell: (one) => (
        <span className="tabular">
          {one.cost === null ? t('common.none') : money(one.cost, one.currency, language)}
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28 sm:w-36',
      cell: (one) => (
        <Badge tone={STATE_TONES[one.state]} dot>
          {t(`accessRequests.states.${one.state}`)}
        </Badge>
      ),
    },
    {
      id: 'until',
      header: t('accessRequests.until'),
      width: 'w-32',
      from: 'lg',
      cell: (one) => (
        <span className="whitespace-nowrap text-ink-soft">
          {one.state !== 'active'
            ? t('common.none')
            : one.until
              ? dateOf(one.until, language)
              : t('accessRequests.withoutEnd')}
        </span>
      ),
    },
    {
      id: 'asked',
      header: t('accessRequests.askedAt'),
      width: 'w-32',
      from: 'sm',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.created_at} />
        </span>
      ),
    },
  ]
  return (
    <ListCard
      title={t(`accessRequests.tabs.${view}`)}
      actions={
        view === 'to_decide' ? null : (
          <Select
            aria-label={t('keys.state')}
            value={state ?? ''}
            onChange={(event) => onState(ACCESS_STATES.find((one) => one === event.target.value))}
          >
            <option value="">{t('accessRequests.anyState')}</option>
            {ACCESS_STATES.map((one) => (
              <option key={one} value={one}>
                {t(`accessRequests.states.${one}`)}
              </option>
            ))}
          </Select>
        )
      }
      list={list}
      rows={rows}
      columns={columns}
      rowId={(one) => one.id}
      openId={openId}
      onOpen={(one) => onOpen(one.id)}
      empty={
        <Empty
          icon={view === 'to_decide' ? CheckCheck : Hand}
          title={t(`accessRequests.empty.${view}.title`)}
          action={
            view === 'mine' ? (
              <Button asChild tone="primary">
                <Link to="/catalog">
                  <Library aria-hidden />
                  {t('accessRequests.toCatalog')}
                </Link>
              </Button>
            ) : null
          }
        >
          {t(`accessRequests.empty.${view}.text`)}
        </Empty>
      }
    />
  )
}
