import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ShieldCheck, Siren } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allEmergenciesQuery, isOpen } from '@/api/oversight'
import type { Emergency } from '@/api/types'
import { useNames } from '@/app/names'
import { ActionButton, Permitted, roleName } from '@/app/permission'
import { useSession } from '@/app/session'
import { AsCode } from '@/ui/as-code'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Page } from '@/ui/page'
import { RelativeTime } from '@/ui/time'
import type { VirtualColumn } from '@/ui/virtual-table'
import { BreakGlassDialog } from './BreakGlassDialog'
import { EmergencyDrawer } from './EmergencyDrawer'
import { Standing } from './Standing'

/** Who acts, or acted, at once and alone; and what somebody else found about it. */
export default function EmergenciesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/app/emergencies' })
  const [asking, setAsking] = useState(false)
  const change = (open: string | undefined) =>
    navigate({
      to: '/emergencies',
      search: (before) => ({ ...before, open }),
      replace: true,
    })
  return (
    <Page
      title={t('pages.emergencies')}
      description={t('emergencies.description')}
      actions={
        <>
          <AsCode
            request={{
              method: 'GET',
              path: '/break-glass',
              sdk: 'break_glass.list_emergencies',
              gives: 'page',
              cli: 'mainspring break-glass list',
            }}
          />
          <ActionButton
            permission="break_glass:open"
            place="platform"
            tone="danger"
            icon={<Siren aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {t('emergencies.open')}
          </ActionButton>
        </>
      }
    >
      <Permitted permission="break_glass:read" place="platform">
        <EmergenciesList openId={search.open} onOpen={change} />
      </Permitted>
      {asking ? <BreakGlassDialog onClose={() => setAsking(false)} /> : null}
    </Page>
  )
}

interface EmergenciesListProps {
  openId: string | undefined
  onOpen: (id: string | undefined) => void
}

function EmergenciesList({ openId, onOpen }: EmergenciesListProps) {
  const { t } = useTranslation()
  const names = useNames()
  const { user } = useSession()
  const list = useInfiniteQuery(allEmergenciesQuery)
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const chosen = rows?.find(({ id }) => id === openId)
  const columns: VirtualColumn<Emergency>[] = [
    {
      id: 'who',
      header: t('emergencies.who'),
      opens: true,
      cell: (one) => (
        <span className="text-ink">
          <span className="font-medium">{names(one.user_id)}</span>
          {one.user_id === user.id ? (
            <span className="ms-1.5 text-ink-faint text-xs">{t('changes.own')}</span>
          ) : null}
          <span className="ms-2 text-ink-soft text-xs">{one.reason}</span>
        </span>
      ),
    },
    {
      id: 'role',
      header: t('emergencies.role'),
      width: 'w-48',
      from: 'lg',
      cell: (one) => <span className="text-ink-soft">{roleName(t, one.role)}</span>,
    },
    {
      id: 'uses',
      header: t('emergencies.uses'),
      width: 'w-28',
      align: 'end',
      from: 'md',
      cell: (one) => <span className="tabular">{one.uses}</span>,
    },
    {
      id: 'standing',
      header: t('keys.state'),
      width: 'w-36 sm:w-44',
      cell: (one) => <Standing emergency={one} />,
    },
    {
      id: 'opened',
      header: t('emergencies.openedAt'),
      width: 'w-32',
      from: 'sm',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.opened_at} />
        </span>
      ),
    },
    {
      id: 'until',
      header: t('emergencies.until'),
      width: 'w-32',
      from: 'lg',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={isOpen(one) ? one.until : (one.ended_at ?? one.until)} />
        </span>
      ),
    },
  ]
  return (
    <>
      <ListCard
        title={t('emergencies.history')}
        list={list}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        openId={openId}
        onOpen={(one) => onOpen(one.id)}
        empty={
          <Empty icon={ShieldCheck} title={t('emergencies.emptyTitle')}>
            {t('emergencies.emptyText')}
          </Empty>
        }
      />
      {chosen ? (
        <EmergencyDrawer key={chosen.id} emergency={chosen} onClose={() => onOpen(undefined)} />
      ) : null}
    </>
  )
}
