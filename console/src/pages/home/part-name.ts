import type { TFunction } from 'i18next'
import type { Part } from '@/api/types'
import { optionalText } from '@/i18n'

/** What people call a part: by its name where that says more than its role, `llm` than `runtime`. */
export function partName(t: TFunction, { name, role }: Pick<Part, 'name' | 'role'>): string {
  return optionalText(t, `parts.${name}`) ?? optionalText(t, `parts.${role}`) ?? name
}
