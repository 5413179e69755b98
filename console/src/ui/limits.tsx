/** Limits and budgets: a form for them, and their list in words. */
import { useTranslation } from 'react-i18next'
import type { Limits } from '@/api/types'
import { BUDGETS, COUNTED, type LimitsForm, limitsSet } from '@/format/limits'
import { money } from '@/format/money'
import { count } from '@/format/number'
import { Field, Input } from './field'
import { Select } from './select'

interface LimitsFieldsProps {
  value: LimitsForm
  onChange: (value: LimitsForm) => void
}

const CURRENCIES = ['USD', 'EUR', 'CNY', 'GBP', 'JPY'] as const

/** What may be used; an empty field leaves that dimension unbounded. */
export function LimitsFields({ value, onChange }: LimitsFieldsProps) {
  const { t } = useTranslation()
  const budgeted = BUDGETS.some((name) => value[name])
  const currencies = CURRENCIES.some((one) => one === value.currency)
    ? CURRENCIES
    : [value.currency, ...CURRENCIES]
  return (
    <div className="space-y-3">
      <p className="text-ink-faint text-xs">{t('limits.hint')}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        {COUNTED.map((name) => (
          <Field key={name} label={t(`limits.${name}`)}>
            {(control) => (
              <Input
                {...control}
                type="number"
                inputMode="numeric"
                min={0}
                step={1}
                className="tabular"
                placeholder={t('common.noLimit')}
                value={value[name] ?? ''}
                onChange={(event) => onChange({ ...value, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        {BUDGETS.map((name) => (
          <Field key={name} label={t(`limits.${name}`)}>
            {(control) => (
              <Input
                {...control}
                type="number"
                inputMode="decimal"
                min={0}
                step="any"
                className="tabular"
                placeholder={t('common.noLimit')}
                value={value[name] ?? ''}
                onChange={(event) => onChange({ ...value, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        {budgeted ? (
          <>
            <Field label={t('limits.currency')}>
              {(control) => (
                <Select
                  {...control}
                  value={value.currency}
                  onChange={(event) => onChange({ ...value, currency: event.target.value })}
                >
                  {currencies.map((one) => (
                    <option key={one} value={one}>
                      {one}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label={t('limits.unpriced')}>
              {(control) => (
                <Select
                  {...control}
                  value={value.unpriced}
                  onChange={(event) =>
                    onChange({
                      ...value,
                      unpriced: event.target.value === 'allow' ? 'allow' : 'deny',
                    })
                  }
                >
                  <option value="deny">{t('limits.deny')}</option>
                  <option value="allow">{t('limits.allow')}</option>
                </Select>
              )}
            </Field>
          </>
        ) : null}
      </div>
    </div>
  )
}

/** The limits that are set, or that there are none. */
export function LimitsList({ limits }: { limits: Limits | null }) {
  const { t, i18n } = useTranslation()
  const set = limitsSet(limits)
  if (set.length === 0) return <p className="text-ink-soft text-sm">{t('limits.none')}</p>
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      {set.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-faint">{t(`limits.${name}`)}</dt>
          <dd className="tabular text-ink">
            {name === 'budget_per_day' || name === 'budget_per_month'
              ? money(value, limits?.currency ?? 'USD', i18n.language)
              : count(value, i18n.language)}
          </dd>
        </div>
      ))}
    </dl>
  )
}
