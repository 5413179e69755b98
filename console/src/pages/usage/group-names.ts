import { useTranslation } from 'react-i18next'
import type { CostRow } from '@/api/types'
import { useNames } from '@/app/names'
import { optionalText } from '@/i18n'
import { COLUMNS, type Dimension } from './search'

/** Return the function that names what a row's calls have in common in one dimension. */
export function useGroupNames(): (row: CostRow, dimension: Dimension) => string {
  const { t } = useTranslation()
  const names = useNames()
  return (row, dimension) => {
    const column = COLUMNS[dimension]
    const value = row.group[column]
    if (value === null || value === undefined) return t('usage.unknown')
    const known = row.names[column]
    if (known) return known
    if (dimension === 'operation') return optionalText(t, `operations.${value}`) ?? value
    if (dimension === 'track') return optionalText(t, `usage.tracks.${value}`) ?? value
    return names(value)
  }
}
