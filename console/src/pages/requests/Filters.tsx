import { useQuery } from '@tanstack/react-query'
import { Search, SlidersHorizontal, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { modelsQuery } from '@/api/queries'
import { Button } from '@/ui/button'
import { cx } from '@/ui/cx'
import { Input } from '@/ui/field'
import { Select } from '@/ui/select'
import { type CallFilters, FILTERS, filterCount, type RequestsSearch } from './search'

/** Typing settles before control is asked. */
const TYPING_MS = 350

interface FiltersProps {
  value: CallFilters
  onChange: (change: Partial<RequestsSearch>) => void
  organizationId: string | undefined
}

/** Narrows the list; what is set stands in the address, so a link shows others the same. */
export function Filters({ value, onChange, organizationId }: FiltersProps) {
  const { t } = useTranslation()
  const [more, setMore] = useState(false)
  const { data: models } = useQuery(modelsQuery(organizationId))
  const set = filterCount(value)
  const hidden = (['session', 'user', 'key', 'trace', 'slow'] as const).filter(
    (name) => value[name] !== undefined,
  ).length
  return (
    <search className="block space-y-2 border-line border-b px-4 pb-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="relative min-w-48 flex-1">
          <Search
            aria-hidden
            className="pointer-events-none absolute start-3 top-2.5 size-4 text-ink-faint"
          />
          <Written
            name={t('filters.text')}
            value={value.text}
            className="ps-9"
            onChange={(text) => onChange({ text })}
          />
        </span>
        <Select
          aria-label={t('filters.model')}
          className="w-full sm:w-56"
          value={value.model ?? ''}
          onChange={(event) => onChange({ model: event.target.value || undefined })}
        >
          <option value="">{t('filters.anyModel')}</option>
          {value.model && !models?.items.some(({ name }) => name === value.model) ? (
            <option value={value.model}>{value.model}</option>
          ) : null}
          {models?.items.map(({ id, name }) => (
            <option key={id} value={name}>
              {name}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t('filters.outcome')}
          className="w-36"
          value={value.failed === undefined ? '' : String(value.failed)}
          onChange={(event) =>
            onChange({ failed: event.target.value ? event.target.value === 'true' : undefined })
          }
        >
          <option value="">{t('filters.anyOutcome')}</option>
          <option value="true">{t('filters.failed')}</option>
          <option value="false">{t('filters.succeeded')}</option>
        </Select>
        <Button
          icon={<SlidersHorizontal aria-hidden />}
          aria-expanded={more}
          aria-controls="more-filters"
          onClick={() => setMore(!more)}
        >
          {hidden > 0 ? t('filters.moreSet', { count: hidden }) : t('filters.more')}
        </Button>
        {set > 0 ? (
          <Button
            tone="ghost"
            icon={<X aria-hidden />}
            onClick={() => onChange(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
          >
            {t('filters.clear')}
          </Button>
        ) : null}
      </div>
      <div
        id="more-filters"
        className={cx('grid gap-2 sm:grid-cols-3 xl:grid-cols-5', !more && 'hidden')}
      >
        {(['session', 'user', 'key', 'trace'] as const).map((name) => (
          <Written
            key={name}
            name={t(`filters.${name}`)}
            value={value[name]}
            onChange={(next) => onChange({ [name]: next })}
          />
        ))}
        <Written
          name={t('filters.slow')}
          value={value.slow === undefined ? undefined : String(value.slow)}
          onChange={(next) => onChange({ slow: Number(next) > 0 ? Number(next) : undefined })}
        />
      </div>
    </search>
  )
}

interface WrittenProps {
  name: string
  value: string | undefined
  className?: string
  onChange: (value: string | undefined) => void
}

function Written({ name, value = '', className, onChange }: WrittenProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text.trim() || undefined), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <Input
      type="search"
      aria-label={name}
      placeholder={name}
      className={className}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  )
}
