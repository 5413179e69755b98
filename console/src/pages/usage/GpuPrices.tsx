import { useInfiniteQuery } from '@tanstack/react-query'
import { Cpu, Plus } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { GpuPrice } from '@/api/types'
import { EditingOfList } from '@/app/editing'
import { useNames } from '@/app/names'
import { ActionButton } from '@/app/permission'
import { money } from '@/format/money'
import { dateOf } from '@/format/time'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Badge, type Tone } from '@/ui/status'
import { useNow } from '@/ui/time'
import type { VirtualColumn } from '@/ui/virtual-table'
import { GpuPriceDialog } from './GpuPriceDialog'
import { type PriceStanding, standingOf } from './gpu-price-form'
import { gpuPricesQuery } from './queries'

const TONES: Record<PriceStanding, Tone> = { planned: 'accent', holds: 'ok', over: 'idle' }

/** Opens the form of a new price. */
const NEW = 'new'

interface GpuPricesProps {
  openId: string | undefined
  onOpen: (id: string | undefined) => void
}

/** What the GPUs of self-hosted models cost by the hour, from when on and until when. */
export function GpuPrices({ openId, onOpen }: GpuPricesProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const names = useNames()
  const now = Math.max(useNow(30_000), Date.now())
  const list = useInfiniteQuery(gpuPricesQuery)
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const open = rows?.find(({ id }) => id === openId)
  const whose = (one: GpuPrice) =>
    [names(one.upstream_id), one.upstream_model ?? t('gpuPrices.allModels')].join(' · ')
  const columns: VirtualColumn<GpuPrice>[] = [
    {
      id: 'name',
      header: t('gpuPrices.name'),
      opens: true,
      cell: (one) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium text-ink">{one.name}</span>
          <span className="block truncate text-ink-soft text-xs xl:hidden">{whose(one)}</span>
        </span>
      ),
    },
    {
      id: 'whose',
      header: t('gpuPrices.whose'),
      width: 'w-64',
      from: 'xl',
      cell: (one) => <span className="block truncate text-ink-soft">{whose(one)}</span>,
    },
    {
      id: 'gpus',
      header: t('gpuPrices.gpus'),
      width: 'w-20',
      align: 'end',
      from: 'sm',
      cell: (one) => (
        <span className="tabular">{new Intl.NumberFormat(language).format(one.gpus)}</span>
      ),
    },
    {
      id: 'hourly',
      header: t('gpuPrices.hourly'),
      width: 'w-32',
      align: 'end',
      cell: (one) => (
        <span className="tabular">{money(one.hourly_nanos, one.currency, language)}</span>
      ),
    },
    {
      id: 'shared',
      header: t('gpuPrices.sharedBy'),
      width: 'w-40',
      from: '2xl',
      cell: (one) => (
        <span className="text-ink-soft">{t(`gpuPrices.shares.${one.shared_by}`)}</span>
      ),
    },
    {
      id: 'valid',
      header: t('gpuPrices.valid'),
      width: 'w-64',
      from: '2xl',
      cell: (one) => (
        <span className="text-ink-soft">
          {t('range.between', {
            from: dateOf(one.valid_from, language),
            to: one.valid_until ? dateOf(one.valid_until, language) : t('gpuPrices.forGood'),
          })}
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      cell: (one) => {
        const standing = standingOf(one, now)
        return (
          <Badge tone={TONES[standing]} dot>
            {t(`gpuPrices.standings.${standing}`)}
          </Badge>
        )
      },
    },
  ]
  const create = (
    <ActionButton
      permission="gpu_price:write"
      place="platform"
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => onOpen(NEW)}
    >
      {t('gpuPrices.add')}
    </ActionButton>
  )
  return (
    <>
      <ListCard
        title={t('gpuPrices.title')}
        hint={t('gpuPrices.hint')}
        actions={rows && rows.length > 0 ? create : null}
        list={list}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        openId={openId}
        onOpen={(one) => onOpen(one.id)}
        empty={
          <Empty icon={Cpu} title={t('gpuPrices.emptyTitle')} action={create}>
            {t('gpuPrices.emptyText')}
          </Empty>
        }
      />
      {open || openId === NEW ? (
        <EditingOfList
          onAgain={() => {
            onOpen(undefined)
            void list.refetch()
          }}
        >
          <GpuPriceDialog
            key={open?.id ?? NEW}
            price={open ?? null}
            onClose={() => onOpen(undefined)}
          />
        </EditingOfList>
      ) : null}
    </>
  )
}
