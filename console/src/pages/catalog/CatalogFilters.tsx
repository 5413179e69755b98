import { Search } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegistryEntry } from '@/api/types'
import { count } from '@/format/number'
import { optionalText } from '@/i18n'
import { Input } from '@/ui/field'
import { Select } from '@/ui/select'
import { type CatalogSearch, CONTEXTS, TASKS } from './search'

/** Typing is over when nothing was typed for so long. */
const SETTLED_MS = 250

interface CatalogFiltersProps {
  search: CatalogSearch
  /** What is shown now: the licences and abilities that one can choose come from it. */
  entries: RegistryEntry[]
  onChange: (next: Partial<CatalogSearch>) => void
}

/** Narrows the catalogue; what is chosen stands in the address. */
export function CatalogFilters({ search, entries, onChange }: CatalogFiltersProps) {
  const { t, i18n } = useTranslation()
  const [typed, setTyped] = useState(search.q ?? '')
  useEffect(() => {
    if ((search.q ?? '') === typed) return
    const timer = setTimeout(() => onChange({ q: typed || undefined }), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [typed, search.q, onChange])
  const licences = useMemo(
    () => words([search.licence, ...entries.map((entry) => entry.specification.licence)]),
    [entries, search.licence],
  )
  const abilities = useMemo(
    () =>
      words([
        search.capability,
        ...entries.flatMap((entry) => entry.specification.capabilities ?? []),
      ]),
    [entries, search.capability],
  )
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <span className="relative w-full sm:w-72">
        <Search
          aria-hidden
          className="pointer-events-none absolute start-3 top-2.5 size-4 text-ink-faint"
        />
        <Input
          type="search"
          aria-label={t('catalog.search')}
          placeholder={t('catalog.search')}
          className="ps-9"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </span>
      <Select
        aria-label={t('catalog.task')}
        value={search.task ?? ''}
        onChange={(event) => onChange({ task: TASKS.find((one) => one === event.target.value) })}
      >
        <option value="">{t('catalog.anyTask')}</option>
        {TASKS.map((task) => (
          <option key={task} value={task}>
            {t(`tasks.${task}`)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t('catalog.context')}
        value={search.context ?? ''}
        onChange={(event) => onChange({ context: Number(event.target.value) || undefined })}
      >
        <option value="">{t('catalog.anyContext')}</option>
        {CONTEXTS.map((tokens) => (
          <option key={tokens} value={tokens}>
            {t('catalog.atLeast', { tokens: count(tokens, i18n.language) })}
          </option>
        ))}
      </Select>
      {licences.length > 0 ? (
        <Select
          aria-label={t('catalog.licence')}
          value={search.licence ?? ''}
          onChange={(event) => onChange({ licence: event.target.value || undefined })}
        >
          <option value="">{t('catalog.anyLicence')}</option>
          {licences.map((licence) => (
            <option key={licence} value={licence}>
              {licence}
            </option>
          ))}
        </Select>
      ) : null}
      {abilities.length > 0 ? (
        <Select
          aria-label={t('catalog.capability')}
          value={search.capability ?? ''}
          onChange={(event) => onChange({ capability: event.target.value || undefined })}
        >
          <option value="">{t('catalog.anyCapability')}</option>
          {abilities.map((ability) => (
            <option key={ability} value={ability}>
              {optionalText(t, `abilities.${ability}`) ?? ability}
            </option>
          ))}
        </Select>
      ) : null}
      <label className="flex h-9 items-center gap-2.5 text-ink text-sm">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={search.all ?? false}
          onChange={(event) => onChange({ all: event.target.checked || undefined })}
        />
        {t('catalog.withOffline')}
      </label>
    </search>
  )
}

const words = (found: (string | null | undefined)[]) =>
  [...new Set(found.filter((one): one is string => Boolean(one)))].toSorted()
