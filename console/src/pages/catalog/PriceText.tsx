import { useTranslation } from 'react-i18next'
import type { Price } from '@/api/types'
import { money } from '@/format/money'
import { pricesOf } from './specification'

/** What a model costs, each kind for itself. */
export function PriceText({ price }: { price: Price | null }) {
  const { t, i18n } = useTranslation()
  if (!price) return <span className="text-ink-soft">{t('catalog.noPrice')}</span>
  const prices = pricesOf(price)
  if (prices.every(([, nanos]) => nanos === 0)) return t('catalog.free')
  return (
    <ul className="tabular">
      {prices.map(([thing, nanos]) => (
        <li key={thing}>
          {t(`catalog.priced.${thing}`, {
            amount: money(nanos, price.currency ?? 'USD', i18n.language),
          })}
        </li>
      ))}
    </ul>
  )
}
