import { Plus, X } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Input } from '@/ui/field'
import { Select } from '@/ui/select'
import type { MatcherRow } from './matching'

/** Labels that every alert has, beside its own. */
const USUAL = ['alertname', 'severity', 'source', 'model', 'upstream', 'gateway']
const MOST = 20

interface MatcherRowsProps {
  rows: MatcherRow[]
  onChange: (rows: MatcherRow[]) => void
  hint: string
}

/** Chooses alerts by their labels: all of the rows must hold. */
export function MatcherRows({ rows, onChange, hint }: MatcherRowsProps) {
  const { t } = useTranslation()
  const known = useId()
  const set = (row: number, next: Partial<MatcherRow>) =>
    onChange(rows.map((one) => (one.row === row ? { ...one, ...next } : one)))
  const free = Math.max(-1, ...rows.map(({ row }) => row)) + 1
  return (
    <fieldset className="space-y-2">
      <legend className="font-medium text-ink text-sm">{t('matchers.title')}</legend>
      <p className="text-ink-faint text-xs">{hint}</p>
      <datalist id={known}>
        {USUAL.map((label) => (
          <option key={label} value={label} />
        ))}
      </datalist>
      {rows.map((one, index) => {
        const place = index + 1
        return (
          <div key={one.row} data-matcher={index} className="flex flex-wrap items-center gap-2">
            <Input
              aria-label={t('matchers.label', { place })}
              list={known}
              required
              maxLength={100}
              pattern="[a-zA-Z_][a-zA-Z0-9_]*"
              className="min-w-0 flex-1 basis-28 font-mono"
              value={one.label}
              onChange={(event) => set(one.row, { label: event.target.value })}
            />
            <Select
              aria-label={t('matchers.relation', { place })}
              value={one.negated ? 'not' : 'is'}
              onChange={(event) => set(one.row, { negated: event.target.value === 'not' })}
            >
              <option value="is">{t('matchers.is')}</option>
              <option value="not">{t('matchers.isNot')}</option>
            </Select>
            <div className="flex min-w-0 flex-1 basis-56 items-center gap-2">
              <Input
                aria-label={t('matchers.value', { place })}
                maxLength={500}
                className="min-w-0 flex-1 font-mono"
                value={one.value}
                onChange={(event) => set(one.row, { value: event.target.value })}
              />
              <Button
                tone="ghost"
                size="icon"
                aria-label={t('matchers.drop', { place })}
                icon={<X aria-hidden />}
                onClick={() => onChange(rows.filter(({ row }) => row !== one.row))}
              />
            </div>
          </div>
        )
      })}
      <Button
        size="sm"
        icon={<Plus aria-hidden />}
        disabled={rows.length >= MOST}
        onClick={() => onChange([...rows, { row: free, label: '', value: '', negated: false }])}
      >
        {t('matchers.add')}
      </Button>
    </fieldset>
  )
}
